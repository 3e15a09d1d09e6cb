"""Draws lines of text as they look on scans and receipts: the quantiser learns from them what values to expect."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.modules.imports.adapters.ocr.recogniser import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_SEED: Final = 20240229
_SIZES: Final = (14, 18, 22, 28, 34, 44)
_WORDS: Final = """
    Factura Fecha Importe Base imponible Cuota IVA Total a pagar NIF CIF RUC Cliente Dirección Población Teléfono
    Descripción Cantidad Precio unitario Descuento Nº Señores Año Español Servicio Subtotal Efectivo Tarjeta Cambio
    Gracias por su visita Retención Clave de acceso Autorización S.L. S.A. Cía. Ltda. Avda. Calle Plaza piñón café
    Invoice Receipt Amount Cash Change Tax Qty Unit Rounding Rechnung Betrag Straße Übertrag façade
""".split()  # noqa: SIM905 [sixty words are read more easily as prose]


def draw_strips(count: int) -> Iterator[NDArray[np.uint8]]:
    """RGB strips of ``HEIGHT`` pixels, the same ones every time."""
    chance = random.Random(_SEED)  # noqa: S311 # drawn text, not a secret
    noise = np.random.default_rng(_SEED)
    for _ in range(count):
        yield _aged(_drawn(_sentence(chance), chance), chance, noise)


def _sentence(chance: random.Random) -> str:
    parts = [chance.choice([_word, _word, _amount, _date, _code])(chance) for _ in range(chance.randint(1, 7))]
    sentence = " ".join(parts)
    return sentence.upper() if chance.random() < 0.3 else sentence  # noqa: PLR2004 # a third of receipts shout


def _word(chance: random.Random) -> str:
    return chance.choice(_WORDS) + chance.choice(["", "", "", ":", ",", "."])


def _amount(chance: random.Random) -> str:
    unit = chance.choice(["", " €", "%", " $"])
    return f"{chance.randint(0, 9999)}{chance.choice(',.')}{chance.randint(0, 99):02}{unit}"


def _date(chance: random.Random) -> str:
    mark = chance.choice("/-.")
    return f"{chance.randint(1, 31):02}{mark}{chance.randint(1, 12):02}{mark}20{chance.randint(10, 39)}"


def _code(chance: random.Random) -> str:
    return f"{chance.choice('ABCDEFGHJNPQRSUVW')}{chance.randint(0, 99_999_999):08}"


def _drawn(text: str, chance: random.Random) -> NDArray[np.uint8]:
    size = chance.choice(_SIZES)
    paper = chance.randint(200, 255)
    ink = chance.randint(0, 90)
    if chance.random() < 0.25:  # noqa: PLR2004 # a plotter's face now and then; it has no accents
        return _plotted(text, size, paper, ink)
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    margin = size / 4
    canvas = Image.new("L", (int(right - left + 2 * margin) + 1, int(bottom - top + 2 * margin) + 1), paper)
    ImageDraw.Draw(canvas).text((margin - left, margin - top), text, font=font, fill=ink)
    return np.asarray(canvas, dtype=np.uint8)


def _plotted(text: str, size: int, paper: int, ink: int) -> NDArray[np.uint8]:
    plain = text.encode("ascii", "replace").decode("ascii")
    canvas = np.full((size * 2, size * (len(plain) + 1), 1), paper, np.uint8)
    cv2.putText(canvas, plain, (size // 2, int(size * 1.4)), cv2.FONT_HERSHEY_SIMPLEX, size / 30, (ink,), 2)
    inked = np.flatnonzero((canvas < paper).any(axis=(0, 2)))
    return canvas[:, : int(inked.max(initial=size)) + size // 2, 0]


def _aged(page: NDArray[np.uint8], chance: random.Random, noise: np.random.Generator) -> NDArray[np.uint8]:
    """Scaled to a strip, softened, and with the grain of a sensor."""
    length = max(16, round(page.shape[1] * HEIGHT / page.shape[0]))
    strip = cv2.resize(page, (length, HEIGHT), interpolation=chance.choice([cv2.INTER_AREA, cv2.INTER_CUBIC]))
    if chance.random() < 0.5:  # noqa: PLR2004 # every other one
        strip = cv2.GaussianBlur(strip, (0, 0), chance.uniform(0.4, 1.2))
    grain = noise.normal(0, chance.uniform(0, 8), strip.shape)
    grey = np.clip(strip + grain, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)
