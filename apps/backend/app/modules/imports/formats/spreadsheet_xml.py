"""Workbooks in one XML file: SpreadsheetML 2003 (XML Spreadsheet Reference), which Excel opens under the name .xls."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Context, Decimal
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.printed_values import one_line
from app.modules.imports.formats.xml import find, find_all, local_name, read_xml
from app.modules.imports.ports import Table, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.formats.xml import Element
    from app.modules.imports.ports import Probe

_SPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_ATTRIBUTE: Final = f"{{{_SPACE}}}"
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,25})?(?:[eE][+-]?[0-9]{1,2})?")
_EXACT: Final = Context(prec=15)
"""Excel shows no more significant digits; what follows is noise of binary arithmetic."""
_MOST_COLUMNS: Final = 1_000
_MOST_ROWS: Final = 1_048_576


class _SpreadsheetXml:
    name = "spreadsheet_xml"
    gives = Tables

    def score(self, probe: Probe) -> int:
        return 100 if probe.xml_root == (_SPACE, "Workbook") else 0

    def read(self, file: BinaryIO, probe: Probe) -> Tables:  # noqa: ARG002  (the port's signature)
        """Every worksheet that has a table."""
        root = read_xml(file).root
        if local_name(root) != "Workbook":
            raise Unreadable("no_table", "no Workbook in the file")
        sheets = [
            (sheet, table) for sheet in find_all(root, "Worksheet") if (table := find(sheet, "Table")) is not None
        ]
        if not sheets:
            raise Unreadable("no_table", "no Worksheet with a Table")
        return Tables(tables=tuple(_table(sheet, table) for sheet, table in sheets))


READER = _SpreadsheetXml()


def _table(sheet: Element, table: Element) -> Table:
    return Table(name=sheet.get(_ATTRIBUTE + "Name") or "", rows=lambda: _rows(table))


def _rows(table: Element) -> Iterator[tuple[object, ...]]:
    """Rows at their own place: an index says how many empty ones were left out."""
    number = 0
    for row in find_all(table, "Row"):
        place = _index(row, number + 1, _MOST_ROWS)
        for _ in range(place - number - 1):
            yield ()
        number = place
        yield _cells(row)


def _cells(row: Element) -> tuple[object, ...]:
    cells: list[object] = []
    for cell in find_all(row, "Cell"):
        cells += [None] * (_index(cell, len(cells) + 1, _MOST_COLUMNS) - len(cells) - 1)
        cells += [_value(find(cell, "Data")), *[None] * (_stated(cell, "MergeAcross", _MOST_COLUMNS) or 0)]
        if len(cells) > _MOST_COLUMNS:
            raise Unreadable("too_many_columns", f"more than {_MOST_COLUMNS}")
    return tuple(cells)


def _index(element: Element, following: int, most: int) -> int:
    """Where the element says that it stands; never before what follows on its own."""
    return max(_stated(element, "Index", most) or following, following)


def _stated(element: Element, name: str, most: int) -> int | None:
    stated = element.get(_ATTRIBUTE + name) or ""
    if not (stated.isdecimal() and stated.isascii()):
        return None
    if len(stated) > len(str(most)) or int(stated) > most:
        raise Unreadable("sheet_too_large", f"{name} is {stated[:20]}")
    return int(stated)


def _value(data: Element | None) -> object:
    """Numbers, days and text; rich text is in children."""
    text = one_line(str(data.xpath("string()"))) if data is not None else None
    if data is None or text is None:
        return None
    match data.get(_ATTRIBUTE + "Type"):
        case "Number":
            return Decimal(f"{_EXACT.create_decimal(text).normalize():f}") if _NUMBER.fullmatch(text) else text
        case "DateTime":
            return _moment(text)
        case "Boolean":
            return text == "1"
        case _:
            return text


def _moment(text: str) -> object:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
