"""Routes of mappings: stored by version, tried on rows before they are used."""
# ruff: noqa: TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from app.modules.imports.usecases.mapping_trials import preview_rows, suggest_mapping
from app.modules.imports.usecases.mappings import (
    add_version,
    create_mapping,
    delete_mapping,
    get_mapping,
    list_mappings,
)
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import Creation, Cursor, IdempotencyKey, Limit, TheHouse, Who, problems
from app.modules.imports.web.mapping_schemas import (
    DraftPreviewBody,
    MappingAnswer,
    MappingBody,
    MappingPage,
    PreviewAnswer,
    PreviewBody,
    SuggestionAnswer,
)
from app.security import Role

router = APIRouter(route_class=GuardedRoute, prefix="/mappings", tags=["mappings"])


@router.post(
    "",
    operation_id="createMapping",
    status_code=201,
    response_model=MappingAnswer,
    responses=problems(400, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def create(body: MappingBody, house: TheHouse, who: Who, key: IdempotencyKey = None) -> JSONResponse:
    """Store a mapping."""
    creation = Creation(house, who, key, "mappings", body.model_dump(mode="json"))
    return creation.answer(
        201,
        lambda session: MappingAnswer.model_validate(create_mapping(session, body.name, body.definition, who.actor)),
    )


@router.get("", operation_id="listMappings", responses=problems(), dependencies=[requires(Role.VIEWER)])
def read_list(house: TheHouse, who: Who, limit: Limit = 50, cursor: Cursor = None) -> MappingPage:
    """The latest version of each mapping, by name."""
    with house.database.tenant_session(who.tenant_id) as session:
        page = list_mappings(session, limit=limit, cursor=cursor)
    mappings = [MappingAnswer.model_validate(mapping) for mapping in page.entries]
    return MappingPage(mappings=mappings, next_cursor=page.next_cursor)


@router.post(
    "/preview",
    operation_id="previewDraftMapping",
    responses=problems(400, 413),
    dependencies=[requires(Role.VIEWER)],
)
def preview_draft(body: DraftPreviewBody) -> PreviewAnswer:
    """What rows would become by a mapping that is not stored yet."""
    return PreviewAnswer.model_validate(preview_rows(body.definition, body.rows))


@router.post(
    "/suggest",
    operation_id="suggestMapping",
    responses=problems(400, 413),
    dependencies=[requires(Role.VIEWER)],
)
def suggest(body: PreviewBody) -> SuggestionAnswer:
    """The mapping that rows seem to need, for a person to confirm."""
    return SuggestionAnswer.model_validate(suggest_mapping(body.rows))


@router.get(
    "/{mapping_id:uuid}", operation_id="getMapping", responses=problems(404), dependencies=[requires(Role.VIEWER)]
)
def read_one(
    mapping_id: UUID, house: TheHouse, who: Who, version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None
) -> MappingAnswer:
    """A mapping, the latest version unless another is asked for."""
    with house.database.tenant_session(who.tenant_id) as session:
        return MappingAnswer.model_validate(get_mapping(session, mapping_id, version))


@router.put(
    "/{mapping_id:uuid}",
    operation_id="replaceMapping",
    responses=problems(400, 404, 409, 413),
    dependencies=[requires(Role.REVIEWER)],
)
def replace(mapping_id: UUID, body: MappingBody, house: TheHouse, who: Who) -> MappingAnswer:
    """Store the next version; what was ingested before keeps its own."""
    with house.database.tenant_session(who.tenant_id) as session:
        return MappingAnswer.model_validate(add_version(session, mapping_id, body.name, body.definition, who.actor))


@router.delete(
    "/{mapping_id:uuid}",
    operation_id="deleteMapping",
    status_code=204,
    responses=problems(404),
    dependencies=[requires(Role.REVIEWER)],
)
def delete(mapping_id: UUID, house: TheHouse, who: Who) -> None:
    """No new item may use it any more."""
    with house.database.tenant_session(who.tenant_id) as session:
        delete_mapping(session, mapping_id, who.actor)


@router.post(
    "/{mapping_id:uuid}/preview",
    operation_id="previewMapping",
    responses=problems(400, 404, 413),
    dependencies=[requires(Role.VIEWER)],
)
def preview(mapping_id: UUID, body: PreviewBody, house: TheHouse, who: Who) -> PreviewAnswer:
    """What rows would become; nothing is stored."""
    with house.database.tenant_session(who.tenant_id) as session:
        mapping = get_mapping(session, mapping_id)
    return PreviewAnswer.model_validate(preview_rows(mapping.definition, body.rows))
