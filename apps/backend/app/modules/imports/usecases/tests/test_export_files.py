"""An export is read back by other programs: any text survives, amounts are numbers, days are days, nothing runs."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.modules.imports.usecases.export_files import chunks_of, csv_chunks, workbook_file
from app.modules.imports.usecases.export_lines import HEADINGS, Cell
from app.modules.imports.usecases.formula_guard import inert_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.usecases.export_files import Delimiter

STORED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"))
"""Text as the database holds it, without the two code points that are no characters (XML has them escaped only)."""
FORMULA = st.sampled_from(["=", "+", "-", "@", "\t", "\r", " =", "＝", "\ufeff="]).flatmap(
    lambda start: STORED.map(lambda rest: start + rest)
)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)


def line(*cells: Cell) -> tuple[Cell, ...]:
    return cells + (None,) * (len(HEADINGS) - len(cells))


def read_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def read_workbook(*lines: tuple[Cell, ...], sheet: int = 0) -> list[list[Any]]:
    data = b"".join(chunks_of(workbook_file([lines])))
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python()


@pytest.mark.parametrize(("delimiter", "character"), [("comma", ","), ("semicolon", ";")])
@given(texts=st.lists(STORED | FORMULA, min_size=1, max_size=3), amount=AMOUNTS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_survives_csv_and_none_of_it_is_a_formula(
    delimiter: Delimiter, character: str, texts: list[str], amount: Decimal
) -> None:
    data = b"".join(csv_chunks([[line(amount, *texts)]], delimiter))
    heading, read = read_csv(data, character)
    assert data.startswith(b"\xef\xbb\xbf")
    assert (heading, len(read)) == (list(HEADINGS), len(HEADINGS))
    assert Decimal(read[0].replace(",", ".")) == amount
    for text, cell in zip(texts, read[1:], strict=False):
        assert cell == inert_text(text)
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@given(text=STORED | FORMULA, amount=AMOUNTS)
@example(text="_x0041_ & <b> ]]> \x07\x1f", amount=Decimal("-5.00"))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_survives_a_workbook_and_amounts_are_numbers(text: str, amount: Decimal) -> None:
    _, read = read_workbook(line(amount, f"x{text}x", text))
    assert isinstance(read[0], float | int)
    assert Decimal(str(read[0])) == amount
    assert [read[1], read[2]] == [f"x{text}x".replace("\r\n", "\n"), inert_text(text).replace("\r\n", "\n")]
    assert not str(read[2]).lstrip().startswith(("=", "+", "-", "@"))


def test_days_amounts_and_codes_keep_their_kind() -> None:
    _, read = read_workbook(line(7, date(2026, 2, 3), "0012345", Decimal("-1210.50"), date(1850, 1, 1), "=1+1", None))
    assert read[:6] == [7, date(2026, 2, 3), "0012345", -1210.5, "1850-01-01", "'=1+1"]


def test_an_amount_that_no_cell_holds_exactly_is_written_as_text() -> None:
    _, read = read_workbook(line(Decimal("-1234567890123456.78")))
    assert read[0] == "-1234567890123456.78"


def test_a_line_is_quoted_as_rfc_4180_has_it() -> None:
    data = b"".join(csv_chunks([[line('say "hi", then\r\ngo', Decimal("-5.00"), date(2026, 2, 3))]], "comma"))
    assert data.decode("utf-8-sig").split("\r\n", 1)[1].startswith('"say ""hi"", then\r\ngo",-5.00,2026-02-03,')
    assert data.endswith(b",\r\n")


def test_with_semicolons_decimals_have_a_comma() -> None:
    data = b"".join(csv_chunks([[line(Decimal("-1210.50"), "a;b")]], "semicolon"))
    assert data.decode("utf-8-sig").splitlines()[1].startswith('-1210,50;"a;b";')


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_batch(kind: str) -> None:
    def peak(lots: int) -> int:
        tracemalloc.start()
        content = csv_chunks(_many(lots), "comma") if kind == "csv" else chunks_of(workbook_file(_many(lots)))
        size = sum(len(chunk) for chunk in content)
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 0
        return reached

    assert peak(12) < peak(3) + 300_000


def _many(lots: int) -> Iterator[list[tuple[Cell, ...]]]:
    for lot in range(lots):
        yield [line(f"Suministros {lot}-{n}", Decimal("12.10"), date(2026, 2, 3)) for n in range(200)]
