"""Pictures of paper: a receipt photographed by hand, and an invoice from a scanner."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from sources.amounts import amounts
from sources.companies import CAFETERIA
from sources.paper import FONTS, comma

_PAPER: Final = (620, 980)
_SCAN_DPI: Final = 220
_SPECKS: Final = 0.00012
_DARK: Final = 150
_INK, _PAPER_WHITE, _TABLE = 38, 246, (92, 74, 58)
_CORNERS: Final = ((96, 70), (742, 112), (716, 1106), (66, 1072))
"""Where the corners of the paper are on the photograph: top left, top right, bottom right, bottom left."""
_PHOTO: Final = (820, 1180)


def photographed_receipt() -> bytes:
    """A café's simplified invoice on a table: slight perspective, uneven light, noise of the sensor."""
    photo = _laid_on_table(_receipt())
    light = np.linspace(1.04, 0.86, _PHOTO[0])[None, :, None] * np.linspace(1.0, 0.93, _PHOTO[1])[:, None, None]
    noise = np.random.default_rng(2026).normal(0, 4.0, (_PHOTO[1], _PHOTO[0], 1))
    lit = np.clip(np.asarray(photo, dtype=np.float64) * light + noise, 0, 255).astype(np.uint8)
    written = io.BytesIO()
    Image.fromarray(lit).filter(ImageFilter.GaussianBlur(0.5)).save(written, "JPEG", quality=82)
    return written.getvalue()


def _receipt() -> Image.Image:
    money = amounts(
        [
            ("", "Menú del día", "3", "12.9091", "10"),
            ("", "Café cortado", "3", "1.3636", "10"),
            ("", "Agua mineral", "2", "1.5909", "10"),
        ]
    )
    [row] = money.rows
    paper = Image.new("L", _PAPER, _PAPER_WHITE)
    draw = ImageDraw.Draw(paper)
    top = _centred(draw, 40, (CAFETERIA.name, f"NIF: {CAFETERIA.tax_id}", CAFETERIA.street, "39002 Santander"))
    top = _centred(draw, top + 24, ("FACTURA SIMPLIFICADA", "Nº T2-004187", "14/02/2026   14:52")) + 30
    for quantity, text, price in (
        ("3", "Menú del día", "42,60"),
        ("3", "Café cortado", "4,50"),
        ("2", "Agua mineral", "3,50"),
    ):
        top = _entry(draw, top, f"{quantity}  {text}", price)
    draw.line((40, top + 6, _PAPER[0] - 40, top + 6), fill=_INK, width=2)
    top = _entry(draw, top + 26, "Base imponible 10%", comma(row.base))
    top = _entry(draw, top, "IVA 10%", comma(row.amount))
    top = _entry(draw, top + 12, "TOTAL EUR", comma(money.gross), size=34)
    top = _entry(draw, top + 12, "Tarjeta", comma(money.gross))
    _centred(draw, top + 30, ("IVA incluido", "Gracias por su visita"))
    return paper


def _centred(draw: ImageDraw.ImageDraw, top: int, lines: tuple[str, ...]) -> int:
    for line in lines:
        draw.text((_PAPER[0] // 2, top), line, _INK, font=_font(26), anchor="ma")
        top += 38
    return top


def _entry(draw: ImageDraw.ImageDraw, top: int, text: str, amount: str, size: int = 26) -> int:
    draw.text((40, top), text, _INK, font=_font(size))
    draw.text((_PAPER[0] - 40, top), amount, _INK, font=_font(size), anchor="ra")
    return top + size + 16


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "Vera.ttf"), size)


def _laid_on_table(paper: Image.Image) -> Image.Image:
    coefficients = _perspective(_CORNERS, paper.size)
    seen = paper.transform(_PHOTO, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    whole = Image.new("L", paper.size, 255).transform(_PHOTO, Image.Transform.PERSPECTIVE, coefficients)
    photo = Image.new("RGB", _PHOTO, _TABLE)
    photo.paste(Image.merge("RGB", (seen, seen, seen)), mask=whole)
    return photo


def _perspective(corners: tuple[tuple[int, int], ...], size: tuple[int, int]) -> tuple[float, ...]:
    """The eight coefficients that take a place of the photograph to its place on the paper."""
    width, height = size
    on_paper = ((0, 0), (width, 0), (width, height), (0, height))
    equations, values = [], []
    for (x, y), (u, v) in zip(corners, on_paper, strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(equations, float), np.array(values, float)))


def scanned(pdf: bytes) -> bytes:
    """The first page as an office scanner gives it: black and white TIFF, a little askew, with specks."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=_SCAN_DPI / 72, grayscale=True).to_pil()
    askew = page.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=255)
    specks = np.random.default_rng(7).random((askew.height, askew.width)) < _SPECKS
    black = (np.asarray(askew) > _DARK) & ~specks
    written = io.BytesIO()
    Image.fromarray(black).save(written, "TIFF", compression="group4", dpi=(_SCAN_DPI, _SCAN_DPI))
    return written.getvalue()
