"""A table whose headings say nothing: given a mapping it goes on, row by row, and the trail says who gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from app.modules.imports.application.tests.driving import add_files, rows_of, wait_until_finished
from app.modules.imports.cli.giving_mapping import give_stored_or_new
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.give_mapping import give_mapping
from app.modules.imports.usecases.mappings import add_version, create_mapping

if TYPE_CHECKING:
    from pathlib import Path

    from app.modules.imports.usecases.house import House

TABLE = b"uno;dos;tres;cuatro\n" + b"".join(
    f"F-{day};0{day}/03/2026;1.210,00;Papeler\u00eda Norte\n".encode() for day in range(1, 5)
)
DEFINITION = {
    "target": "expense",
    "columns": {"invoice_number": "uno", "issue_date": "dos", "totals.gross": "tres", "supplier.name": "cuatro"},
    "decimal_mark": ",",
    "date_order": "dmy",
}


@pytest.fixture
def waiting(house: House, tenant: UUID, tmp_path: Path) -> tuple[UUID, UUID]:
    """Batch and item of a table that waits for a mapping."""
    path = tmp_path / "gastos.csv"
    path.write_bytes(TABLE)
    batch = add_files(house, tenant, [path])
    assert wait_until_finished(house.database, tenant, batch).status_breakdown == {"extract_failed": 1}
    [row] = rows_of(house.database, tenant, "SELECT id, code FROM import_items")
    assert row["code"] == "mapping_needed"
    return batch, row["id"]


def test_a_table_that_is_given_a_mapping_goes_on_with_its_rows(
    house: House, tenant: UUID, waiting: tuple[UUID, UUID]
) -> None:
    batch, item = waiting
    with house.database.tenant_session(tenant) as session:
        mapping = create_mapping(session, "gastos", DEFINITION, "ana")
        stage = give_mapping(session, item, mapping.id, "ana")
    house.doorbell.ring(Ring(stage, tenant))
    status = wait_until_finished(house.database, tenant, batch)
    assert status.status_breakdown == {"published": 5}, "the table and its four rows"
    [totals] = rows_of(house.database, tenant, "SELECT sum(total)::text AS total, count(*) AS n FROM expenses")
    assert (totals["total"], totals["n"]) == ("4840.00", 4)
    [entry] = rows_of(house.database, tenant, "SELECT actor, details FROM import_audit WHERE action = 'item.mapping'")
    assert (entry["actor"], entry["details"]["mapping_id"]) == ("ana", str(mapping.id))
    assert not rows_of(house.database, tenant, "SELECT 1 FROM import_dlq WHERE resolved_at IS NULL")


def test_the_version_that_was_named_reads_the_table(house: House, tenant: UUID, waiting: tuple[UUID, UUID]) -> None:
    _, item = waiting
    with house.database.tenant_session(tenant) as session:
        mapping = create_mapping(session, "gastos", DEFINITION, "ana")
        add_version(session, mapping.id, "gastos", DEFINITION | {"date_order": "mdy"}, "ana")
        give_mapping(session, item, mapping.id, "ana", version=1)
    [row] = rows_of(
        house.database, tenant, "SELECT mapping_id, mapping_version FROM import_items WHERE parent_id IS NULL"
    )
    assert (row["mapping_id"], row["mapping_version"]) == (mapping.id, 1)


def test_only_a_table_that_waits_for_a_mapping_is_given_one(
    house: House, tenant: UUID, other_tenant: UUID, waiting: tuple[UUID, UUID]
) -> None:
    _, item = waiting
    with house.database.tenant_session(tenant) as session:
        mapping = create_mapping(session, "gastos", DEFINITION, "ana").id

    def refusal(of: UUID, chosen: UUID, by: UUID) -> str:
        with pytest.raises(RefusedUpload) as caught, house.database.tenant_session(by) as session:
            give_mapping(session, of, chosen, "ana")
        return caught.value.code

    assert refusal(uuid4(), mapping, tenant) == "item_not_found"
    assert refusal(item, mapping, other_tenant) == "item_not_found"
    assert refusal(item, uuid4(), tenant) == "mapping_not_found"
    with house.database.tenant_session(tenant) as session:
        give_mapping(session, item, mapping, "ana")
    assert refusal(item, mapping, tenant) == "item_needs_no_mapping"


def test_the_command_takes_a_definition_from_a_file(
    house: House, tenant: UUID, waiting: tuple[UUID, UUID], tmp_path: Path
) -> None:
    batch, item = waiting
    path = tmp_path / "gastos del bar.json"
    path.write_text(str(DEFINITION).replace("'", '"'), encoding="utf-8")
    assert give_stored_or_new(house, tenant, item, str(path)) == batch
    assert wait_until_finished(house.database, tenant, batch).status_breakdown == {"published": 5}
    [stored] = rows_of(house.database, tenant, "SELECT name FROM import_mappings WHERE name <> ''")
    assert stored["name"] == "gastos del bar"


def test_what_is_neither_an_id_nor_a_file_is_refused(house: House, tenant: UUID, waiting: tuple[UUID, UUID]) -> None:
    with pytest.raises(RefusedUpload, match="no id and no JSON file"):
        give_stored_or_new(house, tenant, waiting[1], "gastos")
