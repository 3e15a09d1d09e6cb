"""Tables of an HTML page (https://html.spec.whatwg.org/#tables), handed out by many banks as .xls."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from lxml import etree

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.code_page import decode_text
from app.modules.imports.formats.printed_values import decimal_value, one_line
from app.modules.imports.ports import Table, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.formats.xml import Element
    from app.modules.imports.ports import Probe

_MAX_BYTES: Final = 32 * 1024 * 1024
_MAX_TAGS: Final = 1_000_000
_MOST_COLUMNS: Final = 1_000
_MOST_ROWS_SPANNED: Final = 10_000
_SPREADSHEETS: Final = (".xls", ".xlsx", ".xlsm", ".xlt", ".csv")
_TABLE: Final = re.compile(r"<table[\s>]", re.IGNORECASE)
_ROW: Final = re.compile(r"<tr[\s>]", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w\-]+)", re.IGNORECASE)
_HEAD: Final = 4_096
_READ_AS_WINDOWS: Final = frozenset(
    {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "l1", "ascii", "us-ascii"}
)
"""Labels that every browser reads as windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels)."""
_PIECES: Final = etree.XPath(".//text() | .//br | .//p | .//div")
"""Text, and what begins a line of its own."""
_NUMBER: Final = "x:num"
"""Where Excel keeps the number of a cell that it shows rounded."""
_FEWEST: Final = 2
"""Rows and columns below which a table only holds a page in shape."""


class _HtmlTable:
    name = "html_table"
    gives = Tables

    def score(self, probe: Probe) -> int:
        text = probe.text or ""
        if probe.media_type != "text/html" or not _TABLE.search(text) or not _ROW.search(text):
            return 0
        return 90 if probe.name.lower().endswith(_SPREADSHEETS) else 30

    def read(self, file: BinaryIO, probe: Probe) -> Tables:
        """Every table that holds cells side by side; those that others are laid out in are passed over."""
        root = _parse(file)
        found = [table for table in root.iter("table") if _holds_data(table)]
        if not found:
            raise Unreadable("no_table", "no table of the page has two rows and two columns")
        return Tables(tables=tuple(_table(table, at, probe.name) for at, table in enumerate(found, start=1)))


READER = _HtmlTable()


def _parse(file: BinaryIO) -> Element:
    file.seek(0)
    data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES or data.count(b"<") > _MAX_TAGS:
        raise Unreadable("sheet_too_large", f"over {_MAX_BYTES} bytes or {_MAX_TAGS} tags")
    text = decode_text(data, declared=_declared(data[:_HEAD]))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise Unreadable("no_table", "the page cannot be read") from error
    if root is None:
        raise Unreadable("no_table", "the page is empty")
    return root


def _declared(head: bytes) -> str | None:
    found = _CHARSET.search(head)
    label = found.group(1).decode("ascii").lower() if found else None
    return "windows-1252" if label in _READ_AS_WINDOWS else label


def _holds_data(table: Element) -> bool:
    rows = [sum(1 for _ in _cells(row)) for row in _rows(table)]
    return any(above >= _FEWEST and below >= _FEWEST for above, below in pairwise(rows))


def _table(table: Element, at: int, file_name: str) -> Table:
    caption = one_line(str(table.xpath("string(./caption)")))
    return Table(name=caption or f"{file_name} {at}", rows=lambda: _filled(table))


def _filled(table: Element) -> Iterator[tuple[object, ...]]:
    """Rows as they look: a cell over several columns or rows stands in the first, the others are empty."""
    spanned: dict[int, int] = {}
    for row in _rows(table):
        cells: list[object] = []
        for cell in _cells(row):
            _skip(cells, spanned)
            wide, down = _span(cell, "colspan", _MOST_COLUMNS), _span(cell, "rowspan", _MOST_ROWS_SPANNED)
            spanned |= dict.fromkeys(range(len(cells), len(cells) + wide), down - 1)
            cells += [_value(cell), *[None] * (wide - 1)]
            if len(cells) > _MOST_COLUMNS:
                raise Unreadable("too_many_columns", f"more than {_MOST_COLUMNS}")
        _skip(cells, spanned)
        yield tuple(cells)


def _skip(cells: list[object], spanned: dict[int, int]) -> None:
    while spanned.get(len(cells), 0) > 0:
        spanned[len(cells)] -= 1
        cells.append(None)


def _rows(table: Element) -> Iterator[Element]:
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _cells(row: Element) -> Iterator[Element]:
    return row.iterchildren("td", "th")


def _span(cell: Element, name: str, most: int) -> int:
    stated = (cell.get(name) or "").strip()
    return min(max(int(stated), 1), most) if stated.isascii() and stated.isdigit() else 1


def _value(cell: Element) -> object:
    number = decimal_value((cell.get(_NUMBER) or "").strip())
    if number is not None:
        return number
    pieces = cast("list[object]", _PIECES(cell))
    return one_line("".join(piece if isinstance(piece, str) else " " for piece in pieces))
