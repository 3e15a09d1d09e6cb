"""QIF."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.qif import READER
from app.modules.imports.formats.tests.statement_samples import read, score, statement_of


def _file(*records: str) -> bytes:
    return ("!Type:Bank\n" + "".join(f"{record}\n^\n" for record in records)).encode()


@pytest.mark.parametrize(
    ("printed", "days"),
    [
        (["13/02/2024", "1/3/2024"], [date(2024, 2, 13), date(2024, 3, 1)]),
        (["02/13/2024", "1/3/2024"], [date(2024, 2, 13), date(2024, 1, 3)]),
        (["12/31'99", "1/ 2' 4"], [date(1999, 12, 31), date(2004, 1, 2)]),
        (["2024-02-01", "2024-03-02"], [date(2024, 2, 1), date(2024, 3, 2)]),
        (["5.5.24"], [date(2024, 5, 5)]),
    ],
)
def test_one_date_settles_the_order_of_all(printed: list[str], days: list[date]) -> None:
    (document,) = read(READER, _file(*(f"D{day}\nT1" for day in printed)))

    assert [e.booking_date for e in statement_of(document).entries] == days
    assert document.findings == ()


def test_an_order_that_nothing_settles_is_day_first_and_said_to_be_unsure() -> None:
    (document,) = read(READER, _file("D01/02/2024\nT1"))

    assert statement_of(document).entries[0].booking_date == date(2024, 2, 1)
    assert document.findings == ("ambiguous_date",)


def test_a_day_that_is_none_is_found() -> None:
    (document,) = read(READER, _file("D31/12/2024\nT1", "D31/31/2024\nT1"))
    assert document.findings == ("bad_date",)


def test_lists_that_are_no_accounts_are_left_out() -> None:
    (document,) = read(READER, b"!Type:Cat\nNFood\nDEating\nE\n^\n" + _file("D31/12/2024\nU1,234\nPA\nMB\nN5\n$9\nSX"))

    entry = statement_of(document).entries[0]
    assert (entry.amount, entry.description, entry.document_number) == (Decimal(1234), "A B", "5")


def test_notes_before_the_first_header_are_passed_over() -> None:
    content = b"# exported by hand\r\n#\r\n\r\n" + _file("D31/12/2024\nT-1.50")

    assert score(READER, content) > 0
    assert [e.amount for e in statement_of(read(READER, content)[0]).entries] == [Decimal("-1.50")]


def test_a_file_of_lists_only_is_not_handled() -> None:
    with pytest.raises(Unsupported):
        read(READER, b"!Type:Cat\nNFood\n^\n")


def test_an_amount_that_is_none_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(READER, _file("D31/12/2024\nTabc"))


def test_it_knows_its_files_and_no_others() -> None:
    assert score(READER, _file()) > 90
    assert score(READER, b"Date,Amount\n!Type:Bank") == 0
