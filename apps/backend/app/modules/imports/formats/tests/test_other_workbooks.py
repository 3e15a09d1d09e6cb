"""Workbooks that Excel no longer writes by default: BIFF8 (.xls) and OpenDocument (.ods)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.formats.spreadsheet import READER
from app.modules.imports.formats.tests.old_workbook import old_workbook
from app.modules.imports.formats.tests.table_files import read_all, refusal, zipped

ROWS: list[list[object]] = [
    ["Extracto de movimientos"],
    [],
    ["Fecha", "Concepto", "Importe", "Saldo"],
    [date(2026, 1, 5), "Compra café", -12.5, 87.5],
    [date(2026, 1, 31), "Nómina", 1000, 1087.5],
]


def test_an_old_workbook_is_read_with_its_days_and_numbers() -> None:
    (rows,) = read_all(READER, old_workbook(ROWS), "x.xls")
    assert rows[3] == (date(2026, 1, 5), "Compra café", Decimal("-12.5"), Decimal("87.5"))
    assert rows[0][0] == "Extracto de movimientos"


@pytest.mark.parametrize("name", ["movimientos.xls", "movimientos", "movimientos.csv"])
def test_an_old_workbook_is_known_by_its_bytes(name: str) -> None:
    assert best_reader(probe_file(io.BytesIO(old_workbook(ROWS)), name)) is READER


def test_an_old_workbook_that_was_cut_is_refused() -> None:
    assert refusal(READER, old_workbook(ROWS)[:1_000], "x.xls") in {"workbook_broken", "sheet_broken"}


def test_an_opendocument_workbook_keeps_days_numbers_and_percentages() -> None:
    cells = (
        '<table:table-cell office:value-type="date" office:date-value="2026-01-05"><text:p>05/01/26</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>Compra</text:p><text:p>café</text:p></table:table-cell>'
        '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="-12.5"><text:p>-12,50 €</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.21"><text:p>21 %</text:p></table:table-cell>'
    )
    (rows,) = read_all(READER, _opendocument(cells), "x.ods")
    assert rows[0][0] == date(2026, 1, 5)
    assert str(rows[0][1]).split() == ["Compra", "café"]
    assert rows[0][2:] == (Decimal("-12.5"), Decimal("0.21"))


def _opendocument(cells: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = "".join(f' xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))
    sheet = f'<table:table table:name="Hoja"><table:table-row>{cells}</table:table-row></table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    media = b"application/vnd.oasis.opendocument.spreadsheet"
    entry = 'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"'
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}manifest:1.0"><manifest:file-entry {entry}/></manifest:manifest>'
    )
    parts = {
        "mimetype": media,
        "META-INF/manifest.xml": manifest.encode(),
        "content.xml": f"<office:document-content{names}>{body}</office:document-content>".encode(),
    }
    return zipped(parts, zipfile.ZIP_STORED)
