"""Overlapping downloads: what two files hold of one account is stored once, and what is only alike is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.modules.imports.destinations.bank_movements import DESTINATION
from app.modules.imports.domain.canonical import BankEntry, CanonicalDocument, DocumentType, Statement
from app.modules.imports.ports import Publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.database import Database
    from app.modules.imports.ports import Published

IBAN = "ES9121000418450200051332"
MONDAY, TUESDAY = date(2026, 3, 16), date(2026, 3, 17)
RENT = BankEntry(
    booking_date=MONDAY, amount=Decimal("-850.00"), description="Alquiler marzo", balance=Decimal("1150.00")
)
SALE = BankEntry(booking_date=TUESDAY, amount=Decimal("121.00"), description="Cobro F-7", balance=Decimal("1271.00"))
COFFEE = BankEntry(booking_date=TUESDAY, amount=Decimal("-1.50"), description="Café")


def statement(*entries: BankEntry, iban: str | None = IBAN, number: str | None = None) -> Publication:
    """A file with these movements."""
    return Publication(
        item_id=uuid4(),
        document=CanonicalDocument(
            doc_type=DocumentType.BANK_STATEMENT,
            currency="EUR",
            statement=Statement(account_iban=iban, account_number=number, entries=entries),
        ),
        evidence={},
        payload_hash="",
    )


def rows_of_one_file(*entries: BankEntry, iban: str | None = IBAN) -> list[Publication]:
    """A table whose rows are items of their own."""
    download = uuid4()
    return [replace(statement(entry, iban=iban), download_id=download) for entry in entries]


def publish(database: Database, tenant: UUID, *items: Publication) -> Sequence[Published]:
    with database.tenant_session(tenant) as session:
        return DESTINATION.publish(items, session)


def said(published: Published) -> dict[str, dict[str, str]]:
    return {finding.code: dict(finding.params) for finding in published.findings}


def stored(database: Database, tenant: UUID) -> list[str]:
    with database.tenant_session(tenant) as session:
        return [row["description"] for row in session.execute("SELECT description FROM bank_movements ORDER BY 1")]


def lines_of(database: Database, tenant: UUID, item: Publication) -> tuple[int, int]:
    """Lines of the item that are rows of its own, and lines that another item's rows stand for."""
    statement = """
        SELECT (SELECT count(*) FROM bank_movements WHERE source_item_id = %(id)s) AS new,
               (SELECT count(*) FROM bank_movements_known WHERE source_item_id = %(id)s) AS known"""
    with database.tenant_session(tenant) as session:
        [row] = session.execute(statement, {"id": item.item_id})
    return row["new"], row["known"]


def test_what_is_only_announced_is_no_movement_until_it_is_booked(database: Database, tenant: UUID) -> None:
    pending = replace(COFFEE, status="PDNG")
    first, second = statement(pending, RENT), statement(RENT, COFFEE)
    publish(database, tenant, first)
    assert stored(database, tenant) == ["Alquiler marzo"]
    assert lines_of(database, tenant, first) == (1, 0)

    [again] = publish(database, tenant, first)
    assert again.row_id == publish(database, tenant, first)[0].row_id

    publish(database, tenant, second)
    assert stored(database, tenant) == ["Alquiler marzo", "Café"]


def test_a_report_of_announced_entries_alone_is_published_without_a_movement(database: Database, tenant: UUID) -> None:
    item = statement(replace(COFFEE, status="PDNG"))
    [published] = publish(database, tenant, item)
    assert (published.row_id, stored(database, tenant)) == (item.item_id, [])


def test_a_second_download_adds_only_what_is_new_and_its_lines_are_complete(database: Database, tenant: UUID) -> None:
    first, second = statement(RENT, SALE), statement(SALE, COFFEE)
    [published] = publish(database, tenant, first)
    assert published.findings == ()
    [published] = publish(database, tenant, second)
    assert said(published) == {"movements_known": {"known": "1", "new": "1"}}
    assert stored(database, tenant) == ["Alquiler marzo", "Café", "Cobro F-7"]
    assert lines_of(database, tenant, first) == (2, 0)
    assert lines_of(database, tenant, second) == (1, 1)


def test_a_download_without_anything_new_names_the_row_that_stands_for_its_first_line(
    database: Database, tenant: UUID
) -> None:
    [first] = publish(database, tenant, statement(RENT, SALE))
    [again] = publish(database, tenant, statement(RENT, SALE))
    assert again.row_id == first.row_id
    assert said(again) == {"movements_known": {"known": "2", "new": "0"}}


def test_a_download_that_ended_in_the_middle_of_the_day_is_completed_by_the_next(
    database: Database, tenant: UUID
) -> None:
    publish(database, tenant, statement(RENT, COFFEE, COFFEE))
    [later] = publish(database, tenant, statement(COFFEE, COFFEE, COFFEE, SALE))
    assert said(later) == {"movements_known": {"known": "2", "new": "2"}}
    assert stored(database, tenant).count("Café") == 3


def test_the_order_of_the_file_does_not_matter(database: Database, tenant: UUID) -> None:
    publish(database, tenant, statement(RENT, COFFEE, COFFEE, SALE))
    publish(database, tenant, statement(SALE, COFFEE, COFFEE, RENT))
    assert stored(database, tenant) == ["Alquiler marzo", "Café", "Café", "Cobro F-7"]


def test_the_running_balance_tells_equal_movements_apart(database: Database, tenant: UUID) -> None:
    publish(database, tenant, statement(replace(COFFEE, balance=Decimal("98.50"))))
    publish(database, tenant, statement(replace(COFFEE, balance=Decimal("97.00"))))
    assert stored(database, tenant) == ["Café", "Café"]


@pytest.mark.parametrize(
    "other",
    [
        replace(RENT, description="  ALQUILER   Marzo "),
        replace(RENT, amount=Decimal(-850), balance=Decimal("1150.0000")),
        replace(RENT, reference="0017"),
    ],
)
def test_spelling_of_the_same_movement_does_not_matter(database: Database, tenant: UUID, other: BankEntry) -> None:
    publish(database, tenant, statement(RENT))
    publish(database, tenant, statement(other, iban="ES91 2100 0418 4502 0005 1332"))
    assert len(stored(database, tenant)) == 1


@pytest.mark.parametrize(
    "other",
    [
        statement(RENT, iban="ES7921000813610123456789"),
        statement(replace(RENT, value_date=TUESDAY)),
        statement(replace(RENT, amount=Decimal("850.00"))),
        statement(replace(RENT, description="Alquiler abril")),
    ],
)
def test_another_account_day_amount_or_text_is_another_movement(
    database: Database, tenant: UUID, other: Publication
) -> None:
    publish(database, tenant, statement(RENT))
    [published] = publish(database, tenant, other)
    assert published.findings == ()
    assert len(stored(database, tenant)) == 2


@pytest.mark.parametrize("number", [None, "", "**** **** 1332", "1332"])
def test_without_a_whole_account_all_is_kept_and_marked_for_a_look(
    database: Database, tenant: UUID, number: str | None
) -> None:
    publish(database, tenant, statement(RENT, SALE, iban=None, number=number))
    [published] = publish(database, tenant, statement(SALE, COFFEE, iban=None, number=number))
    assert said(published) == {"movements_look_known": {"alike": "1", "total": "2"}}
    assert stored(database, tenant) == ["Alquiler marzo", "Café", "Cobro F-7", "Cobro F-7"]


def test_equal_movements_within_one_file_without_account_are_not_suspicious(database: Database, tenant: UUID) -> None:
    [published] = publish(database, tenant, statement(COFFEE, COFFEE, iban=None))
    assert published.findings == ()
    together = publish(database, tenant, *rows_of_one_file(RENT, RENT, iban=None))
    assert [p.findings for p in together] == [(), ()]


def test_equal_rows_of_one_file_are_all_new_in_one_slice_or_in_several(database: Database, tenant: UUID) -> None:
    first, second, third = rows_of_one_file(COFFEE, COFFEE, COFFEE)
    for published in (*publish(database, tenant, first, second), *publish(database, tenant, third)):
        assert published.findings == ()
    assert stored(database, tenant) == ["Café"] * 3


def test_rows_of_an_overlapping_file_are_known_one_by_one(database: Database, tenant: UUID) -> None:
    publish(database, tenant, *rows_of_one_file(COFFEE, COFFEE))
    first, second, third = rows_of_one_file(COFFEE, COFFEE, COFFEE)
    # Each in a transaction of its own, so that a line must be remembered although it left no row of its own.
    findings = [said(publish(database, tenant, row)[0]) for row in (first, second, third)]
    known = {"movements_known": {"known": "1", "new": "0"}}
    assert findings == [known, known, {}]
    assert stored(database, tenant) == ["Café"] * 3
    assert [lines_of(database, tenant, row) for row in (first, second, third)] == [(0, 1), (0, 1), (1, 0)]


def test_files_that_take_turns_agree_on_the_longer_one(database: Database, tenant: UUID) -> None:
    a, b = rows_of_one_file(*[COFFEE] * 3), rows_of_one_file(*[COFFEE] * 4)
    for row in (a[0], b[0], b[1], a[1], b[2], a[2], b[3]):
        publish(database, tenant, row)
    assert stored(database, tenant) == ["Café"] * 4
    assert [lines_of(database, tenant, row)[0] for row in (*a, *b)] == [1, 0, 0, 0, 1, 1, 1]


def test_slices_of_one_file_published_at_once_count_each_others_lines(database: Database, tenant: UUID) -> None:
    publish(database, tenant, statement(COFFEE, COFFEE))
    first, second, third = rows_of_one_file(COFFEE, COFFEE, COFFEE)
    other = threading.Thread(target=publish, args=(database, tenant, second))
    with database.tenant_session(tenant) as session:
        DESTINATION.publish([first], session)
        other.start()
        other.join(0.3)
        assert other.is_alive()  # it waits for the account, or it would take the same place as the first
    other.join(10)
    assert publish(database, tenant, third)[0].findings == ()
    assert stored(database, tenant) == ["Café"] * 3


def test_two_overlapping_files_in_one_slice_are_told_apart(database: Database, tenant: UUID) -> None:
    [first, second] = publish(database, tenant, statement(RENT, SALE), statement(SALE, COFFEE))
    assert first.findings == ()
    assert said(second) == {"movements_known": {"known": "1", "new": "1"}}
    assert len(stored(database, tenant)) == 3


def test_an_item_that_is_published_again_after_others_keeps_its_lines(database: Database, tenant: UUID) -> None:
    first, second = statement(SALE), statement(SALE, COFFEE)
    [before] = publish(database, tenant, second)
    publish(database, tenant, first)
    [after] = publish(database, tenant, second)
    assert after.row_id == before.row_id
    assert lines_of(database, tenant, second) == (2, 0)


def test_a_movement_of_another_tenant_is_never_known(database: Database, tenant: UUID, other_tenant: UUID) -> None:
    publish(database, tenant, statement(RENT))
    [published] = publish(database, other_tenant, statement(RENT))
    assert published.findings == ()
    assert len(stored(database, other_tenant)) == 1


def test_a_statement_without_movements_is_published_under_its_own_name(database: Database, tenant: UUID) -> None:
    empty = statement()
    [published] = publish(database, tenant, empty)
    assert published.row_id == empty.item_id
