"""The same invoice in two items: judged one after the other or at the same moment, one is published, one is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.driving import add_rows, advance_until_quiet, invoice_row, rows_of
from app.modules.imports.application.tests.racing import race_to_publication
from app.modules.imports.usecases.retry_batch import retry_item
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House


def states(database: Database, tenant: UUID) -> list[tuple[str, str | None]]:
    rows = rows_of(database, tenant, "SELECT state, code FROM import_items")
    return sorted(((row["state"], row["code"]) for row in rows), reverse=True)


def assert_published(database: Database, tenant: UUID, count: int) -> None:
    """As many invoices, ledger entries and published items, and the same items in each."""
    [found] = rows_of(
        database,
        tenant,
        """SELECT count(*) AS items, count(u.item_id) AS ledger, count(v.source_item_id) AS invoices
           FROM import_items i
           FULL JOIN import_publications u ON u.item_id = i.id
           FULL JOIN invoices v ON v.source_item_id = i.id
           WHERE i.state IS DISTINCT FROM 'publish_failed' AND i.state IS DISTINCT FROM 'validate_failed'""",
    )
    assert dict(found) == {"items": count, "ledger": count, "invoices": count}


@pytest.mark.parametrize("many", [2, 4])
def test_of_items_validated_at_once_exactly_one_is_published_and_the_others_need_review(
    quiet_house: House, tenant: UUID, many: int
) -> None:
    race_to_publication(quiet_house, tenant, [[invoice_row(1)]] * many)
    assert states(quiet_house.database, tenant) == [
        ("published", None),
        *[("publish_failed", "duplicate_suspect")] * (many - 1),
    ]
    assert_published(quiet_house.database, tenant, 1)
    letters = rows_of(quiet_house.database, tenant, "SELECT reason, code FROM import_dlq WHERE resolved_at IS NULL")
    assert [dict(letter) for letter in letters] == [{"reason": "review", "code": "duplicate_suspect"}] * (many - 1)


def test_the_same_number_written_otherwise_loses_the_race_too(quiet_house: House, tenant: UUID) -> None:
    other = invoice_row(1) | {
        "invoice_number": "f 000001",
        "supplier_tax_id": "ES-B29423548",
        "issue_date": "2026-11-30",
    }
    race_to_publication(quiet_house, tenant, [[invoice_row(1)], [other]])
    assert_published(quiet_house.database, tenant, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"invoice_number": "F-000002"},
        {"supplier_tax_id": "B39000005"},
        {"issue_date": "2025-03-15"},
        {"net": "-100.00", "tax": "-21.00", "total": "-121.00"},
    ],
)
def test_another_number_supplier_year_or_total_hinders_nobody(
    quiet_house: House, tenant: UUID, other: dict[str, str]
) -> None:
    race_to_publication(quiet_house, tenant, [[invoice_row(1)], [invoice_row(1) | other]])
    assert_published(quiet_house.database, tenant, 2)


def test_the_race_of_whole_slices_stops_only_what_is_doubled(quiet_house: House, tenant: UUID) -> None:
    first, second = [invoice_row(n) for n in (1, 2, 3)], [invoice_row(n) for n in (3, 4, 1)]
    race_to_publication(quiet_house, tenant, [first, second])
    assert_published(quiet_house.database, tenant, 4)
    assert [code for _, code in states(quiet_house.database, tenant)].count("duplicate_suspect") == 2


def test_the_same_invoice_twice_in_one_slice_is_published_once(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1), invoice_row(1), invoice_row(2)])
    advance_until_quiet(quiet_house, tenant)
    assert_published(quiet_house.database, tenant, 2)
    assert states(quiet_house.database, tenant)[-1] == ("publish_failed", "duplicate_suspect")


def test_an_item_that_comes_after_is_stopped_by_validation(quiet_house: House, tenant: UUID) -> None:
    for _ in range(2):
        add_rows(quiet_house, tenant, [invoice_row(1)])
        advance_until_quiet(quiet_house, tenant)
    assert states(quiet_house.database, tenant) == [("validate_failed", "duplicate_suspect"), ("published", None)]
    assert_published(quiet_house.database, tenant, 1)


def test_a_loser_that_is_only_tried_again_stays_in_review(quiet_house: House, tenant: UUID) -> None:
    race_to_publication(quiet_house, tenant, [[invoice_row(1)]] * 2)
    [loser] = rows_of(quiet_house.database, tenant, "SELECT id FROM import_items WHERE state = 'publish_failed'")
    with quiet_house.database.tenant_session(tenant) as session:
        retry_item(session, loser["id"], "ana")
    advance_until_quiet(quiet_house, tenant)
    assert states(quiet_house.database, tenant) == [("published", None), ("publish_failed", "duplicate_suspect")]
    assert_published(quiet_house.database, tenant, 1)


def test_a_loser_that_a_person_accepts_is_published_beside_the_winner(quiet_house: House, tenant: UUID) -> None:
    race_to_publication(quiet_house, tenant, [[invoice_row(1)]] * 2)
    [loser] = rows_of(quiet_house.database, tenant, "SELECT id FROM import_items WHERE state = 'publish_failed'")
    with quiet_house.database.tenant_session(tenant) as session:
        review_item(session, loser["id"], Review(accept=["duplicate_suspect"], reason="two deliveries"), "ana")
    advance_until_quiet(quiet_house, tenant)
    assert_published(quiet_house.database, tenant, 2)
    overrides = rows_of(quiet_house.database, tenant, "SELECT duplicate_override FROM invoices ORDER BY 1")
    assert [row["duplicate_override"] for row in overrides] == [False, True]
