"""Parts of a container on their way to becoming items: streamed, resumable, and the same part never twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from app.array_literals import plain_array, text_array, uuid_array
from app.modules.imports.domain.following_id import following_id
from app.modules.imports.mapping.stored import nameless_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.database import Session
    from app.modules.imports.ports import Item, Part

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ADD_ITEMS = """
INSERT INTO import_items (tenant_id, id, batch_id, kind, position, place, parent_id, part, file_key, file_name,
                          mapping_id, mapping_version)
SELECT c.tenant_id, s.id, c.batch_id, s.kind, s.position, c.place || int8send(s.position), c.id, s.part,
       coalesce(s.file_key, c.file_key), coalesce(s.file_name, c.file_name), c.mapping_id, c.mapping_version
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(positions)s::bigint[], %(parts)s::integer[], %(keys)s::text[],
            %(names)s::text[]) AS s (id, kind, position, part, file_key, file_name)
JOIN import_items c ON c.tenant_id = (SELECT app_tenant()) AND c.id = %(container)s
ON CONFLICT DO NOTHING
"""
_ADD_PAYLOADS = """
INSERT INTO import_payloads (tenant_id, item_id, raw, work, document)
SELECT (SELECT app_tenant()), s.id, s.raw, s.work, s.document
FROM unnest(%(ids)s::uuid[], %(raws)s::jsonb[], %(works)s::jsonb[], %(documents)s::jsonb[])
     AS s (id, raw, work, document)
ON CONFLICT DO NOTHING
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
    ids = uuid_array(following_id(container.id, part.position) for part in parts)
    items = {
        "container": container.id,
        "ids": ids,
        "kinds": text_array(part.kind.value for part in parts),
        "positions": plain_array(part.position for part in parts),
        "parts": plain_array(part.part for part in parts),
        "keys": text_array(part.file_key for part in parts),
        "names": text_array(part.file_name for part in parts),
    }
    session.execute(_ADD_ITEMS, items)
    payloads = {
        "ids": ids,
        "raws": _json_array(part.raw for part in parts),
        "works": _json_array(part.work for part in parts),
        "documents": _json_array(part.document for part in parts),
    }
    session.execute(_ADD_PAYLOADS, payloads)


def _json_array(values: Iterable[object]) -> str:
    return text_array(None if value is None else _JSON(value) for value in values)


def adopt_mapping(session: Session, container: Item, mapping: Mapping[str, object]) -> None:
    """Keep the mapping as one without a name, and make it the container's; its parts inherit it."""
    parameters = {"id": nameless_id(mapping), "definition": Jsonb(mapping), "container": container.id}
    session.execute(_KEEP_MAPPING, parameters)
    session.execute(_ADOPT_MAPPING, parameters)


def parts_cursor(session: Session, container: Item) -> int:
    """The position that is to be stored next."""
    [row] = session.execute(_CURSOR, {"container": container.id})
    return int(row["next"])
