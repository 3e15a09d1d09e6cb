"""Admission: switched on, known, within its rate and allowed to do this, all before a byte of the body is read."""
# ruff: noqa: TC001, TC002  (the framework reads annotations at run time)

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from fastapi import Depends, Security
from fastapi.params import Depends as DependsParam
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app.modules.imports.usecases.house import House
from app.modules.imports.usecases.keys import authenticate
from app.modules.imports.usecases.rate_limit import UnknownTenant, take_token
from app.modules.imports.web.body_limit import limited
from app.modules.imports.web.failed_logins import FailedLogins, address_of
from app.modules.imports.web.problems import Problem, too_many_requests
from app.modules.imports.web.strict_form import FormRequest
from app.modules.imports.web.strict_json import StrictRequest
from app.security import Principal, Role, Unauthorised, credential_of, principal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

    from app.settings import Settings

_JSON_BYTES: Final = 4 * 1024 * 1024
_BYTES_PER_ROW: Final = 4096
_LARGEST_FILES: Final = 20
_BEARER: Final = HTTPBearer(auto_error=False, scheme_name="bearer", description="A JWT or an API key")
_API_KEY: Final = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="apiKey")


class Requires:
    """Says in the OpenAPI document what a route asks for; ``GuardedRoute`` enforces it."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(
        self,
        _bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
        _key: Annotated[str | None, Security(_API_KEY)] = None,
    ) -> None:
        """Nothing is left to do: the route has decided."""


def requires(role: Role) -> Any:  # noqa: ANN401  (the framework's own type of a dependency)
    """For ``dependencies=[…]`` of a route."""
    return Depends(Requires(role))


class GuardedRoute(APIRoute):
    """A route that admits before it reads. One without a role does not come into being."""

    request_class: ClassVar[type[StrictRequest]] = StrictRequest

    def most_bytes(self, house: House) -> int:
        """How much a request may bring: a page of rows is far from it."""
        return max(_JSON_BYTES, house.limits.max_rows * _BYTES_PER_ROW)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        role = _role_of(self.dependencies)

        async def guarded(request: Request) -> Response:
            request.state.principal = await run_in_threadpool(_admit, request, role)
            receive = limited(request, self.most_bytes(current_house(request)))
            return await handle(self.request_class(request.scope, receive))

        return guarded


class UploadRoute(GuardedRoute):
    """A guarded route that takes files."""

    request_class = FormRequest

    def most_bytes(self, house: House) -> int:
        """All files of a request together: as many as ``max_files``, but no more than twenty of the largest."""
        return house.limits.max_file_bytes * min(house.limits.max_files, _LARGEST_FILES) + _JSON_BYTES


def current_principal(request: Request) -> Principal:
    """Who was admitted."""
    principal: Principal = request.state.principal
    return principal


def current_house(request: Request) -> House:
    """The house of this process. Raises ``Problem`` 503 when the module is switched off."""
    house: House | None = getattr(request.app.state, "house", None)
    if house is None:
        raise Problem(503, "imports_disabled", "set IMPORTS_ENABLED=1 to switch imports on")
    return house


def _role_of(dependencies: list[DependsParam]) -> Role:
    return next(d.dependency.role for d in dependencies if isinstance(d.dependency, Requires))


def _admit(request: Request, needed: Role) -> Principal:
    house = current_house(request)
    principal = _principal(request, house)
    _take_token(house, principal)
    if not principal.role.covers(needed):
        raise Problem(403, "forbidden", f"this takes the role {needed.value}")
    return principal


def _principal(request: Request, house: House) -> Principal:
    def find_key(key: str) -> Principal | None:
        owner = authenticate(house.database, key)
        if owner is None:
            return None
        return Principal(tenant_id=owner.tenant_id, role=Role(owner.role), actor=f"key:{owner.key_id}")

    settings: Settings = request.app.state.settings
    try:
        credential = credential_of(request.headers.getlist("authorization"), request.headers.getlist("x-api-key"))
    except Unauthorised:
        raise _unauthorised() from None
    logins: FailedLogins = request.app.state.failed_logins
    address = address_of(request, request.app.state.trusted_proxies)
    if (wait := logins.wait(address, credential)) is not None:
        raise too_many_requests(wait)
    try:
        principal = principal_of(credential, settings, find_key)
    except Unauthorised:
        logins.refused(credential)
        logins.failed(address)
        raise _unauthorised() from None
    logins.succeeded(credential)
    return principal


def _take_token(house: House, principal: Principal) -> None:
    with house.database.tenant_session(principal.tenant_id) as session:
        try:
            wait = take_token(session, house.limits.requests_per_minute)
        except UnknownTenant:  # a token of a tenant that is gone
            raise _unauthorised() from None
    if wait is not None:
        raise too_many_requests(wait)


def _unauthorised() -> Problem:
    return Problem(401, "unauthorised", headers={"WWW-Authenticate": "Bearer"})
