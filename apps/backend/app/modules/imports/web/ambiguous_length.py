"""Refuses a request that states its length in two ways (RFC 9112, 6.3): a proxy in front may believe the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.web.problems import problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class RefuseAmbiguousLength:
    """Answers 400 and closes the connection, so that nothing that follows on it is taken for a second request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = [name for name, _ in scope.get("headers", ()) if name in {b"content-length", b"transfer-encoding"}]
        if len(names) > 1:
            refusal = problem_response(400, "request_malformed", "two lengths", headers={"Connection": "close"})
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)
