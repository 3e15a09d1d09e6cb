"""The route of an export: a batch as one file, sent while it is read."""
# ruff: noqa: TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.modules.imports.usecases.export_files import Delimiter, chunks_of, csv_chunks, workbook_file
from app.modules.imports.usecases.export_lines import export_lines
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import TheHouse, Who, problems
from app.modules.imports.web.files import NEVER_RUN
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["batches"])

_MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_CONTENT: Final = {media_type.partition(";")[0]: _FILE for media_type in _MEDIA_TYPES.values()}


@router.get(
    "/batches/{batch_id}/export",
    operation_id="exportBatch",
    response_class=StreamingResponse,
    responses=problems(404) | {200: {"description": "One line for each item", "content": _CONTENT}},
    dependencies=[requires(Role.VIEWER)],
)
def export(
    batch_id: UUID,
    house: TheHouse,
    who: Who,
    file_format: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    delimiter: Annotated[Delimiter, Query(description="Of CSV; with semicolons decimals have a comma")] = "comma",
) -> StreamingResponse:
    """The batch as a table: what was read of each item, what was found, and where it went."""
    lots = export_lines(house.database, who.tenant_id, batch_id)
    content = csv_chunks(lots, delimiter) if file_format == "csv" else chunks_of(workbook_file(lots))
    name = f'attachment; filename="batch-{batch_id}.{file_format}"'
    headers = NEVER_RUN | {"Content-Disposition": name}
    return StreamingResponse(content, media_type=_MEDIA_TYPES[file_format], headers=headers)
