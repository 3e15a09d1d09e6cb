"""Downloads of one account that overlap walk the stages: every item is published, no movement is stored twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from app.modules.imports.application.tests.driving import (
    add_files,
    add_rows,
    advance_until_quiet,
    rows_of,
    wait_until_finished,
)
from app.modules.imports.application.tests.racing import race_to_publication
from app.modules.imports.usecases.items import get_item
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House

HEAD = "Cuenta;ES9121000418450200051332\nTitular;Ferretería del Norte, S.L.\n\nFecha;Concepto;Importe;Saldo\n"
MOVEMENTS = [
    "16/03/2026;Alquiler del local;-850,00;1.150,00",
    "17/03/2026;Cobro factura F-7;121,00;1.271,00",
    "17/03/2026;Cafetería Sol;-1,50;1.269,50",
    "17/03/2026;Cafetería Sol;-1,50;1.268,00",
    "18/03/2026;Recibo de la luz;-93,20;1.174,80",
    "19/03/2026;Cobro factura F-8;60,50;1.235,30",
]


def export(folder: Path, name: str, movements: Sequence[str]) -> Path:
    """A bank's export with these movements, as the bank's site gives it."""
    path = folder / name
    path.write_text(HEAD + "\n".join(movements) + "\n", encoding="utf-8")
    return path


def movement_row(number: int, account: str | None = "ES9121000418450200051332") -> dict[str, str]:
    row = {"date": "2026-03-17", "description": f"Cobro {number}", "amount": "10.00", "currency": "EUR"}
    return row | ({"account_iban": account} if account else {})


def assert_every_item_is_published_whole(database: Database, tenant: UUID) -> None:
    """An item is published if and only if the ledger has one entry of it, and its lines are new or known."""
    rows = rows_of(
        database,
        tenant,
        """SELECT i.state = 'published' AS published,
                  (SELECT count(*) FROM import_publications u WHERE u.item_id = i.id) AS entries,
                  (SELECT count(*) FROM bank_movements m WHERE m.source_item_id = i.id) AS new,
                  (SELECT count(*) FROM bank_movements_known k WHERE k.source_item_id = i.id) AS known,
                  (SELECT count(*) FROM bank_movements m JOIN import_publications u ON u.dest_id = m.id
                   WHERE u.item_id = i.id) AS named,
                  jsonb_array_length(p.document -> 'transactions') AS lines
           FROM import_items i JOIN import_payloads p ON p.item_id = i.id WHERE i.kind <> 'container'""",
    )
    for row in rows:
        assert (row["published"], row["entries"], row["named"]) == (True, 1, 1)
        assert row["new"] + row["known"] == row["lines"]


def test_a_file_that_repeats_half_of_another_adds_the_other_half(house: House, tenant: UUID, tmp_path: Path) -> None:
    first = add_files(house, tenant, [export(tmp_path, "marzo-a.csv", MOVEMENTS[:3])])
    assert wait_until_finished(house.database, tenant, first).completed == 1
    second = add_files(house, tenant, [export(tmp_path, "marzo-b.csv", MOVEMENTS[1:][::-1])])
    assert wait_until_finished(house.database, tenant, second).completed == 1
    texts = rows_of(
        house.database, tenant, "SELECT description FROM bank_movements ORDER BY booking_date, balance DESC"
    )
    assert [row["description"] for row in texts] == [line.split(";")[1] for line in MOVEMENTS]
    assert_every_item_is_published_whole(house.database, tenant)
    [item] = rows_of(house.database, tenant, "SELECT id FROM import_items WHERE file_name = 'marzo-b.csv'")
    with house.database.tenant_session(tenant) as session:
        findings = get_item(session, item["id"], "en").findings
    [note] = [finding for finding in findings if finding.code == "movements_known"]
    assert (note.severity, dict(note.params)) == ("note", {"known": "2", "new": "3"})
    assert note.message.startswith("2 movements were already published")


def test_rows_sent_again_in_another_batch_are_known_and_equal_rows_of_one_batch_stay(
    quiet_house: House, tenant: UUID
) -> None:
    add_rows(quiet_house, tenant, [movement_row(1), movement_row(1), movement_row(2)])
    advance_until_quiet(quiet_house, tenant)
    add_rows(quiet_house, tenant, [movement_row(2), movement_row(1), movement_row(1), movement_row(1)])
    advance_until_quiet(quiet_house, tenant)
    texts = rows_of(quiet_house.database, tenant, "SELECT description FROM bank_movements ORDER BY 1")
    assert [row["description"] for row in texts] == ["Cobro 1", "Cobro 1", "Cobro 1", "Cobro 2"]
    assert_every_item_is_published_whole(quiet_house.database, tenant)


def test_rows_without_an_account_are_kept_and_marked(quiet_house: House, tenant: UUID) -> None:
    for _ in range(2):
        add_rows(quiet_house, tenant, [movement_row(1, account=None)])
        advance_until_quiet(quiet_house, tenant)
    found = rows_of(quiet_house.database, tenant, "SELECT findings FROM import_payloads")
    codes = [finding["code"] for row in found for finding in row["findings"] or ()]
    assert codes.count("movements_look_known") == 1
    assert len(rows_of(quiet_house.database, tenant, "SELECT 1 FROM bank_movements")) == 2
    assert_every_item_is_published_whole(quiet_house.database, tenant)


def test_what_publication_finds_stands_behind_what_validation_found(quiet_house: House, tenant: UUID) -> None:
    for _ in range(2):
        add_rows(quiet_house, tenant, [movement_row(1) | {"date": ""}])
        advance_until_quiet(quiet_house, tenant)
        [item] = rows_of(quiet_house.database, tenant, "SELECT id FROM import_items WHERE state = 'validate_failed'")
        with quiet_house.database.tenant_session(tenant) as session:
            review_item(session, item["id"], Review(accept=["missing_field"], reason="the bank gives none"), "ana")
        advance_until_quiet(quiet_house, tenant)
    with quiet_house.database.tenant_session(tenant) as session:
        codes = [finding.code for finding in get_item(session, item["id"]).findings]
    assert codes == ["missing_field", "movements_known"]


@pytest.mark.parametrize("many", [2, 4])
def test_downloads_published_at_the_same_moment_store_each_movement_once(
    quiet_house: House, tenant: UUID, many: int
) -> None:
    rows = [movement_row(number) for number in (1, 1, 2, 3)]
    race_to_publication(quiet_house, tenant, [rows] * many)
    texts = rows_of(quiet_house.database, tenant, "SELECT description FROM bank_movements ORDER BY 1")
    assert [row["description"] for row in texts] == ["Cobro 1", "Cobro 1", "Cobro 2", "Cobro 3"]
    assert len(rows_of(quiet_house.database, tenant, "SELECT 1 FROM bank_movements_known")) == 4 * (many - 1)
    assert_every_item_is_published_whole(quiet_house.database, tenant)


def test_the_database_itself_refuses_a_movement_of_an_account_twice(quiet_house: House, tenant: UUID) -> None:
    add_rows(quiet_house, tenant, [movement_row(1)])
    advance_until_quiet(quiet_house, tenant)
    copy = """INSERT INTO bank_movements (tenant_id, id, source_item_id, line_no, amount, fingerprint, account_key)
              SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), 1, amount, fingerprint, {account}
              FROM bank_movements"""
    with quiet_house.database.tenant_session(tenant) as session:
        session.execute(copy.replace("{account}", "NULL"))
    with (
        pytest.raises(IntegrityError, match="bank_movements_once"),
        quiet_house.database.tenant_session(tenant) as session,
    ):
        session.execute(copy.replace("{account}", "account_key"))
