"""The OpenAPI document: what the framework derives from the routes, and the one shape of all problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from fastapi.openapi.utils import get_openapi

from app.modules.imports.web.schemas import ProblemBody

if TYPE_CHECKING:
    from fastapi import FastAPI


def describe(app: FastAPI) -> None:
    """Have the app answer ``/openapi.json`` with the whole document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = ProblemBody.model_json_schema() | {"title": "Problem"}
            app.openapi_schema = schema
        return app.openapi_schema

    cast("Any", app).openapi = document
