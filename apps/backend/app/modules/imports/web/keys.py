"""Routes of API keys, for administrators of a tenant."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.database import Session
from app.modules.imports.usecases.keys import create_key, list_keys, revoke_key
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import Creation, IdempotencyKey, TheHouse, Who, problems
from app.modules.imports.web.schemas import KeyAnswer, KeyList, NewKeyAnswer, NewKeyBody
from app.security import Role

router = APIRouter(route_class=GuardedRoute, prefix="/keys", tags=["keys"])

_SHOWN_ONCE: Final = frozenset({"key"})


@router.post(
    "",
    operation_id="createKey",
    status_code=201,
    response_model=NewKeyAnswer,
    responses=problems(400, 409, 413),
    dependencies=[requires(Role.ADMIN)],
)
def create(body: NewKeyBody, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Make a key; it is shown in this answer and never again."""
    creation = Creation(house, who, key, "keys", body.model_dump(mode="json"))

    def effect(session: Session) -> NewKeyAnswer:
        new = create_key(session, name=body.name, role=body.role, actor=who.actor, expires_at=body.expires_at)
        return NewKeyAnswer(key=new.key, **KeyAnswer.model_validate(new.stored).model_dump())

    return creation.answer(201, effect, forget=_SHOWN_ONCE)


@router.get("", operation_id="listKeys", responses=problems(), dependencies=[requires(Role.ADMIN)])
def read_list(house: TheHouse, who: Who) -> KeyList:
    """All keys of the tenant; none of them can be read."""
    with house.database.tenant_session(who.tenant_id) as session:
        return KeyList(keys=[KeyAnswer.model_validate(key) for key in list_keys(session)])


@router.delete(
    "/{key_id}",
    operation_id="revokeKey",
    status_code=204,
    responses=problems(404),
    dependencies=[requires(Role.ADMIN)],
)
def revoke(key_id: UUID, house: TheHouse, who: Who) -> None:
    """The key opens nothing from now on."""
    with house.database.tenant_session(who.tenant_id) as session:
        revoke_key(session, key_id, who.actor)
