"""Every error as a problem document (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457), with a code that stays."""

from __future__ import annotations

import math
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import psycopg
import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.modules.imports.domain.errors import ImportsError, QuotaReached, RefusedUpload, Terminal, Transient

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

    Handler = Callable[[Request, Exception], JSONResponse]

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:gestiq-imports:problem:"
_BUSY: Final = {"Retry-After": "5"}
_CODES: Final = {
    400: "request_malformed",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type_unsupported",
    422: "request_invalid",
}
_MOST_ERRORS: Final = 20


class Problem(HTTPException):
    """A refusal with its code. Extends the framework's own, so that it passes wherever that one does."""

    def __init__(self, status: int, code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code=status, detail=detail, headers=headers)
        self.code = code


def add_problem_handlers(app: FastAPI) -> None:
    """Whatever goes wrong is answered as a problem document."""
    handlers: dict[type[Exception], Callable[[Request, Any], JSONResponse]] = {
        HTTPException: _http,
        RequestValidationError: _invalid,
        ImportsError: _imports_error,
        OperationalError: _database_away,
        PoolTimeout: _database_away,
        DataError: _value_refused,
        psycopg.DataError: _value_refused,  # when an answer is read, nobody wraps it
        IntegrityError: _conflict,
        Exception: _bug,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, cast("Any", handler))


def problem_response(
    status: int, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: object
) -> JSONResponse:
    """One problem document. The same problem gives the same bytes, whatever was asked for."""
    content = {
        "type": f"{_TYPE}{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def too_many_requests(seconds: float) -> Problem:
    """The tenant's bucket is empty for so long."""
    headers = _retry_after(seconds)
    return Problem(429, "rate_limited", f"try again in {headers['Retry-After']} s", headers=headers)


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def _http(request: Request, error: HTTPException) -> JSONResponse:
    status = error.status_code
    code = error.code if isinstance(error, Problem) else _CODES.get(status, f"http_{status}")
    detail = error.detail if isinstance(error, Problem) else ""
    headers = {"Allow": _allowed(request)} if status == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return problem_response(status, code, detail, headers=headers)


def _allowed(request: Request) -> str:
    """The methods of the path. The framework names those of the first route on it, and each method is a route here."""
    paths = request.app.openapi()["paths"]
    asked = request.url.path
    found = paths.get(asked) or {m for path in paths if _pattern(path).match(asked) for m in paths[path]}
    return ", ".join(sorted(method.upper() for method in found))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return compile_path(path)[0]


def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """Where and why, never what was sent."""
    errors = error.errors()
    listed = [_place(one) for one in errors[:_MOST_ERRORS]]
    return problem_response(422, "request_invalid", f"{len(errors)} values are not as documented", errors=listed)


def _place(error: Mapping[str, Any]) -> dict[str, str]:
    location: Sequence[object] = error["loc"]
    field = ".".join(str(part)[:80] for part in location[:8])
    return {"field": field, "code": str(error["type"]), "detail": str(error["msg"])[:300]}


def _imports_error(request: Request, error: ImportsError) -> JSONResponse:
    match error:
        case QuotaReached(retry_after=float() as seconds):
            return problem_response(error.status, error.code, error.detail, headers=_retry_after(seconds))
        case RefusedUpload():
            return problem_response(error.status, error.code, error.detail)
        case Transient():
            return problem_response(503, error.code, "try again soon", headers=_BUSY)
        case Terminal():
            return problem_response(410, error.code)
        case _:
            return _bug(request, error)


def _database_away(_: Request, error: Exception) -> JSONResponse:
    log.warning("database_away", error=type(error).__name__)
    return problem_response(503, "database_unavailable", "try again soon", headers=_BUSY)


def _value_refused(_: Request, __: Exception) -> JSONResponse:
    return problem_response(422, "value_refused", "a value cannot be stored")


def _conflict(_: Request, __: Exception) -> JSONResponse:
    return problem_response(409, "conflict", "somebody else changed this at the same moment")


def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return problem_response(500, "internal_error")
