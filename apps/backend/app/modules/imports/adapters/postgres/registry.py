"""What a tenant has already: the first upload of a file, and what is published under a business key."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from app.array_literals import text_array
from app.crashpoints import crashpoint
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.stages.tools import Namesake

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.ports import Item

_REMEMBER = """
INSERT INTO import_files (tenant_id, sha256, item_id) VALUES ((SELECT app_tenant()), %(sha256)s, %(item)s)
ON CONFLICT DO NOTHING
"""
# A file whose first item failed, or is not wanted, may be brought again: the new item takes its place.
_TAKE_PLACE = """
UPDATE import_files f SET item_id = %(item)s
WHERE f.tenant_id = (SELECT app_tenant()) AND f.sha256 = %(sha256)s AND EXISTS (
    SELECT 1 FROM import_items i
    WHERE i.tenant_id = f.tenant_id AND i.id = f.item_id AND (i.state LIKE '%%\\_failed' OR i.state = 'discarded'))
"""
_FIRST = "SELECT item_id FROM import_files WHERE tenant_id = (SELECT app_tenant()) AND sha256 = %(sha256)s"
# Asked for each of the few rows that are found, and never joined: for an empty table any plan looks good.
_KIND = "(SELECT i.kind FROM import_items i WHERE i.tenant_id = v.tenant_id AND i.id = v.source_item_id) AS kind"
# Each part is answered by the unique index that closes the race of two publications of one key.
_NAMESAKES = """
SELECT natural_key, issue_date, coalesce(gross, payable) AS total, source_item_id AS item_id, {kind} FROM invoices v
WHERE tenant_id = (SELECT app_tenant()) AND natural_key = ANY (%(keys)s::text[])
  AND natural_key IS NOT NULL AND NOT duplicate_override
UNION ALL
SELECT natural_key, expense_date, total, source_item_id, {kind} FROM expenses v
WHERE tenant_id = (SELECT app_tenant()) AND natural_key = ANY (%(keys)s::text[])
  AND natural_key IS NOT NULL AND NOT duplicate_override
UNION ALL
SELECT natural_key, issue_date, total, source_item_id, {kind} FROM withholdings v
WHERE tenant_id = (SELECT app_tenant()) AND natural_key = ANY (%(keys)s::text[])
  AND natural_key IS NOT NULL AND line_no = 1 AND NOT duplicate_override
""".replace("{kind}", _KIND)


class PostgresRegistry:
    """Implements ``stages.tools.Registry`` for one tenant."""

    def __init__(self, database: Database, tenant_id: UUID) -> None:
        self._database = database
        self._tenant_id = tenant_id

    def first_upload(self, item: Item, sha256: str) -> UUID | None:
        with self._database.tenant_session(self._tenant_id) as session:
            parameters = {"sha256": sha256, "item": item.id}
            session.execute(_REMEMBER, parameters)
            session.execute(_TAKE_PLACE, parameters)
            [row] = session.execute(_FIRST, {"sha256": sha256})
            crashpoint("remembering")
        crashpoint("remembered")
        first: UUID = row["item_id"]
        return None if first == item.id else first

    def namesakes(self, natural_keys: Sequence[str]) -> Mapping[str, Sequence[Namesake]]:
        found: dict[str, list[Namesake]] = defaultdict(list)
        with self._database.tenant_session(self._tenant_id) as session:
            for row in session.execute(_NAMESAKES, {"keys": text_array(natural_keys)}):
                found[row["natural_key"]].append(
                    Namesake(
                        item_id=row["item_id"],
                        kind=ItemKind(row["kind"]) if row["kind"] else None,
                        issue_date=row["issue_date"],
                        total=row["total"],
                    )
                )
        return found
