from __future__ import annotations

import io
from decimal import Decimal

import pytest

from app.modules.imports.formats.html_table import READER
from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.formats.tests.table_files import read_all, refusal


def _page(*rows: str) -> bytes:
    return f"<html><body><table>{''.join(rows)}</table></body></html>".encode()


TWO = "<tr><td>Fecha<td>Importe</tr><tr><td>01/02/2026<td>1,00</tr>"


def test_cells_are_the_text_that_is_seen() -> None:
    rows = "<tr><td> Fecha\n de valor </td><td><b>Im</b>porte&nbsp;&euro;</td></tr><tr><td>a<br>b<p>c</p></td><td></td></tr>"
    assert read_all(READER, _page(rows), "x.xls") == [[("Fecha de valor", "Importe €"), ("a b c", None)]]


def test_the_number_that_excel_kept_wins_over_the_one_it_shows() -> None:
    rows = '<tr><td>a<td>b</tr><tr><td>x<td x:num="-1234.5678">-1.234,57</tr>'
    assert read_all(READER, _page(rows), "x.xls")[0][1] == ("x", Decimal("-1234.5678"))


def test_a_cell_over_several_columns_or_rows_keeps_the_others_at_their_place() -> None:
    rows = (
        "<thead><tr><th colspan=2>Cuenta<th>1</tr></thead>"
        "<tr><td rowspan=2>d<td>x<td>1</tr><tr><td>y<td>2</tr><tr><td>e<td>z<td rowspan=9>3</tr>"
    )
    (read,) = read_all(READER, _page(rows), "x.xls")
    assert read == [("Cuenta", None, "1"), ("d", "x", "1"), (None, "y", "2"), ("e", "z", "3")]


def test_tables_that_only_lay_out_the_page_are_passed_over() -> None:
    page = _page("<tr><td>Logo</td></tr><tr><td>", f"<table><caption>Movimientos</caption>{TWO}</table>", "</td></tr>")
    file = io.BytesIO(page)
    (table,) = READER.read(file, probe_file(file, "x.xls")).tables
    assert table.name == "Movimientos"
    assert len(list(table.rows())) == len(list(table.rows())) == 2


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'<meta charset="iso-8859-15">' + "Nómina €".encode("iso-8859-15"), "Nómina €"),
        ("Nómina €".encode("cp1252"), "Nómina €"),
        (b'<meta charset="iso-8859-1">' + "Nómina €".encode("cp1252"), "Nómina €"),
        (b'<meta charset="windows-1252">' + "Nómina €".encode(), "Nómina €"),
    ],
)
def test_the_code_page_is_the_declared_one_unless_the_bytes_are_utf_8(content: bytes, text: str) -> None:
    meta, _, words = content.rpartition(b">")
    page = (
        b"<html>"
        + (meta + b">" if meta else b"")
        + b"<table><tr><td>"
        + words
        + b"<td>1</tr><tr><td>x<td>2</tr></table>"
    )
    assert read_all(READER, page, "x.xls")[0][0] == (text, "1")


def test_a_page_with_the_name_of_a_workbook_is_a_table_and_one_with_its_own_name_hardly() -> None:
    page = io.BytesIO(_page(TWO))
    assert best_reader(probe_file(page, "Movimientos.xls")) is READER
    assert READER.score(probe_file(page, "factura.html")) < 50
    assert READER.score(probe_file(io.BytesIO(b"<html><p>x</p></html>"), "x.xls")) == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>one</td></tr></table></html>", "no_table"),
        (b"<html><table>" + b"<tr><td>" * 500_001, "sheet_too_large"),
        (_page("<tr>" + "<td colspan=999>" * 2 + "</tr>", TWO), "too_many_columns"),
    ],
)
def test_what_is_no_table_or_too_large_is_refused(content: bytes, code: str) -> None:
    assert refusal(READER, content, "x.xls") == code


def test_characters_that_no_page_may_hold_do_no_harm() -> None:
    assert read_all(READER, _page("<tr><td>a\x01<br>\x02b<td>&#0;c</tr>", TWO), "x.xls")
