"""Draws lines of text as they look on scans and receipts: the quantiser learns from them what values to expect."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.adapters.ocr.recogniser import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_SEED: Final = 20240229
_SIZES: Final = (14, 18, 22, 28, 34, 44)
_FACES: Final = ("sans", "italic", "uni")
_WEIGHTS: Final = (300, 400, 600, 800)
_WORDS: Final = """
    Factura Fecha Importe Base imponible Cuota IVA Total a pagar NIF CIF RUC Cliente Dirección Población Teléfono
    Descripción Cantidad Precio unitario Descuento Nº Señores Año Español Servicio Subtotal Efectivo Tarjeta Cambio
    Gracias por su visita Retención Clave de acceso Autorización S.L. S.A. Cía. Ltda. Avda. Calle Plaza piñón café
    Invoice Receipt Amount Cash Change Tax Qty Unit Rounding Rechnung Betrag Straße Übertrag façade
""".split()  # noqa: SIM905  (sixty words are read more easily as prose)


def draw_strips(count: int) -> Iterator[NDArray[np.uint8]]:
    """RGB strips of ``HEIGHT`` pixels, the same ones every time."""
    chance = random.Random(_SEED)  # noqa: S311  (drawn text, not a secret)
    noise = np.random.default_rng(_SEED)
    for _ in range(count):
        yield _aged(_drawn(_sentence(chance), chance), chance, noise)


def _sentence(chance: random.Random) -> str:
    parts = [chance.choice([_word, _word, _amount, _date, _code])(chance) for _ in range(chance.randint(1, 7))]
    sentence = " ".join(parts)
    return sentence.upper() if chance.random() < 0.3 else sentence  # noqa: PLR2004  (a third of receipts shout)


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
    """Dark on light, cut to the ink and a margin. The faces that come with OpenCV know every accent."""
    size, paper, ink = chance.choice(_SIZES), chance.randint(200, 255), chance.randint(0, 90)
    face, weight = cv2.FontFace(chance.choice(_FACES)), chance.choice(_WEIGHTS)
    canvas = np.full((2 * size, size * (len(text) + 1), 3), paper, np.uint8)
    cv2.putText(canvas, text, (size // 2, round(1.4 * size)), (ink, ink, ink), face, size, weight)
    down, across = np.nonzero(canvas[:, :, 0] < paper - 10)
    margin = size // 5
    top, left = max(int(down.min()) - margin, 0), max(int(across.min()) - margin, 0)
    return canvas[top : int(down.max()) + margin, left : int(across.max()) + margin, 0]


def _aged(page: NDArray[np.uint8], chance: random.Random, noise: np.random.Generator) -> NDArray[np.uint8]:
    """Scaled to a strip, softened, and with the grain of a sensor."""
    length = max(16, round(page.shape[1] * HEIGHT / page.shape[0]))
    strip = cv2.resize(page, (length, HEIGHT), interpolation=chance.choice([cv2.INTER_AREA, cv2.INTER_CUBIC]))
    if chance.random() < 0.5:  # noqa: PLR2004  (every other one)
        strip = cv2.GaussianBlur(strip, (0, 0), chance.uniform(0.4, 1.2))
    grain = noise.normal(0, chance.uniform(0, 8), strip.shape)
    grey = np.clip(strip + grain, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)
