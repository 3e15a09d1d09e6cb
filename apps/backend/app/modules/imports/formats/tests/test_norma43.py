"""Norma 43."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.norma43 import READER
from app.modules.imports.formats.tests.statement_samples import SAMPLES, read, score, statement_of

_HEAD = "11" + "99910042" + "0000123451" + "240101" + "240131" + "2" + "00000000010000" + "978" + "3" + "TALLERES, S.A."
_END_OF_FILE = "88" + "9" * 18


def _movement(*, day: str = "240105", mark: str = "1", cents: int = 2500, value: str = "240106") -> str:
    return f"22    0042{day}{value}02001{mark}{cents:014}{'0' * 22}"


def _end(debits: tuple[int, int], credits_: tuple[int, int], closing: int, mark: str = "2") -> str:
    sums = f"{debits[0]:05}{debits[1]:014}{credits_[0]:05}{credits_[1]:014}"
    return f"33999100420000123451{sums}{mark}{closing:014}978"


def _file(*lines: str, count: int | None = None) -> bytes:
    last = f"{_END_OF_FILE}{len(lines) if count is None else count:06}"
    return "\r\n".join(line.ljust(80) for line in (*lines, last)).encode("latin-1")


def test_a_debit_is_negative_and_a_credit_positive() -> None:
    lines = (_HEAD, _movement(), _movement(mark="2", cents=100), _end((1, 2500), (1, 100), 7600))
    (document,) = read(READER, _file(*lines))

    assert [e.amount for e in statement_of(document).entries] == [Decimal("-25.00"), Decimal("1.00")]
    assert statement_of(document).closing_balance == Decimal("76.00")
    assert (document.findings, document.country, document.currency) == ((), "ES", "EUR")


def test_both_dates_are_kept() -> None:
    (document,) = read(READER, _file(_HEAD, _movement(), _end((1, 2500), (0, 0), 7500)))

    entry = statement_of(document).entries[0]
    assert (entry.booking_date, entry.value_date) == (date(2024, 1, 5), date(2024, 1, 6))


@pytest.mark.parametrize("difference", [-1, 0, 1])
def test_the_count_of_the_file_may_or_may_not_include_its_own_record(difference: int) -> None:
    lines = (_HEAD, _movement(), _end((1, 2500), (0, 0), 7500))
    assert read(READER, _file(*lines, count=len(lines) + difference))[0].findings == ()


@pytest.mark.parametrize(
    "end",
    [
        _end((2, 2500), (0, 0), 7500),
        _end((1, 2501), (0, 0), 7500),
        _end((1, 2500), (1, 0), 7500),
        _end((1, 2500), (0, 1), 7500),
        _end((1, 2500), (0, 0), 7501),
        _end((1, 2500), (0, 0), 7500, mark="1"),
    ],
)
def test_counts_and_sums_that_do_not_hold_are_found(end: str) -> None:
    assert read(READER, _file(_HEAD, _movement(), end))[0].findings == ("balance_mismatch",)


def test_a_record_of_zeros_that_fills_an_account_without_movements_is_none() -> None:
    (document,) = read(READER, _file(_HEAD, f"22    {'0' * 58}", _end((0, 0), (0, 0), 10000)))

    assert statement_of(document).entries == ()
    assert document.findings == ()


def test_a_movement_of_zero_is_kept_and_may_be_counted_or_not() -> None:
    for count in (1, 2):
        end = _end((count, 2500), (0, 0), 7500)
        (document,) = read(READER, _file(_HEAD, _movement(), _movement(cents=0), end))
        assert [str(e.amount) for e in statement_of(document).entries] == ["-25.00", "0.00"]
        assert document.findings == ()


def test_what_is_missing_at_the_end_is_found() -> None:
    """A whole account states its own end; without record 88 nothing says whether it was the last one."""
    whole = (_HEAD, _movement(), _end((1, 2500), (0, 0), 7500))

    assert read(READER, _file(*whole, count=9))[0].findings == ("truncated_statement",)
    assert read(READER, _file(*whole).rpartition(b"\r\n")[0])[0].findings == ("final_record_missing",)
    assert read(READER, _file(*whole[:2]))[0].findings == ("truncated_statement",)


def test_a_file_cut_within_a_movement_loses_only_that_movement() -> None:
    cut = _file(_HEAD, _movement(), _movement())[: 82 * 2 + 30]
    (document,) = read(READER, cut)

    assert len(statement_of(document).entries) == 1
    assert document.findings == ("truncated_statement",)


def test_a_cut_end_of_account_states_no_balance() -> None:
    (document,) = read(READER, "\n".join([_HEAD, _movement(), _end((1, 2500), (0, 0), 7500)[:65]]).encode())

    assert statement_of(document).closing_balance is None
    assert document.findings == ("truncated_statement",)


def test_an_impossible_date_is_found_and_the_movement_kept() -> None:
    (document,) = read(READER, _file(_HEAD, _movement(day="249945"), _end((1, 2500), (0, 0), 7500)))

    assert statement_of(document).entries[0].booking_date is None
    assert document.findings == ("bad_date",)


def test_a_date_of_zeros_is_just_not_stated() -> None:
    (document,) = read(READER, _file(_HEAD, _movement(value="000000"), _end((1, 2500), (0, 0), 7500)))

    assert statement_of(document).entries[0].value_date is None
    assert document.findings == ()


@pytest.mark.parametrize(
    "lines", [(_movement(), _HEAD), (_HEAD, _movement(mark="7")), (_HEAD, _movement().replace("2500", "25x0"), _HEAD)]
)
def test_records_that_cannot_be_right_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable):
        read(READER, _file(*lines))


def test_code_page_line_ends_and_blanks_change_nothing() -> None:
    latin, dos, utf8 = (
        read(READER, (SAMPLES / "norma43" / name).read_bytes())
        for name in ("two-accounts-latin-1.n43", "no-line-ends-dos.n43", "stripped-blanks-utf-8.n43")
    )

    assert latin[0].statement == dos[0].statement
    assert latin[1].statement == utf8[0].statement


def test_a_long_run_of_records_takes_linear_time_and_counts_begin_anew_after_99_999() -> None:
    count = 100_003
    run = _movement(cents=1).ljust(80) * count
    content = (_HEAD.ljust(80) + run + _end((3, count), (0, 0), count - 10000, mark="1").ljust(80)).encode()
    (document,) = read(READER, content + (_END_OF_FILE + "100005").encode())

    assert len(statement_of(document).entries) == count
    assert document.findings == ()


def test_it_knows_its_files_and_no_others() -> None:
    assert score(READER, _file(_HEAD, _movement())) > 90
    assert score(READER, ("\ufeff" + _HEAD + "\n" + _movement()).encode()) > 90
    assert score(READER, b"11;2024-01-01;Pago;-25,00\n22;2024-01-02;Cobro;3,00") == 0
    assert score(READER, b"%PDF-1.7\n") == 0
