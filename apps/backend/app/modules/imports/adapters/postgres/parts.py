"""Parts of a container on their way to becoming items: streamed, resumable, and the same part never twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from app.array_literals import plain_array, text_array, uuid_array
from app.modules.imports.domain.canonical_json import canonical_text
from app.modules.imports.domain.finding_json import findings_to_json
from app.modules.imports.domain.following_id import following_id
from app.modules.imports.domain.pipeline import FIRST, LAST
from app.modules.imports.mapping.stored import nameless_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.ports import Express, Item, Part

    _Gone = tuple[Item, Sequence[Finding]]

_ADD_ITEMS = """
INSERT INTO import_items (tenant_id, id, batch_id, kind, position, place, parent_id, part, file_key, file_name,
                          mapping_id, mapping_version, state, due_stage, next_run_at, doc_type)
SELECT c.tenant_id, s.id, c.batch_id, s.kind, s.position, c.place || int8send(s.position), c.id, s.part,
       coalesce(s.file_key, c.file_key), coalesce(s.file_name, c.file_name), c.mapping_id, c.mapping_version,
       CASE WHEN s.published THEN %(published)s ELSE %(new)s END,
       CASE WHEN NOT s.published THEN %(due)s END, CASE WHEN NOT s.published THEN clock_timestamp() END, s.doc_type
FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(positions)s::bigint[], %(parts)s::integer[], %(keys)s::text[],
            %(names)s::text[], %(publications)s::boolean[], %(doc_types)s::text[])
     AS s (id, kind, position, part, file_key, file_name, published, doc_type)
JOIN import_items c ON c.tenant_id = (SELECT app_tenant()) AND c.id = %(container)s
ON CONFLICT DO NOTHING
"""
_ADD_PAYLOADS = """
INSERT INTO import_payloads (tenant_id, item_id, raw, work, document, findings)
SELECT (SELECT app_tenant()), s.id, s.raw, s.work, s.document, s.findings
FROM unnest(%(ids)s::uuid[], %(raws)s::jsonb[], %(works)s::jsonb[], %(documents)s::jsonb[], %(findings)s::jsonb[])
     AS s (id, raw, work, document, findings)
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


def add_parts(session: Session, container: Item, parts: Sequence[Part], express: Express | None = None) -> int:
    """Store the parts, those in ``express`` as published; how many were not there before.

    An id follows from container and position, so a part stored before is left as it is.
    """
    went = {} if express is None else {i.id: (i, f) for i, f in zip(express.items, express.findings, strict=True)}
    numbered = [(following_id(container.id, part.position), part) for part in parts]
    ids = uuid_array(id_ for id_, _ in numbered)
    added = session.count(_ADD_ITEMS, {"container": container.id, "ids": ids, **_item_columns(numbered, went)})
    session.execute(_ADD_PAYLOADS, {"ids": ids, **_payload_columns(numbered, went)})
    return added


def _item_columns(numbered: Sequence[tuple[UUID, Part]], went: Mapping[UUID, _Gone]) -> Mapping[str, str]:
    types = ((went[id_][0].doc_type if id_ in went else None) for id_, _ in numbered)
    return {
        "kinds": text_array(part.kind.value for _, part in numbered),
        "positions": plain_array(part.position for _, part in numbered),
        "parts": plain_array(part.part for _, part in numbered),
        "keys": text_array(part.file_key for _, part in numbered),
        "names": text_array(part.file_name for _, part in numbered),
        "publications": plain_array(id_ in went for id_, _ in numbered),
        "doc_types": text_array(None if kind is None else kind.value for kind in types),
        "new": FIRST.takes.value,
        "due": FIRST.name.value,
        "published": LAST.gives.value,
    }


def _payload_columns(numbered: Sequence[tuple[UUID, Part]], went: Mapping[UUID, _Gone]) -> Mapping[str, str]:
    return {
        "raws": _json_array(part.raw for _, part in numbered),
        "works": _json_array(part.work for _, part in numbered),
        "documents": text_array(
            str(went[id_][0].work["document"]) if id_ in went else _json_or_none(part.document)
            for id_, part in numbered
        ),
        "findings": _json_array(
            findings_to_json(found) if (found := went[id_][1] if id_ in went else ()) else None for id_, _ in numbered
        ),
    }


def _json_array(values: Iterable[object]) -> str:
    return text_array(map(_json_or_none, values))


def _json_or_none(value: object) -> str | None:
    return None if value is None else canonical_text(value)


def adopt_mapping(session: Session, container: Item, mapping: Mapping[str, object]) -> None:
    """Keep the mapping as one without a name, and make it the container's; its parts inherit it."""
    parameters = {"id": nameless_id(mapping), "definition": Jsonb(mapping), "container": container.id}
    session.execute(_KEEP_MAPPING, parameters)
    session.execute(_ADOPT_MAPPING, parameters)


def parts_cursor(session: Session, container: Item) -> int:
    """The position that is to be stored next."""
    [row] = session.execute(_CURSOR, {"container": container.id})
    return int(row["next"])
