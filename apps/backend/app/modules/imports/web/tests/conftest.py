"""The application on a real database, with two tenants and a key for every role."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.conftest import new_tenant
from app.main import create_app
from app.modules.imports.usecases.keys import create_key
from app.security import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from fastapi import FastAPI
    from httpx import Response

    from app.database import Database
    from app.modules.imports.usecases.house import House
    from app.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client works with httpx as well as with its successor
    from fastapi.testclient import TestClient

PREFIX = "/api/v1/imports"


@dataclass(frozen=True, slots=True)
class Caller:
    """A tenant's client with a key of one role."""

    client: TestClient
    app: FastAPI
    tenant_id: UUID
    key: str

    def call(self, method: str, path: str, **options: Any) -> Response:  # noqa: ANN401  (what the client takes)
        """A request under the prefix, with the caller's credential."""
        headers = {"X-API-Key": self.key, **options.pop("headers", {})}
        answer: Response = self.client.request(method, PREFIX + path, headers=headers, **options)
        return answer

    def get(self, path: str, **options: Any) -> Response:  # noqa: ANN401  (what the client takes)
        return self.call("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> Response:  # noqa: ANN401  (what the client takes)
        return self.call("POST", path, json=json, **options)

    def new_batch(self) -> str:
        batch_id: str = self.post("/batches", {"name": "March"}).json()["id"]
        return batch_id


@pytest.fixture
def application(quiet_house: House, config: Settings) -> FastAPI:
    """The application in a house where nobody works: what is ingested stays pending."""
    app = create_app(config)
    app.state.house = quiet_house
    return app


@pytest.fixture
def client(application: FastAPI) -> Iterator[TestClient]:
    client = TestClient(application)
    yield client
    client.close()


@pytest.fixture
def admin(client: TestClient, application: FastAPI, database: Database, tenant: UUID) -> Caller:
    return Caller(client, application, tenant, new_key(database, tenant))


@pytest.fixture
def stranger(client: TestClient, application: FastAPI, database: Database) -> Caller:
    """An administrator of another tenant."""
    other = new_tenant(database, "globex")
    return Caller(client, application, other, new_key(database, other))


def new_key(database: Database, tenant_id: UUID, role: Role = Role.ADMIN) -> str:
    with database.tenant_session(tenant_id) as session:
        return create_key(session, name="test", role=role, actor="test").key
