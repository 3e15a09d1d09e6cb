"""Where items go whose stage is done: on under the same lease, to the next stage's queue, or to their rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.adapters.postgres.lease import change_ours, close_lease, move_lease
from app.modules.imports.domain.pipeline import LIGHT_KINDS, next_stage, passed_by
from app.modules.imports.ports import Item, Ring, Slice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from app.database import Session
    from app.modules.imports.adapters.postgres.lease import Timing
    from app.modules.imports.domain.pipeline import StageSpec

# The lease says which items are meant, so that no list of ids has to travel: whatever is not done was let go before.
_WALK_ON = """
UPDATE import_items SET state = %(state)s, attempt = 1, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""
_RECORD_IDLE = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at)
SELECT i.tenant_id, i.id, passed.stage, 1, 'done', clock_timestamp()
FROM import_items i CROSS JOIN unnest(%(stages)s::text[]) AS passed (stage)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.lease_token = %(token)s
"""
_HAND_ON = """
UPDATE import_items SET state = %(state)s, due_stage = %(stage)s, attempt = 0, lease_token = NULL, code = NULL,
    next_run_at = CASE WHEN %(stage)s::text IS NOT NULL THEN clock_timestamp() END, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""
_THESE = "AND id = ANY (%(ids)b::uuid[])"


def go_on(session: Session, slice_: Slice, done: Sequence[Item], timing: Timing) -> tuple[list[Ring], Slice | None]:
    """Whom to ring for what was handed on, and the slice of the light ones, already in the stage they walk on to."""
    following = next_stage(slice_.stage)
    light = [item for item in done if item.kind in LIGHT_KINDS] if following else []
    rings = []
    if len(light) < len(done):
        heavy = [item for item in done if item.kind not in LIGHT_KINDS] if light else done
        _hand_on(session, slice_, heavy, following, all_there_are=not light)
        rings = [Ring(following.name, slice_.tenant_id)] if following else []
    if not light:
        close_lease(session, slice_.token)
        return rings, None
    return rings, _walk_on(session, slice_, light, timing)


def _hand_on(
    session: Session, slice_: Slice, items: Sequence[Item], following: StageSpec | None, *, all_there_are: bool
) -> None:
    parameters: dict[str, object] = {
        "token": slice_.token,
        "state": slice_.stage.gives.value,
        "stage": following.name.value if following else None,
    }
    if all_there_are:
        change_ours(session, _HAND_ON, parameters, len(items))
    else:
        change_ours(session, _HAND_ON + _THESE, parameters | {"ids": _ids(items)}, len(items))


def _walk_on(session: Session, slice_: Slice, items: Sequence[Item], timing: Timing) -> Slice:
    passed = passed_by(slice_.stage, {item.kind for item in items})
    stage = next_stage((slice_.stage, *passed)[-1])
    assert stage is not None  # the last stage is idle for nobody
    parameters: dict[str, object] = {"token": slice_.token, "state": stage.running.value}
    change_ours(session, _WALK_ON, parameters, len(items))
    if passed:
        session.execute(_RECORD_IDLE, {"token": slice_.token, "stages": [spec.name.value for spec in passed]})
    move_lease(session, slice_.token, stage, timing)
    return Slice(token=slice_.token, tenant_id=slice_.tenant_id, stage=stage, items=tuple(items))


def _ids(items: Sequence[Item]) -> list[UUID]:
    return [item.id for item in items]
