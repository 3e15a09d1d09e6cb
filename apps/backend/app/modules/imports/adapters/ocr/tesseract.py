"""Tesseract 5, where the system has it, by the C interface of its library (tesseract/capi.h).

Its program cannot be run: behind the parser wall no process may be started.
"""

from __future__ import annotations

import csv
import ctypes
import weakref
from typing import TYPE_CHECKING, Final

import numpy as np

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.errors import Transient
from app.modules.imports.domain.page import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from app.modules.imports.adapters.photo_utils import Flattening

LANGUAGES: Final = "spa+eng"
_LIBRARIES: Final = ("libtesseract.so.5", "libtesseract.so.4", "libtesseract.5.dylib", "libtesseract.dylib")
_RESOLUTION: Final = 200
"""Dots an inch that pages are drawn at; without it Tesseract guesses, and warns."""
_SURE: Final = 4.0
_WORD: Final = "5"
_PERCENT: Final = 100.0


class TesseractEngine:
    """One page at a time. Not for use by several threads at once."""

    def __init__(self, languages: str = LANGUAGES) -> None:
        """``languages`` as Tesseract names them, joined by ``+``. Raises ``Transient('ocr_engine_missing')`` where the
        library or the data of a language is not installed: the document is not to blame.
        """
        self._library = _loaded()
        self._reader = self._opened(languages)
        self._orientation = self._opened("osd", optional=True)
        self._languages = languages

    @property
    def version(self) -> str:
        return f"tesseract {self._library.TessVersion().decode()} {self._languages}"

    def quarters(self, picture: NDArray[np.uint8]) -> int:
        """Quarters by which the RGB picture has to be turned clockwise; none where the data to tell is missing."""
        if self._orientation is None:
            return 0
        self._show(self._orientation, picture)
        degrees, belief = ctypes.c_int(), ctypes.c_float()
        script, script_belief = ctypes.c_char_p(), ctypes.c_float()
        answers = [ctypes.byref(each) for each in (degrees, belief, script, script_belief)]
        told = self._library.TessBaseAPIDetectOrientationScript(self._orientation, *answers)
        return -degrees.value // 90 % 4 if told and belief.value >= _SURE else 0

    def read(self, picture: NDArray[np.uint8], flattening: Flattening | None = None) -> Sequence[Word]:
        """Words of the RGB picture; with a ``flattening``, of the page laid flat."""
        self._show(self._reader, picture if flattening is None else flattening.picture(picture))
        text = self._library.TessBaseAPIGetTsvText(self._reader, 0)
        try:
            table = ctypes.string_at(text).decode("utf-8", "replace") if text else ""
        finally:
            self._library.TessDeleteText(text)
        return list(read_tsv(table))

    def _opened(self, languages: str, *, optional: bool = False) -> int | None:
        handle: int = self._library.TessBaseAPICreate()
        if self._library.TessBaseAPIInit3(handle, None, languages.encode()) == 0:
            weakref.finalize(self, self._library.TessBaseAPIDelete, handle)
            return handle
        self._library.TessBaseAPIDelete(handle)
        if optional:
            return None
        raise Transient("ocr_engine_missing", f"Tesseract has no data for {languages}")

    def _show(self, handle: int | None, picture: NDArray[np.uint8]) -> None:
        """Tesseract copies the pixels before it returns."""
        pixels = np.ascontiguousarray(picture, np.uint8)
        height, width, channels = pixels.shape
        place = pixels.ctypes.data_as(ctypes.c_void_p)
        self._library.TessBaseAPISetImage(handle, place, width, height, channels, width * channels)
        self._library.TessBaseAPISetSourceResolution(handle, _RESOLUTION)


def is_installed() -> bool:
    """Whether the system has the library."""
    try:
        _loaded()
    except Transient:
        return False
    return True


def _loaded() -> ctypes.CDLL:
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.TessVersion.restype = ctypes.c_char_p
        library.TessBaseAPICreate.restype = ctypes.c_void_p
        library.TessBaseAPIInit3.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p)
        library.TessBaseAPIDelete.argtypes = (ctypes.c_void_p,)
        library.TessBaseAPISetImage.argtypes = (ctypes.c_void_p, ctypes.c_void_p, *(ctypes.c_int,) * 4)
        library.TessBaseAPISetSourceResolution.argtypes = (ctypes.c_void_p, ctypes.c_int)
        library.TessBaseAPIDetectOrientationScript.argtypes = (ctypes.c_void_p,) * 5
        library.TessBaseAPIGetTsvText.argtypes = (ctypes.c_void_p, ctypes.c_int)
        library.TessBaseAPIGetTsvText.restype = ctypes.c_void_p
        library.TessDeleteText.argtypes = (ctypes.c_void_p,)
        return library
    raise Transient("ocr_engine_missing", "Tesseract is not installed")


def read_tsv(table: str) -> Iterator[Word]:
    """Rows of its TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    lines: dict[tuple[str, ...], int] = {}
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row[0] != _WORD or not row[11].strip():
            continue
        left, top, width, height = map(float, row[6:10])
        line = lines.setdefault(tuple(row[2:5]), len(lines))
        confidence = min(max(float(row[10]) / _PERCENT, 0.0), 1.0)
        yield Word(row[11].strip(), Box(left, top, left + width, top + height), confidence, line)
