"""MT940 and MT942."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.mt940 import READER
from app.modules.imports.formats.tests.statement_samples import read, score, statement_of


def _file(*movements: str, opening: str = "C240101EUR0,", closing: str = "C240131EUR0,") -> bytes:
    return "\r\n".join([":20:A", ":25:1/2", f":60F:{opening}", *movements, f":62F:{closing}", "-"]).encode()


@pytest.mark.parametrize(
    ("mark", "amount"), [("C", 7), ("D", -7), ("RC", -7), ("RD", 7), ("CR", 7), ("DR", -7), ("EC", 7), ("ED", -7)]
)
def test_the_mark_gives_the_sign_and_a_reversal_turns_it(mark: str, amount: int) -> None:
    (document,) = read(
        READER, _file(f":61:2401020102{mark}7,NTRFREF", closing=f"{'C' if amount > 0 else 'D'}240131EUR7,")
    )

    assert statement_of(document).entries[0].amount == Decimal(amount)
    assert document.findings == ()


@pytest.mark.parametrize(
    ("dates", "booked", "valued"),
    [
        ("2312310102", date(2024, 1, 2), date(2023, 12, 31)),
        ("2401021231", date(2023, 12, 31), date(2024, 1, 2)),
        ("2402290229", date(2024, 2, 29), date(2024, 2, 29)),
        ("2302300230", date(2023, 2, 28), date(2023, 2, 28)),
        ("240102", None, date(2024, 1, 2)),
        ("9912311231", date(1999, 12, 31), date(1999, 12, 31)),
    ],
)
def test_the_entry_date_lies_in_the_year_nearest_to_the_value_date(dates: str, booked: date, valued: date) -> None:
    entry = statement_of(read(READER, _file(f":61:{dates}C0,NTRFREF"))[0]).entries[0]
    assert (entry.booking_date, entry.value_date) == (booked, valued)


@pytest.mark.parametrize(
    ("line", "reference", "bank_reference"),
    [
        ("240102C0,NTRFABC//XYZ", "ABC", "XYZ"),
        ("240102C0,N192NONREF", "NONREF", None),
        ("240102C0,00S940 A B ", "A B", None),
        ("240102C0.00//XYZ", None, "XYZ"),
    ],
)
def test_references_stand_behind_the_type(line: str, reference: str | None, bank_reference: str | None) -> None:
    entry = statement_of(read(READER, _file(f":61:{line}"))[0]).entries[0]
    assert (entry.reference, entry.reference2) == (reference, bank_reference)


@pytest.mark.parametrize(
    ("account", "iban"),
    [
        ("ES9121000418450200051332", "ES9121000418450200051332"),
        ("ES9121000418450200051332EUR", "ES9121000418450200051332"),
        ("ES9221000418450200051332 EUR", "ES9221000418450200051332"),
        ("CAIXESBBXXX/ES9121000418450200051332", "ES9121000418450200051332"),
        ("ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332"),
        ("2100/0200051332", None),
    ],
)
def test_an_iban_is_found_in_the_account(account: str, iban: str | None) -> None:
    content = _file().replace(b"1/2", account.encode())
    assert statement_of(read(READER, content)[0]).account_iban == iban


def test_a_text_after_the_closing_balance_is_of_no_movement() -> None:
    content = _file(":61:240102C0,NTRFX").replace(b"\r\n-", b"\r\n:86:SUMMARY\r\n-")
    assert statement_of(read(READER, content)[0]).entries[0].description is None


def test_messages_follow_each_other_with_or_without_envelopes() -> None:
    enveloped = b"{1:F01X}{2:O940X}{4:\r\n" + _file() + b"}{5:}\r\n"
    assert len(read(READER, enveloped + _file() + b"\r\n" + _file().rstrip(b"-"))) == 3


def test_a_new_opening_balance_after_the_closing_one_begins_a_statement() -> None:
    first, second = read(READER, _file().replace(b"-", b":60F:C240201EUR5,\r\n:62F:C240228EUR5,\r\n-"))
    assert (statement_of(first).opening_balance, statement_of(second).opening_balance) == (Decimal(0), Decimal(5))


def test_line_ends_of_fints_are_line_ends() -> None:
    (document,) = read(READER, _file(":61:240102C0,NTRFX").replace(b"\r\n", b"@@"))
    assert len(statement_of(document).entries) == 1


def test_a_statement_that_never_closes_is_cut() -> None:
    whole = _file(":61:240102C0,NTRFX")
    assert read(READER, whole.partition(b":62F")[0])[0].findings == ("truncated_statement",)
    assert read(READER, whole.partition(b"C240131")[0] + b"C24")[0].findings == ("truncated_statement",)
    assert read(READER, b":20:A\n:25:1\n:34F:EUR0,\n:61:240102C1,NTRFX\n:90C:1EUR1,")[0].findings == ()


def test_the_head_of_the_next_message_is_no_text_of_one_that_does_not_end() -> None:
    first = b":20:A\n:25:1/2\n:60F:C240101EUR0,\n:61:240102C7,NTRFREF\n:86:Cuota\n"
    documents = read(READER, first + b"{1:F01BANKESMMAXXX0000000000}{2:I940X}{4:\n" + _file())

    assert [e.description for d in documents for e in statement_of(d).entries] == ["Cuota"]
    assert documents[0].findings == ("truncated_statement",)


def test_a_day_that_is_none_is_found() -> None:
    (document,) = read(READER, _file(":61:249945C0,NTRFX"))
    assert document.findings == ("bad_date",)


@pytest.mark.parametrize("part", [":61:", ":61:240102X1,", ":61:240102C,", ":60F:Z", ":62F:"])
def test_a_field_of_another_form_is_refused(part: str) -> None:
    with pytest.raises(Unreadable):
        read(READER, f":20:A\n:25:1\n{part}\n:86:more\n".encode())


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(Unreadable):
        read(READER, b"no fields at all")


@pytest.mark.parametrize("filling", ["?20", "166?", "EREF+", "/REMI/", "//", ",", " ", "C"])
def test_a_line_of_a_million_bytes_takes_linear_time(filling: str) -> None:
    text = filling * (1_000_000 // len(filling))
    read(READER, _file(":61:240102C0,NTRFX", f":86:166?00{text}", ":61:240102C0,NTRF" + text, f":86:{text}"))


def test_it_knows_its_files_and_no_others() -> None:
    assert score(READER, _file()) > 90
    assert score(READER, b"\x01\r\n" + _file()) > 90
    assert score(READER, b"meeting at :20: sharp") == 0
