"""What routes are handed, and how a route that creates answers the same request only once."""
# ruff: noqa: TC002, TC003  (the framework reads annotations at run time)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request

from app.modules.imports.ports import Ring
from app.modules.imports.usecases.house import House
from app.modules.imports.usecases.idempotency import Answer, answer_kept, fingerprint, once
from app.modules.imports.usecases.paging import MOST_PER_PAGE
from app.modules.imports.web.admission import current_house, current_principal
from app.modules.imports.web.problems import MEDIA_TYPE
from app.security import Principal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.database import Session
    from app.modules.imports.domain.pipeline import StageName

_LANGUAGES: Final = ("es", "en")
_TITLES: Final = {
    400: "The body cannot be read",
    401: "No valid credential",
    403: "The role is not enough",
    404: "Not there, or another tenant's",
    409: "Not in the state that this needs",
    410: "The file is gone from the store",
    413: "More than one request may bring",
    422: "Not as documented",
    429: "Too many requests; Retry-After says when",
    507: "The tenant's store is full",
    503: "Switched off, or away for a moment",
}
_ALWAYS: Final = (401, 403, 422, 429, 503)


def language_of(request: Request) -> str:
    """The first of our languages that the client names; Spanish when it names none."""
    wanted = (part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((language for language in wanted if language in _LANGUAGES), _LANGUAGES[0])


TheHouse = Annotated[House, Depends(current_house)]
Who = Annotated[Principal, Depends(current_principal)]
Language = Annotated[str, Depends(language_of)]
Limit = Annotated[int, Query(description=f"Entries per page; more than {MOST_PER_PAGE} gives {MOST_PER_PAGE}")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before", max_length=500)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same request is answered once, for 24 hours",
    ),
]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents that a route may answer with, for OpenAPI."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": _TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted({*_ALWAYS, *statuses})
    }


class Creation:
    """One POST that creates: its effect and the memory of its answer commit together."""

    def __init__(self, house: House, who: Principal, key: str | None, *request: object) -> None:
        self._house = house
        self._tenant_id: UUID = who.tenant_id
        self._key = key
        self._fingerprint = fingerprint(*request)

    def kept(self, session: Session) -> JSONResponse | None:
        """What the same request was answered before. For what costs something before its transaction."""
        answer = answer_kept(session, self._key, self._fingerprint) if self._key else None
        return _replayed(answer) if answer is not None else None

    def answer(
        self,
        status: int,
        effect: Callable[[Session], BaseModel],
        forget: frozenset[str] = frozenset(),
    ) -> JSONResponse:
        """Answers with what ``effect`` returns; of that, ``forget`` is shown once and never kept."""
        shown: dict[str, Any] = {}

        def run() -> Answer:
            shown.update(effect(session).model_dump(mode="json"))
            return Answer(status=status, body={k: None if k in forget else v for k, v in shown.items()})

        with self._house.database.tenant_session(self._tenant_id) as session:
            answer = once(session, self._key, self._fingerprint, run) if self._key else run()
        return _replayed(answer) if answer.replayed else JSONResponse(shown, status_code=answer.status)


def _replayed(answer: Answer) -> JSONResponse:
    return JSONResponse(answer.body, status_code=answer.status, headers={"Idempotency-Replayed": "true"})


def ring(house: House, who: Principal, stages: Iterable[StageName]) -> None:
    """After the commit: the stages have work."""
    for stage in stages:
        house.doorbell.ring(Ring(stage, who.tenant_id))
