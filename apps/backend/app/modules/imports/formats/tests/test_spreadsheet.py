from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats import zip_archive
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.formats.spreadsheet import READER, _exact
from app.modules.imports.formats.tests.table_files import SHEET, read_all, refusal, workbook, zipped
from app.modules.imports.ports import Probe


def _saved(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_cells_keep_their_kind_and_numbers_their_printed_value() -> None:
    moment = datetime.combine(date(2024, 1, 2), time(10, 30))
    row = ["Ñandú", 0.1 + 0.2, 1234567.89, 7, True, date(2024, 1, 2), moment, None]
    (rows,) = read_all(READER, _saved(row, ["x"] * 8), "x.xlsx")
    numbers = (Decimal("0.3"), Decimal("1234567.89"), Decimal(7))
    assert rows[0] == ("Ñandú", *numbers, True, date(2024, 1, 2), moment, None)


@settings(max_examples=30)
@given(st.lists(st.integers(min_value=-(10**12), max_value=10**12), min_size=1, max_size=20))
def test_every_amount_in_cents_comes_out_exactly(cents: list[int]) -> None:
    cells = "".join(f'<c r="A{i}"><v>{Decimal(c) / 100}</v></c>' for i, c in enumerate(cents, 1))
    rows = "".join(f'<row r="{i}">{cell}</c></row>' for i, cell in enumerate(cells.split("</c>")[:-1], 1))
    (read,) = read_all(READER, workbook(rows), "x.xlsx")
    assert [row[0] for row in read] == [Decimal(c) / 100 for c in cents]


@given(st.floats() | st.integers(-(10**17), 10**17).map(float) | st.decimals(-(10**9), 10**9, places=4).map(float))
def test_a_number_has_at_most_the_digits_that_a_sheet_shows(number: float) -> None:
    read = _exact(number)
    if isinstance(read, str):
        assert read == str(number)
        return
    assert isinstance(read, Decimal)
    shown = Decimal(repr(number))
    assert read == (shown if len(shown.normalize().as_tuple().digits) <= 15 else Decimal(f"{number:.15g}"))


def test_every_sheet_is_a_table_with_rows_at_their_own_place() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["B3"] = "aquí"
    book.create_sheet("Otra")["A1"] = 1
    target = io.BytesIO()
    book.save(target)
    first, second = read_all(READER, target.getvalue(), "x.xlsx")
    assert "aquí" in first[2]
    assert second == [(Decimal(1),)]


def test_a_workbook_outscores_the_zip_that_it_is() -> None:
    probe = probe_file(io.BytesIO(_saved(["a"])), "x.zip")
    assert READER.score(probe) > zip_archive.READER.score(probe) == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (
            workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
            "sheet_too_large",
        ),
        (
            workbook("<row r='1'><c r='A1'><v>1</v></c></row><row r='900000'><c r='CV900000'><v>2</v></c></row>"),
            "sheet_too_large",
        ),
        (workbook('<row r="1048576">' + "<c><v>1</v></c>" * 30 + "</row>"), "sheet_too_large"),
        (workbook("<row>" + "<c/>" * 2_000 + "</row>"), "sheet_too_large"),
        (workbook("", prolog='<!DOCTYPE x [<!ENTITY e "y">]>'), "xml_forbidden_construct"),
        (workbook("<row/>" * 1_000_000), "archive_bomb"),
        (workbook("", more={"xl/workbook.bin": b"x"}), "xlsb"),
        (_saved(["a"])[:-200], "archive_broken"),
        (zipped({"nota.txt": b"no workbook"}), "workbook_broken"),
        (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<nothing"}), "workbook_broken"),
    ],
)
def test_what_would_not_fit_or_is_broken_is_refused_before_it_is_opened(content: bytes, code: str) -> None:
    assert refusal(READER, content, "x.xlsx") == code


def test_repeated_cells_of_opendocument_are_counted() -> None:
    row = (
        b'<table:table-row table:number-rows-repeated="1000000">'
        b'<table:table-cell table:number-columns-repeated="900" office:value-type="float" office:value="1"/></table:table-row>'
    )
    media = b"application/vnd.oasis.opendocument.spreadsheet"
    content = zipped({"mimetype": media, "content.xml": row}, zipfile.ZIP_STORED)
    assert refusal(READER, content, "x.ods") == "sheet_too_large"


def test_trailing_formatted_rows_that_are_empty_do_not_count() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(f'<row r="{i}" ht="15"/>' for i in range(2, 2_000))
    assert read_all(READER, workbook(rows), "x.xlsx") == [[(Decimal(1),)]]


@settings(max_examples=60)
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_gives_rows_or_a_refusal_and_nothing_else(at: int, damage: bytes) -> None:
    whole = bytearray(_WORKBOOK)
    at %= len(whole)
    whole[at : at + len(damage)] = damage
    content = bytes(whole)
    probe = Probe(name="x.xlsx", size=len(content), head=content, media_type="application/zip", members=(SHEET,))
    with suppress(Unreadable, Unsupported):
        for table in READER.read(io.BytesIO(content), probe).tables:
            list(table.rows())


_WORKBOOK = workbook('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>')
