"""The web process: opens the house, mounts the routes, and nothing else."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from app.modules.imports.usecases.keys import create_demo_key
from app.modules.imports.web import (
    batch_endings,
    batches,
    events,
    exports,
    files,
    items,
    keys,
    mappings,
    operations,
    pages,
    tenant_settings,
    usage,
)
from app.modules.imports.web.ambiguous_length import RefuseAmbiguousLength
from app.modules.imports.web.failed_logins import FailedLogins, networks
from app.modules.imports.web.openapi import describe
from app.modules.imports.web.problems import add_problem_handlers
from app.security import refuse_unsafe_settings
from app.settings import Settings, settings
from app.telemetry import configure_logging, prepare_multiprocess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.responses import Response
    from starlette.types import Scope

_PREFIX: Final = "/api/v1/imports"
_ROUTERS: Final = (
    batches.router,
    batch_endings.router,
    events.router,
    exports.router,
    files.uploads,
    items.router,
    files.downloads,
    pages.router,
    operations.router,
    mappings.router,
    keys.router,
    tenant_settings.router,
    usage.router,
)
_CONSOLE_HEADERS: Final = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_CONSOLE: Final = Path(__file__).parents[2] / "web" / "public"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The house stands as long as the process answers."""
    opened = _opened(app)
    await run_in_threadpool(opened.__enter__)
    try:
        yield
    finally:
        await run_in_threadpool(opened.__exit__, None, None, None)


def create_app(config: Settings) -> FastAPI:
    """The application for these settings."""
    documented = config.environment != "production"
    app = FastAPI(
        title="GestiqCloud Imports",
        version="0.1.0",
        description="Batches of fiscal documents in, accounting records out, with the proof of every value.",
        lifespan=lifespan,
        docs_url="/docs" if documented else None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/openapi.json" if documented else None,
    )
    app.state.settings, app.state.house = config, None
    app.state.failed_logins = FailedLogins(config.failed_logins_per_minute)
    app.state.trusted_proxies = networks(config.trusted_proxies)
    for router in _ROUTERS:
        app.include_router(router, prefix=_PREFIX)
    app.include_router(operations.root)
    add_problem_handlers(app)
    app.add_middleware(RefuseAmbiguousLength)
    describe(app)
    mount_console(app)
    return app


def mount_console(app: FastAPI) -> None:
    """The review console, where its files are there."""
    if _CONSOLE.is_dir():
        app.mount("/console", _ConsoleFiles(directory=_CONSOLE, html=True), name="console")


class _ConsoleFiles(StaticFiles):
    """The console's own files. What a page may load it says itself; who may frame it only a header can say."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_CONSOLE_HEADERS)
        return response


@contextmanager
def _opened(app: FastAPI) -> Iterator[None]:
    config: Settings = app.state.settings
    refuse_unsafe_settings(config)
    if not config.enabled:
        yield
        return
    configure_logging(production=config.environment == "production")
    if config.runner_mode == "celery":  # the workers of this machine count beside us, and /metrics adds up
        prepare_multiprocess((config.metrics_dir or config.data_dir / "metrics").absolute(), clear=False)
    from app.modules.imports.application.bootstrap import open_house  # noqa: PLC0415  (a disabled module loads nothing)

    with open_house(config, with_runner=True) as house:
        app.state.house = house
        if config.environment == "development" and (key := create_demo_key(house.database)) is not None:
            print(f"First start: the tenant 'demo' was created. Its API key, shown once: {key}", file=sys.stderr)  # noqa: T201  (shown to a person, and kept out of the logs)
        yield
        app.state.house = None


app = create_app(settings())
