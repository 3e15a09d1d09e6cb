from __future__ import annotations

import io
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.csv_table import READER
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.formats.tests.table_files import read_all, refusal
from app.modules.imports.ports import Probe

ROWS = [("Fecha", "Concepto", "Importe"), ("02/01/2024", "Peñalara", "1,00"), ("03/01/2024", "Güell", "-2,50")]


def _text(delimiter: str, end: str = "\r\n") -> str:
    return "".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) + end for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_found(encoding: str, delimiter: str, end: str) -> None:
    assert read_all(READER, _text(delimiter, end).encode(encoding), "extracto.csv") == [ROWS]


def test_each_line_may_have_its_own_encoding() -> None:
    content = "a;b\nPeñalara;1\n".encode() + "Núñez;2\n".encode("cp1252") + "Güell;3\n".encode("cp850")
    assert [row[0] for row in read_all(READER, content, "x.csv")[0]] == ["a", "Peñalara", "Núñez", "Güell"]


def test_a_delimiter_declared_in_the_first_line_is_no_row() -> None:
    assert read_all(READER, b"sep=|\na|b;c\n1|2;3\n", "x.csv") == [[("a", "b;c"), ("1", "2;3")]]


def test_decimal_commas_do_not_pass_for_delimiters() -> None:
    assert read_all(READER, b"a;b\n1,00;2,00\n3,00;4,00\n", "x.csv")[0][1] == ("1,00", "2,00")


def test_decimal_commas_in_most_lines_do_not_win_over_a_delimiter_in_all() -> None:
    content = b"a;b;c\nx;y;1,00\n\nx;2,00\ny;3,00\n"
    assert read_all(READER, content, "x.csv")[0][1] == ("x", "y", "1,00")


def test_commas_between_digits_separate_where_nothing_else_does() -> None:
    assert read_all(READER, b"1,2,3\n4,5,6\n", "x.csv") == [[("1", "2", "3"), ("4", "5", "6")]]


@pytest.mark.parametrize("ending", ["", '6;"z;7\n', '6;"z";7\n'])
def test_a_quote_that_is_only_a_character_swallows_no_rows(ending: str) -> None:
    content = '1;"a;2\n2;b;3\n3;"c;4\n4;d;5\n5;"x ""y"" z";6\n' + ending
    rows = read_all(READER, content.encode(), "x.csv")[0]
    assert [row[0] for row in rows] == list("123456"[: len(rows)])
    assert rows[0] == ("1", '"a', "2")
    assert rows[4] == ("5", 'x "y" z', "6")


def test_a_quote_that_is_never_closed_is_a_character_where_its_line_is_a_row() -> None:
    content = b'a;b;c\n1;"x;3\n' + b"4;5;6\n" * 50_000
    rows = read_all(READER, content, "x.csv")[0]
    assert (len(rows), rows[1], rows[2]) == (50_002, ("1", '"x', "3"), ("4", "5", "6"))


def test_a_quoted_cell_may_have_lines_of_its_own() -> None:
    content = b'a;b;c\n1;"two\nlines; and more";3\n4;5;6\n'
    assert read_all(READER, content, "x.csv")[0][1] == ("1", "two\nlines; and more", "3")
    assert read_all(READER, b'a;b\n1;"x\ny;z"\n3;4\n', "x.csv")[0][1] == ("1", "x\ny;z")


def test_many_stray_quotes_are_read_in_one_pass() -> None:
    content = b'1;"x;3\n' * 20_000
    assert len(read_all(READER, content, "x.csv")[0]) == 20_000


def test_a_table_of_dos_is_read_in_its_code_page() -> None:
    content = "Descripción;b\nNómina año;1\nSeñal;2\n"
    assert [row[0] for row in read_all(READER, content.encode("cp850"), "x.csv")[0]] == [
        "Descripción",
        "Nómina año",
        "Señal",
    ]
    late = b"a;b\n" * 20_000 + "Nómina año;1\n".encode("cp850")
    assert read_all(READER, late, "x.csv")[0][-1] == ("Nómina año", "1")


def test_a_preamble_of_other_width_does_not_hide_the_delimiter() -> None:
    content = b"Banco, sucursal 3\nCuenta: 123\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n"
    assert read_all(READER, content, "x.csv")[0][3:5] == [("a", "b", "c"), ("1", "2", "3")]


def test_rows_can_be_read_again_and_empty_cells_are_none() -> None:
    file = io.BytesIO(b"a;b\n;2\n")
    table = READER.read(file, probe_file(file, "x.csv")).tables[0]
    assert list(table.rows()) == list(table.rows()) == [("a", "b"), (None, "2")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b\n" + b"x" * 1_100_000, "line_too_long"),
        ("a;b\n".encode("utf-16") + ("x" * 1_100_000).encode("utf-16-le"), "line_too_long"),
        (b";".join(b"c%d" % i for i in range(2_000)) + b"\n" + b";" * 1_999 + b"\n", "too_many_columns"),
        (b'a;b;c\n1;2;"never closed; 3\n' + b"4;5;6\n" * 300, "unclosed_quote"),
        (b'a;b;c\n1;2;"never\rclosed; 3\n' + b"4;5;6\n" * 300, "unclosed_quote"),
        (b"a;b\n" * 300 + b'1;"' + b"x" * 140_000 + b'"\n', "bad_csv"),
        (b"a;b\n" * 30_000 + b"\0;1\n", "nul_bytes"),
        ("a;b\n1;2\n".encode("utf-16") + b"\0\xd8\0", "bad_encoding"),
        (b"\n \n", "empty_file"),
        (b"only words\nand more words\n", "no_table"),
    ],
)
def test_what_is_no_table_within_the_limits_is_unreadable_by_code(content: bytes, code: str) -> None:
    assert refusal(READER, content, "x.csv") == code


@given(st.binary(min_size=1, max_size=2_000))
def test_garbage_is_rows_or_unreadable_and_nothing_else(content: bytes) -> None:
    probe = Probe(name="x.csv", size=len(content), head=content, media_type="text/plain")
    with suppress(Unreadable, Unsupported):
        for table in READER.read(io.BytesIO(content), probe).tables:
            assert all(isinstance(row, tuple) for row in table.rows())


def test_a_long_file_is_read_in_bounded_memory() -> None:
    file = io.BytesIO(b"01/02/2024;Compra;-12,50;1.000,00\n" * 200_000)
    table = READER.read(file, probe_file(file, "x.csv")).tables[0]
    tracemalloc.start()
    assert sum(1 for _ in table.rows()) == 200_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_prose_scores_below_any_table_and_other_media_nothing() -> None:
    def score(content: bytes, name: str) -> int:
        return READER.score(probe_file(io.BytesIO(content), name))

    assert score(b"Dear sir,\nthank you.\nYours\n", "letter.txt") < score(_text(";").encode(), "data.txt")
    assert score(_text(";").encode(), "data.txt") < score(_text(";").encode(), "data.csv")
    assert score(b"<a/>", "x.csv") == 0
    assert score(b'{"a": [1, 2]}', "x.csv") == 0
