"""Looks through a spreadsheet's XML for what would not fit into memory, before the spreadsheet library opens it.

The library lays a sheet out as a full rectangle, so that two far cells alone can ask for billions
(ECMA-376 §18.3.1.4 for cell references; OpenDocument 1.3 §19.675 and §19.678 for repeated cells and rows).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.zip_guard import GuardedZip, ZipLimits

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_LIMITS: Final = ZipLimits(entries=2_000, total=600 * 1024 * 1024, ratio=250)
_MOST_CELLS: Final = 20_000_000
_MOST_COLUMNS: Final = 1_024
"""All that LibreOffice up to 7.3 has: of a row that is formatted as a whole it writes every cell."""
_LONGEST_TAG: Final = 1024 * 1024
_MARKUP: Final = (".xml", ".rels", ".vml")
_FORBIDDEN: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ATTRIBUTES: Final = rb"""(?:\s*[^\s=<>"'/]+=(?:"[^"<]*"|'[^'<]*'))*?\s*"""
"""Of a tag, up to one that is looked for: what stands in a value is none, and readers miss no space between them."""
_PLACE: Final = rb"0*([0-9]{1,9})(?![0-9])"
_NAMED_CELL: Final = re.compile(rb"<(?:\w+:)?c\s" + _ATTRIBUTES + rb"r=[\"']([A-Za-z]{1,3})" + _PLACE)
_ANY_CELL: Final = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(?:(row)(?:\s" + _ATTRIBUTES + rb"r=[\"']" + _PLACE + rb")?|c[\s/>])")
_USUAL_COLUMN: Final = re.compile(rb'<c r="([A-Za-z]{1,3})[0-9]')
_USUAL_ROW: Final = re.compile(rb'<c r="[A-Za-z]{1,3}' + _PLACE)
_PREFIX: Final = re.compile(rb"(<\w+:)c[ />]")
_OPEN_TAG: Final = re.compile(rb"""<(?:\w+:)?table-(row|cell)((?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*)?)>""")
_REPEATED: Final = re.compile(rb"number-(?:columns|rows)-repeated=[\"']0*([0-9]{1,9})")
_SPACES: Final = bytes.maketrans(b"\t\r\n", b"   ")


def check_package(file: BinaryIO) -> int:
    """How many rows the longest sheet has. Raises Unreadable (``archive_bomb``, ``sheet_too_large``,
    ``xml_forbidden_construct`` …) or Unsupported.
    """
    longest = 0
    package = GuardedZip(file, _LIMITS)
    for entry in package.entries:
        if entry.filename.endswith("xl/workbook.bin"):
            raise Unsupported("xlsb", "save the workbook as .xlsx")
        extent = _OpenDocumentExtent() if entry.filename == "content.xml" else _SheetExtent()
        for window in _windows(package, entry):
            if entry.filename.endswith(_MARKUP) and _FORBIDDEN.search(window):
                raise Unreadable("xml_forbidden_construct", "a document type declaration in a spreadsheet")
            extent.grow(_with_usual_spaces(window))
        longest = max(longest, extent.rows)
    file.seek(0)
    return longest


def _windows(package: GuardedZip, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end between tags, so that no tag is cut in two."""
    rest = b""
    for chunk in package.chunks(entry):
        piece = rest + chunk
        cut = piece.rfind(b"<")
        rest = piece[cut:] if cut >= 0 else b""
        if len(rest) > _LONGEST_TAG:
            if entry.filename.endswith(_MARKUP):
                raise Unreadable("sheet_too_large", "one tag is longer than a tag can be")
            rest = b""
        yield piece[: len(piece) - len(rest)]
    yield rest


class _Extent:
    """How far the cells reach."""

    def __init__(self) -> None:
        self._row = 0
        self._column = 0
        self._columns = 0
        self.rows = 0

    def _reach(self, row: int, column: int) -> None:
        self.rows = max(self.rows, row)
        self._columns = max(self._columns, column)
        if self._columns * self.rows > _MOST_CELLS or self._columns > _MOST_COLUMNS:
            raise Unreadable("sheet_too_large", f"more than {_MOST_COLUMNS} columns or {_MOST_CELLS} cells")


class _SheetExtent(_Extent):
    """A window that holds cells as most programs write them is counted as a whole, any other cell by cell."""

    def grow(self, window: bytes) -> None:
        window, is_plain = _without_prefix(window)
        columns = _USUAL_COLUMN.findall(window)
        if columns and is_plain and window.count(b"<c") == len(columns):
            self._reach(0, max(map(_column_number, set(columns))))
            self._reach(max(map(int, set(_USUAL_ROW.findall(window)))), 0)
        elif columns or not is_plain or b":row" in window or b" r=" in window:
            self._grow_by_cell(window)
        else:
            self._grow_by_row(window)

    def _grow_by_row(self, window: bytes) -> None:
        """Neither rows nor cells say where they stand: each is where the one before it ends."""
        counts = [row.count(b"<c ") + row.count(b"<c>") + row.count(b"<c/") for row in window.split(b"<row")]
        if not any(counts):
            return
        counts[0] += self._column
        last = max(place for place, count in enumerate(counts) if count)
        self._reach(self._row + last, max(counts))
        self._row, self._column = self._row + len(counts) - 1, counts[-1]

    def _grow_by_cell(self, window: bytes) -> None:
        named = _NAMED_CELL.findall(window)
        for letters in {column for column, _ in named}:
            self._reach(0, _column_number(letters))
        if named:
            self._reach(max(int(row) for _, row in named), 0)
        if len(_ANY_CELL.findall(window)) > len(named):
            self._grow_by_order(window)

    def _grow_by_order(self, window: bytes) -> None:
        """Cells without a reference stand where the one before them ends."""
        for found in _ROW_OR_CELL.finditer(window):
            if found[1]:
                self._row = int(found[2]) if found[2] else self._row + 1
                self._column = 0
            else:
                self._column += 1
                self._reach(self._row, self._column)


class _OpenDocumentExtent(_Extent):
    def grow(self, window: bytes) -> None:
        for kind, attributes in _OPEN_TAG.findall(window):
            repeated = _REPEATED.search(attributes) if b"-repeated" in attributes else None
            times = int(repeated[1]) if repeated else 1
            if kind == b"row":
                self._row += times
                self._column = 0
            else:
                self._column += times
                if (self._row > self.rows or self._column > self._columns) and b"value-type" in attributes:
                    self._reach(self._row, self._column)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _with_usual_spaces(window: bytes) -> bytes:
    """Blanks for white space of any kind, none between an attribute and its value (XML 1.0 §2.3, ``S`` and ``Eq``)."""
    window = window.translate(_SPACES)
    if b" =" not in window and b"= " not in window:
        return window
    return b"=".join(piece.strip(b" ") for piece in window.split(b"="))


def _without_prefix(window: bytes) -> tuple[bytes, bool]:
    """The tags without the prefix that some programs write before each, and whether none has another."""
    found = _PREFIX.search(window) if b":c" in window else None
    if found is None:
        return window, True
    bare = window.replace(found[1], b"<")
    return bare, _PREFIX.search(bare) is None
