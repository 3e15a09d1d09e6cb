"""Rows that a newer version has put into a stage this one does not know stay as they are, and nothing else waits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg

from app.modules.imports.adapters.postgres.sweeping import release_expired, rings_due
from app.modules.imports.application.tests.driving import add_rows, invoice_row

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.embedded import EmbeddedPostgres
    from app.modules.imports.usecases.house import House


def test_a_stage_of_tomorrow_ends_neither_rings_nor_sweeps(
    postgres: EmbeddedPostgres, database_name: str, database: Database, quiet_house: House, tenant: UUID
) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1), invoice_row(2)])
    ours = rings_due(database)
    with psycopg.connect(postgres.superuser_dsn(database_name)) as connection:
        connection.execute("SET session_replication_role = replica")  # as if the newer version had altered the checks
        connection.execute("ALTER TABLE import_items DROP CONSTRAINT claimable_leased_or_at_rest")
        connection.execute(
            "UPDATE import_items SET due_stage = 'translate' WHERE id = (SELECT min(id::text)::uuid FROM import_items)"
        )
        connection.execute(
            "INSERT INTO import_leases (tenant_id, token, stage, leased_until, deadline_at) VALUES "
            "(%s, %s, 'translate', clock_timestamp() - interval '1 hour', clock_timestamp())",
            (tenant, uuid4()),
        )
    assert rings_due(database) == ours
    assert release_expired(database, 0.1) == 0
