"""``give-mapping``: a stored mapping by its id, or a new one from a JSON file, for a table that waits for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.give_mapping import give_mapping
from app.modules.imports.usecases.items import get_item
from app.modules.imports.usecases.mappings import create_mapping

if TYPE_CHECKING:
    from app.modules.imports.ports import SqlSession
    from app.modules.imports.usecases.house import House


def give_stored_or_new(house: House, tenant_id: UUID, item_id: UUID, mapping: str) -> UUID:
    """Gives the mapping, rings, and answers with the batch of the item. Raises ``RefusedUpload``."""
    with house.database.tenant_session(tenant_id) as session:
        stage = give_mapping(session, item_id, _mapping_id(session, mapping), "cli")
        batch_id: UUID = get_item(session, item_id, "en").summary.batch_id
    house.doorbell.ring(Ring(stage, tenant_id))
    return batch_id


def _mapping_id(session: SqlSession, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        pass
    path = Path(text)
    try:
        definition = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RefusedUpload("mapping_not_found", f"{text} is no id and no JSON file") from error
    return create_mapping(session, path.stem, definition, "cli").id
