"""Spreadsheets: XLSX (ECMA-376), XLS (MS-XLS) and ODS (OpenDocument), one table a sheet."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.sheet_guard import check_package
from app.modules.imports.ports import Table, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.modules.imports.ports import Probe

_PACKAGES: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_OLD: Final = "application/vnd.ms-excel"
_OLE: Final = "application/x-ole-storage"
_ZIP: Final = "application/zip"
_MAIN_PARTS: Final = frozenset({"xl/workbook.xml", "xl/workbook.bin"})
_ENDINGS: Final = (".xlsx", ".xlsm", ".xls", ".xlt", ".ods")
_MOST_COLUMNS: Final = 1_024
_EXACT_DIGITS: Final = 15
"""A spreadsheet shows no more significant digits than a double keeps; what follows is noise of binary arithmetic."""
_LEAST_INEXACT: Final = 10.0**_EXACT_DIGITS


class _Spreadsheet:
    name = "spreadsheet"
    gives = Tables

    def score(self, probe: Probe) -> int:
        if probe.media_type in _PACKAGES or _MAIN_PARTS & set(probe.members):
            return 95
        if probe.media_type == _OLD:
            return 95
        # An archive with the name of a workbook is a workbook that has lost its parts, and is told so.
        return 70 if probe.media_type in (_OLE, _ZIP) and probe.name.lower().endswith(_ENDINGS) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Tables:
        """Every worksheet that holds a cell, hidden ones too: nothing that was sent is left out unseen."""
        file.seek(0)
        longest = check_package(file) if probe.head.startswith(b"PK") else None
        try:
            workbook = CalamineWorkbook.from_filelike(file)
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        except PasswordError as error:
            raise Unsupported("workbook_encrypted", "upload it without a password") from error
        except (CalamineError, OSError, ValueError) as error:
            raise Unreadable("workbook_broken") from error
        sheets = _Sheets(workbook)
        height = longest if len(names) == 1 else None
        return Tables(tables=tuple(Table(name=name, rows=partial(sheets.rows, name), height=height) for name in names))


class _Sheets:
    """Keeps the sheet that was laid out last, all of it in memory: laying it out costs more than walking through it."""

    def __init__(self, workbook: CalamineWorkbook) -> None:
        self._workbook = workbook
        self._last: tuple[str, CalamineSheet] | None = None

    def rows(self, name: str) -> Iterator[tuple[object, ...]]:
        for row in self._sheet(name).iter_rows():
            yield tuple([value or None if type(value) is str else _CELL_OF[type(value)](value) for value in row])

    def _sheet(self, name: str) -> CalamineSheet:
        if self._last is None or self._last[0] != name:
            self._last = None
            self._last = (name, self._laid_out(name))
        return self._last[1]

    def _laid_out(self, name: str) -> CalamineSheet:
        try:
            sheet = self._workbook.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError) as error:
            raise Unreadable("sheet_broken") from error
        if sheet.total_width > _MOST_COLUMNS:
            raise Unreadable("too_many_columns", f"more than {_MOST_COLUMNS}")
        return sheet


def _exact(value: float) -> object:
    """The shortest decimal that is this number, without the noise of binary arithmetic."""
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < _LEAST_INEXACT:
        return Decimal(int(value))
    text = repr(value)
    number = Decimal(text)
    if len(text) <= _EXACT_DIGITS or len(number.as_tuple().digits) <= _EXACT_DIGITS:
        return number
    return Decimal(format(value, f".{_EXACT_DIGITS}g"))


def _as_it_is(value: object) -> object:
    return value


_CELL_OF: Final[dict[type, Callable[[Any], object]]] = {
    float: _exact,
    int: Decimal,
    **dict.fromkeys((date, datetime, bool), _as_it_is),
    **dict.fromkeys((time, timedelta), str),
}
"""By what the library gives, text apart."""

READER = _Spreadsheet()
