"""PDF documents (ISO 32000): pages by their text layer or as pictures, and the files embedded in them.

pdfium is not thread-safe: within one process a document is used by one thread only.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.domain.page import Page
from app.modules.imports.formats.pdf_attachments import read_attachments
from app.modules.imports.formats.pdf_glyphs import read_glyphs, upright_frame
from app.modules.imports.formats.pdf_guard import inspect_pdf
from app.modules.imports.formats.pdf_layer import is_trustworthy, survey
from app.modules.imports.formats.pdf_picture import draw_page
from app.modules.imports.formats.pdf_text import read_words
from app.modules.imports.ports import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from app.modules.imports.ports import Member, Probe

MAX_PAGES: Final = 500
_ENCRYPTED: Final = frozenset({pdfium_raw.FPDF_ERR_PASSWORD, pdfium_raw.FPDF_ERR_SECURITY})

_LONG_SIDE: Final = 2400
_MIN_SCALE: Final = 150 / 72
_MAX_SCALE: Final = 300 / 72
_FINE_SCALE: Final = 400 / 72
"""The bars of an SRI access key 55 mm wide are 0.17 mm thin: 350 dpi and more reads them, 300 does not."""
_MAX_AREA: Final = 12_000_000
_MAX_FINE_AREA: Final = 20_000_000
_MAX_SIDE: Final = 10_000
_A_SCAN: Final = 0.7
"""Of the page covered by pictures: there text that nobody sees is what a scanner read, and honest."""


class PdfPages:
    """The pages of one PDF. Holds the document open until it is closed or dropped."""

    def __init__(self, content: bytes) -> None:
        self._content = content  # pdfium reads from it as long as the document is open
        self._document = _opened(content)
        self.count = len(self._document)
        if self.count == 0:
            self.close()
            raise Unreadable("pdf_no_pages")
        if self.count > MAX_PAGES:
            self.close()
            raise Unsupported("too_many_pages", f"{self.count} pages, at most {MAX_PAGES} are read")
        if self._document.get_formtype() != pdfium_raw.FORMTYPE_NONE:
            self._document.init_forms()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives back what pdfium holds; no page can be asked for afterwards."""
        self._document.close()

    def text_page(self, number: int) -> Page | None:
        """The page by its text layer in points; None when its picture says more than its text."""
        with self._page(number) as page:
            layer = survey(page)
            text = page.get_textpage()
            try:
                frame = upright_frame(page, text)
                words = read_words(read_glyphs(text, frame, layer.hidden), frame)
            finally:
                text.close()
        if not is_trustworthy(words, layer):
            return None
        width, height = frame.size
        notes = ("hidden_text",) if layer.hidden and layer.covered < _A_SCAN else ()
        return Page(number=number, width=width, height=height, words=words, notes=notes)

    def render(self, number: int, *, fine: bool = False) -> NDArray[np.uint8]:
        """The page as RGB, turned so that most of its text stands upright; about 200 dpi, ``fine`` 400."""
        with self._page(number) as page:
            text = page.get_textpage()
            try:
                turn = upright_frame(page, text).quarters * 90 - page.get_rotation()
            finally:
                text.close()
            return draw_page(page, _scale(*page.get_size(), fine=fine), turn % 360)

    def attachments(self) -> Sequence[Member]:
        """The files embedded in the document."""
        return read_attachments(self._content)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        """What stands in form fields becomes part of the page, as it is for whoever looks at it."""
        try:
            page = self._document[number - 1]
            if self._document.formenv and page.flatten() == pdfium_raw.FLATTEN_SUCCESS:
                page.close()
                page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise Unreadable("pdf_unreadable", f"page {number}") from error
        try:
            yield page
        except pdfium.PdfiumError as error:
            raise Unreadable("pdf_unreadable", f"page {number}") from error
        finally:
            page.close()


class PdfReader:
    """Reads PDFs."""

    name = "pdf"
    gives = Pages

    def score(self, probe: Probe) -> int:
        return 90 if probe.media_type == "application/pdf" else 0

    def read(self, file: BinaryIO, probe: Probe) -> Pages:  # noqa: ARG002  (the port's signature)
        """Raises ``Unreadable`` (pdf_unreadable, pdf_no_pages, page_too_dense) and ``Unsupported`` (pdf_encrypted,
        too_many_pages).
        """
        file.seek(0)
        content = file.read()
        return Pages(PdfPages(content), notes=inspect_pdf(content))


READER: Final = PdfReader()


def _opened(content: bytes) -> pdfium.PdfDocument:
    """Loaded by hand: the wrapper takes the error of some earlier document for that of one without pages."""
    document = pdfium_raw.FPDF_LoadMemDocument64(content, len(content), None)
    if document:
        return pdfium.PdfDocument(document)
    if pdfium_raw.FPDF_GetLastError() in _ENCRYPTED:
        raise Unsupported("pdf_encrypted", "a password is needed to open it")
    raise Unreadable("pdf_unreadable")


def _scale(width: float, height: float, *, fine: bool) -> float:
    """Pixels a point: about ``_LONG_SIDE`` pixels, within what OCR reads well, and never a picture that explodes."""
    width, height = max(width, 1.0), max(height, 1.0)
    usual = min(max(_LONG_SIDE / max(width, height), _MIN_SCALE), _MAX_SCALE)
    area = _MAX_FINE_AREA if fine else _MAX_AREA
    return min(_FINE_SCALE if fine else usual, math.sqrt(area / (width * height)), _MAX_SIDE / max(width, height))
