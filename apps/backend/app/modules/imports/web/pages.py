"""Routes of pages: what an item's file looks like, page by page, whatever kind of file it is."""
# ruff: noqa: TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.modules.imports.domain.errors import RefusedUpload, Terminal
from app.modules.imports.usecases.items import item_file
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import TheHouse, Who, problems
from app.modules.imports.web.files import NEVER_RUN
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["files"])

_MOST_PAGES: Final = 500
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_SIZES: Final = {
    "Page-Count": ("Pages of the file", "integer"),
    "Page-Width": ("Width of the page in the units of the boxes found on it", "number"),
    "Page-Height": ("Height in the same units", "number"),
}
_DRAWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The page",
        "content": {"image/png": _BINARY},
        "headers": {name: {"description": text, "schema": {"type": kind}} for name, (text, kind) in _SIZES.items()},
    }
}


@router.get(
    "/items/{item_id}/pages/{number}.png",
    operation_id="getItemPage",
    response_class=Response,
    responses=problems(404, 409, 410) | _DRAWN,
    dependencies=[requires(Role.VIEWER)],
)
def read_page(item_id: UUID, number: Annotated[int, Path(ge=1, le=_MOST_PAGES)], house: TheHouse, who: Who) -> Response:
    """A page as it was read, drawn anew as PNG: turned upright, and laid flat where it was photographed."""
    with house.database.tenant_session(who.tenant_id) as session:
        file = item_file(session, item_id)
    try:
        page = house.page_pictures.draw(file.key, file.name or "", number)
    except Terminal as error:
        if error.code == "blob_missing":
            raise
        raise RefusedUpload("page_missing", error.code, status=404) from None
    sizes = {"Page-Count": str(page.count), "Page-Width": f"{page.width:g}", "Page-Height": f"{page.height:g}"}
    return Response(page.png, media_type="image/png", headers={**NEVER_RUN, **sizes})
