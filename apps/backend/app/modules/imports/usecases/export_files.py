"""Lines of an export as a file: CSV (RFC 4180) as it is read, or a workbook (ECMA-376) put together on disk.

Memory stays the same however long the batch is: a workbook's rows go to a temporary file as they come.
"""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from xlsxwriter import Workbook

from app.modules.imports.usecases.export_lines import HEADINGS, Cell
from app.modules.imports.usecases.formula_guard import inert_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    Lots = Iterable[Sequence[tuple[Cell, ...]]]

Delimiter = Literal["comma", "semicolon"]

_BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"
_CHUNK: Final = 64 * 1024
_LINES_PER_SHEET: Final = 1_000_000
_LONGEST_CELL: Final = 32_767
"""A cell holds no more (ECMA-376)."""
_DIGITS_OF_A_CELL: Final = 15
"""A cell's number is a double; an amount with more digits is written as text."""
_FIRST_YEAR: Final = 1901
"""Days before have no number that all programs agree on."""


def csv_chunks(lots: Lots, delimiter: Delimiter) -> Iterator[bytes]:
    """The file in pieces. With semicolons decimals have a comma, as spreadsheets that split at semicolons read them."""
    semicolon = delimiter == "semicolon"
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if semicolon else ",", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    yield (_BYTE_ORDER_MARK + text.getvalue()).encode()
    for lot in lots:
        text.seek(0)
        text.truncate()
        writer.writerows([_printed(cell, semicolon=semicolon) for cell in line] for line in lot)
        yield text.getvalue().encode()


def workbook_file(lots: Lots) -> IO[bytes]:
    """A temporary file with the workbook, at its beginning; it is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        _write_workbook(file, lots, folder)
    file.seek(0)
    return file


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; closed at the end, or when nobody reads on."""
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _printed(cell: Cell, *, semicolon: bool) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            plain = f"{cell:f}"
            return plain.replace(".", ",") if semicolon else plain
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case str():
            return inert_text(cell)


def _write_workbook(file: IO[bytes], lots: Lots, folder: str) -> None:
    options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        formats = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet, number = _new_sheet(book), 1
        for lot in lots:
            for line in lot:
                if number > _LINES_PER_SHEET:
                    sheet, number = _new_sheet(book), 1
                for column, cell in enumerate(line):
                    _write_cell(sheet, (number, column), cell, formats)
                number += 1


def _new_sheet(book: Workbook) -> Worksheet:
    sheet = book.add_worksheet(f"items {len(book.worksheets()) + 1}")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, HEADINGS)
    return sheet


def _write_cell(sheet: Worksheet, place: tuple[int, int], cell: Cell, formats: dict[type, Format]) -> None:
    if isinstance(cell, date) and cell.year >= _FIRST_YEAR:
        sheet.write_datetime(*place, cell, formats[date])
    elif isinstance(cell, int) or (isinstance(cell, Decimal) and len(cell.as_tuple().digits) <= _DIGITS_OF_A_CELL):
        sheet.write_number(*place, cell, formats[Decimal] if isinstance(cell, Decimal) else None)
    elif cell is not None:
        text = inert_text(cell) if isinstance(cell, str) else _printed(cell, semicolon=False)
        sheet.write_string(*place, text[:_LONGEST_CELL])
