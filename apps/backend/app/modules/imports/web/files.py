"""Routes of files: many up at once, one down again, always as an attachment that no browser runs."""
# ruff: noqa: TC001, TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

import hashlib
from typing import Annotated, BinaryIO, Final
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import FileResponse, JSONResponse
from pydantic.json_schema import SkipJsonSchema

from app.database import Session
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.file_name import shown_name
from app.modules.imports.usecases.house import House
from app.modules.imports.usecases.ingest import Upload, ingest_files, refuse_ingest, ring_for_new, store_uploads
from app.modules.imports.usecases.items import item_file
from app.modules.imports.usecases.quotas import Spending, give_back, prepay, within_room
from app.modules.imports.web.admission import GuardedRoute, UploadRoute, requires
from app.modules.imports.web.dependencies import Creation, IdempotencyKey, TheHouse, Who, problems
from app.modules.imports.web.schemas import IngestAnswer
from app.security import Role

uploads = APIRouter(route_class=UploadRoute, tags=["files"])
downloads = APIRouter(route_class=GuardedRoute, tags=["files"])

_BLOCK: Final = 1024 * 1024
NEVER_RUN: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@uploads.post(
    "/batches/{batch_id}/files",
    operation_id="ingestFiles",
    response_model=IngestAnswer,
    responses=problems(400, 404, 409, 413, 507),
    dependencies=[requires(Role.UPLOADER)],
)
def upload(  # noqa: PLR0913, PLR0917  (one argument per part of the form)
    batch_id: UUID,
    house: TheHouse,
    who: Who,
    files: Annotated[list[UploadFile], File(min_length=1, description="One item each")],
    mapping_id: Annotated[UUID | SkipJsonSchema[None], Form(description="How tables among them are to be read")] = None,
    key: IdempotencyKey = None,
) -> JSONResponse:
    """Take in files: one item each."""
    _refuse_too_much(files, house)
    brought = Spending(files=len(files), bytes=sum(file.size or 0 for file in files))
    creation = Creation(house, who, key, "files", batch_id, mapping_id, _digests(files) if key else None)
    with house.database.tenant_session(who.tenant_id) as session:
        if (kept := creation.kept(session)) is not None:
            return kept
        refuse_ingest(session, batch_id, mapping_id)
        prepay(session, house.limits.quotas, brought)

    def effect(session: Session) -> IngestAnswer:
        with within_room(session, house.limits.quotas):
            return IngestAnswer.model_validate(ingest_files(session, batch_id, stored, mapping_id))

    try:
        stored = store_uploads(house, who.tenant_id, [Upload(name=f.filename or "", content=f.file) for f in files])
        answer = creation.answer(200, effect)
    except RefusedUpload:
        raise
    except Exception:
        with house.database.tenant_session(who.tenant_id) as session:
            give_back(session, brought)
        raise
    ring_for_new(house, who.tenant_id)
    return answer


@downloads.get(
    "/items/{item_id}/file",
    operation_id="getItemFile",
    response_class=FileResponse,
    responses=problems(404, 409, 410)
    | {200: {"description": "The original", "content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
    dependencies=[requires(Role.VIEWER)],
)
def download(item_id: UUID, house: TheHouse, who: Who) -> FileResponse:
    """The file as it was uploaded."""
    with house.database.tenant_session(who.tenant_id) as session:
        file = item_file(session, item_id)
    name = (file.name or str(item_id)).rpartition("/")[2].rpartition("\\")[2]
    return FileResponse(
        house.files.path(file.key), filename=name, media_type="application/octet-stream", headers=NEVER_RUN
    )


def _refuse_too_much(files: list[UploadFile], house: House) -> None:
    """Before anything is written; the store counts again."""
    if len(files) > house.limits.max_files:
        raise RefusedUpload("too_many_files", f"at most {house.limits.max_files} in one request", status=413)
    for file in files:
        if not file.size:
            raise RefusedUpload("empty_file", shown_name(file.filename or ""))
        if file.size > house.limits.max_file_bytes:
            detail = f"{shown_name(file.filename or '')}: at most {house.limits.max_file_bytes} bytes"
            raise RefusedUpload("file_too_large", detail, status=413)


def _digests(files: list[UploadFile]) -> list[tuple[str, str]]:
    """What tells the request from another one with its key, known before anything is stored."""
    return [(_digest(file.file), file.filename or "") for file in files]


def _digest(content: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := content.read(_BLOCK):
        digest.update(block)
    content.seek(0)
    return digest.hexdigest()
