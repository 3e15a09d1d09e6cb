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
    tenant_id: UUID
    key: str

    def call(self, method: str, path: str, **options: Any) -> Response:
        """A request under the prefix, with the caller's credential."""
        headers = {"X-API-Key": self.key, **options.pop("headers", {})}
        return self.client.request(method, PREFIX + path, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Response:
        return self.call("GET", path, **options)

    def post(self, path: str, json: object = None, **options: Any) -> Response:
        return self.call("POST", path, json=json, **options)

    def new_batch(self) -> str:
        batch_id: str = self.post("/batches", {"name": "March"}).json()["id"]
        return batch_id


@pytest.fixture
def client(quiet_house: House, config: Settings) -> Iterator[TestClient]:
    """The application in a house where nobody works: what is ingested stays pending."""
    app = create_app(config)
    app.state.house = quiet_house
    client = TestClient(app)
    yield client
    client.close()


def caller(client: TestClient, database: Database, tenant_id: UUID, role: Role = Role.ADMIN) -> Caller:
    """A client with a new key of the role."""
    with database.tenant_session(tenant_id) as session:
        key = create_key(session, name="test", role=role, actor="test").key
    return Caller(client, tenant_id, key)


@pytest.fixture
def admin(client: TestClient, database: Database, tenant: UUID) -> Caller:
    return caller(client, database, tenant)


@pytest.fixture
def stranger(client: TestClient, database: Database) -> Caller:
    """An administrator of another tenant."""
    return caller(client, database, new_tenant(database, "globex"))
