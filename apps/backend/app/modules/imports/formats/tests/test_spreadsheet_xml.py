from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import pytest

from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.formats.spreadsheet_xml import READER
from app.modules.imports.formats.tests.table_files import read_all, refusal

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def _book(rows: str) -> bytes:
    sheet = f'<Worksheet ss:Name="Hoja"><Table>{rows}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{_SPACE}" xmlns:ss="{_SPACE}">{sheet}</Workbook>'.encode()


def _cell(kind: str, text: str, more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_cells_keep_their_kind_and_numbers_their_shown_value() -> None:
    kinds = [("String", "Ñu <B>x</B>"), ("Number", "0.30000000000000004"), ("Number", "1.5E3"), ("Boolean", "1")]
    row = "".join(_cell(*each) for each in [*kinds, ("DateTime", "2026-02-01T00:00:00.000"), ("Error", "#N/A")])
    (rows,) = read_all(READER, _book(f"<Row>{row}</Row>"), "x.xls")
    day = datetime.fromisoformat("2026-02-01T00:00:00")
    assert rows == [("Ñu x", Decimal("0.3"), Decimal(1500), True, day, "#N/A")]


def test_rows_and_cells_stand_where_their_index_says() -> None:
    cells = _cell("String", "b", 'ss:Index="2"') + _cell("String", "c", 'ss:MergeAcross="1"') + _cell("String", "e")
    (rows,) = read_all(READER, _book(f'<Row ss:Index="3">{cells}</Row><Row/>'), "x.xls")
    assert rows == [(), (), (None, "b", "c", None, "e"), ()]


def test_it_is_known_by_its_root_whatever_its_name() -> None:
    for name in ("x.xls", "x.xml", "x"):
        assert best_reader(probe_file(io.BytesIO(_book("<Row/>")), name)) is READER


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_book('<Row ss:Index="99999999999999999999"/>'), "sheet_too_large"),
        (_book('<Row><Cell ss:Index="4000"/></Row>'), "sheet_too_large"),
        (_book("<Row>" + "<Cell/>" * 1_001 + "</Row>"), "too_many_columns"),
        (f'<Workbook xmlns="{_SPACE}"/>'.encode(), "no_table"),
        (b"<Recipe/>", "no_table"),
    ],
)
def test_what_would_not_fit_is_refused(content: bytes, code: str) -> None:
    assert refusal(READER, content, "x.xls") == code
