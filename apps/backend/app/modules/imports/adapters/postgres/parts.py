"""Parts of a container on their way to becoming items: streamed, resumable, and the same part never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from app.modules.imports.mapping.stored import nameless_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.database import Session
    from app.modules.imports.ports import Item, Part

_STAGE_PARTS = """
CREATE TEMP TABLE part_staging (
    id uuid, kind text, position bigint, part integer, file_key text, file_name text, raw jsonb
) ON COMMIT DROP
"""
_COPY_PARTS = "COPY part_staging (id, kind, position, part, file_key, file_name, raw) FROM STDIN"
_ADD_ITEMS = """
INSERT INTO import_items (tenant_id, id, batch_id, kind, position, parent_id, part, file_key, file_name,
                          mapping_id, mapping_version)
SELECT c.tenant_id, s.id, c.batch_id, s.kind, s.position, c.id, s.part, coalesce(s.file_key, c.file_key),
       coalesce(s.file_name, c.file_name), c.mapping_id, c.mapping_version
FROM part_staging s JOIN import_items c ON c.tenant_id = (SELECT app_tenant()) AND c.id = %(container)s
ON CONFLICT DO NOTHING
"""
_ADD_PAYLOADS = """
INSERT INTO import_payloads (tenant_id, item_id, raw)
SELECT (SELECT app_tenant()), s.id, s.raw FROM part_staging s ON CONFLICT DO NOTHING
"""
_KEEP_MAPPING = """
INSERT INTO import_mappings (tenant_id, id, version, name, definition, deleted_at)
VALUES ((SELECT app_tenant()), %(id)s, 1, '', %(definition)s, clock_timestamp()) ON CONFLICT DO NOTHING
"""
_ADOPT_MAPPING = """
UPDATE import_items SET mapping_id = %(id)s, mapping_version = 1
WHERE tenant_id = (SELECT app_tenant()) AND id = %(container)s
"""
_CURSOR = """
SELECT coalesce(max(position) + 1, 0) AS next FROM import_items
WHERE tenant_id = (SELECT app_tenant()) AND parent_id = %(container)s
"""


def add_parts(session: Session, container: Item, parts: Sequence[Part]) -> None:
    """Store the parts; an id follows from container and position, so a part stored before is left as it is."""
    session.execute(_STAGE_PARTS)
    session.copy(
        _COPY_PARTS,
        (
            (
                part_id(container.id, part.position),
                part.kind.value,
                part.position,
                part.part,
                part.file_key,
                part.file_name,
                Jsonb(part.raw) if part.raw is not None else None,
            )
            for part in parts
        ),
    )
    session.execute(_ADD_ITEMS, {"container": container.id})
    session.execute(_ADD_PAYLOADS)


def adopt_mapping(session: Session, container: Item, mapping: Mapping[str, object]) -> None:
    """Keep the mapping as one without a name, and make it the container's; its parts inherit it."""
    parameters = {"id": nameless_id(mapping), "definition": Jsonb(mapping), "container": container.id}
    session.execute(_KEEP_MAPPING, parameters)
    session.execute(_ADOPT_MAPPING, parameters)


def parts_cursor(session: Session, container: Item) -> int:
    """The position that is to be stored next."""
    [row] = session.execute(_CURSOR, {"container": container.id})
    return int(row["next"])


def part_id(container: UUID, position: int) -> UUID:
    """The id that the part at a position has, whoever stores it."""
    return uuid5(container, str(position))
