"""Dead letters lose their content on the day they should, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.usecases.dead_letters import Wanted, list_dead_letters, purge_dead_letters
from app.modules.imports.usecases.keys import create_tenant
from app.modules.imports.usecases.tests.factories import make_batch, make_item

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database

_AGE = "UPDATE import_dlq SET created_at = clock_timestamp() - %(age)s::interval WHERE item_id = %(id)s"


def letter(database: Database, tenant_id: UUID, age: str) -> UUID:
    with database.tenant_session(tenant_id) as session:
        item = make_item(session, make_batch(session))
        session.execute(_AGE, {"age": age, "id": item})
    return item


def test_content_is_purged_after_seven_days_of_every_tenant_and_the_entry_stays(database: Database) -> None:
    a, b = create_tenant(database, "a"), create_tenant(database, "b")
    old_a, young_a = letter(database, a, "7 days 1 minute"), letter(database, a, "6 days 23 hours 59 minutes")
    old_b = letter(database, b, "30 days")
    assert purge_dead_letters(database, 7) == 2
    assert purge_dead_letters(database, 7) == 0
    for tenant_id, expected in ((a, {old_a: False, young_a: True}), (b, {old_b: False})):
        with database.tenant_session(tenant_id) as session:
            page = list_dead_letters(session, Wanted())
        assert {entry.item_id: entry.has_payload for entry in page.entries} == expected
