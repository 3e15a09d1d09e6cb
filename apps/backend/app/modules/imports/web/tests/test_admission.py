"""Nobody gets in without a valid credential, a role that is enough, and a token in the bucket."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
import pytest
from pydantic import SecretStr

from app.modules.imports.web.tests.conftest import PREFIX, new_key
from app.security import Role

if TYPE_CHECKING:
    from uuid import UUID

    from fastapi import FastAPI

    from app.database import Database
    from app.modules.imports.usecases.house import House
    from app.modules.imports.web.tests.conftest import Caller

    Client = Any

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-A-B-C"


@pytest.fixture
def token_client(client: Client, application: FastAPI) -> Client:
    state = application.state
    state.settings = state.settings.model_copy(update={"jwt_secret": SecretStr(SECRET)})
    return client


def claims(tenant_id: UUID, /, **changed: object) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "sub": "ana", "tenant_id": str(tenant_id), "role": "viewer", "typ": "access",
        "iss": "gestiqcloud", "aud": "imports", "iat": now, "exp": now + 60,
    }  # fmt: skip
    return {name: value for name, value in (usual | changed).items() if value is not None}


def status_with(client: Client, token: str) -> int:
    status: int = client.get(PREFIX + "/batches", headers={"Authorization": f"Bearer {token}"}).status_code
    return status


def test_every_route_refuses_a_request_without_a_credential(client: Client) -> None:
    tried = 0
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods if path.startswith(PREFIX) else ():
            for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic eDp5"}, {"X-API-Key": "giq_no"}):
                url = re.sub(r"{[a-z_]+_id}", str(uuid4()), path).replace("{number}", "1")
                answer = client.request(method, url, headers=headers, content=b"{not json")
                assert answer.status_code == 401, (method, path, answer.text)
                assert answer.json()["detail"] == ""
                assert answer.headers["content-type"] == "application/problem+json"
            tried += 1
    assert tried >= 24


def test_a_module_that_is_switched_off_says_so_before_it_asks_who_is_there(
    client: Client, application: FastAPI
) -> None:
    application.state.house = None
    for method, path in (("GET", "/batches"), ("POST", "/batches"), ("POST", f"/batches/{uuid4()}/ingest")):
        answer = client.request(method, PREFIX + path, content=b"{not json")
        assert (answer.status_code, answer.json()["code"]) == (503, "imports_disabled")


def test_a_role_may_do_what_the_roles_below_it_may_and_no_more(admin: Caller, database: Database) -> None:
    needed = {
        ("GET", "/batches"): Role.VIEWER,
        ("POST", "/batches"): Role.UPLOADER,
        ("POST", "/mappings"): Role.REVIEWER,
        ("PATCH", f"/items/{uuid4()}"): Role.REVIEWER,
        ("GET", "/keys"): Role.ADMIN,
    }
    for role in Role:
        person = replace(admin, key=new_key(database, admin.tenant_id, role))
        for (method, path), least in needed.items():
            refused = person.call(method, path, json={}).status_code == 403
            assert refused is not role.covers(least), (role, method, path)


def test_a_revoked_key_opens_nothing_any_more(admin: Caller) -> None:
    new = admin.post("/keys", {"name": "short", "role": "viewer"}).json()
    person = replace(admin, key=new["key"])
    assert person.get("/batches").status_code == 200
    assert admin.call("DELETE", f"/keys/{new['id']}").status_code == 204
    assert person.get("/batches").status_code == 401


def test_an_expired_key_opens_nothing(admin: Caller) -> None:
    new = admin.post("/keys", {"name": "old", "expires_at": "2020-01-01T00:00:00Z"}).json()
    assert replace(admin, key=new["key"]).get("/batches").status_code == 401


def test_two_credentials_at_once_are_none(admin: Caller) -> None:
    assert admin.get("/batches", headers={"Authorization": f"Bearer {admin.key}"}).status_code == 401


def test_a_key_may_also_come_as_a_bearer(admin: Caller) -> None:
    assert status_with(admin.client, admin.key) == 200


def test_a_token_is_let_in_with_the_role_it_states(token_client: Client, tenant: UUID) -> None:
    assert status_with(token_client, jwt.encode(claims(tenant), SECRET, "HS256")) == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"aud": "other"},
        {"aud": None},
        {"iss": "other"},
        {"iss": None},
        {"sub": None},
        {"typ": "id"},
        {"typ": None},
        {"role": "owner"},
        {"role": None},
        {"role": ["admin"]},
        {"tenant_id": "acme"},
        {"tenant_id": 7},
        {"tenant_id": None},
        {"tenant_id": "00000000-0000-4000-8000-000000000000"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(token_client: Client, tenant: UUID, changed: dict[str, object]) -> None:
    assert status_with(token_client, jwt.encode(claims(tenant, **changed), SECRET, "HS256")) == 401


def test_a_token_signed_otherwise_is_refused(token_client: Client, tenant: UUID) -> None:
    unsigned = jwt.encode(claims(tenant), None, algorithm="none")  # type: ignore[arg-type]
    longer = jwt.encode(claims(tenant), SECRET * 2, algorithm="HS512")
    other = jwt.encode(claims(tenant), SECRET[::-1], algorithm="HS256")
    critical = jwt.encode(claims(tenant), SECRET, algorithm="HS256", headers={"crit": ["exp2"], "exp2": 1})
    assert {status_with(token_client, token) for token in (unsigned, longer, other, critical, "a.b.c")} == {401}


def test_no_token_is_accepted_without_a_secret(client: Client, tenant: UUID) -> None:
    assert status_with(client, jwt.encode(claims(tenant), SECRET, "HS256")) == 401


def test_a_tenant_that_asks_too_often_is_told_when_to_come_back(
    admin: Caller, stranger: Caller, quiet_house: House
) -> None:
    slow = replace(quiet_house.limits, requests_per_minute=3)
    admin.app.state.house = replace(quiet_house, limits=slow)
    answers = [admin.get("/batches") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
    assert stranger.get("/batches").status_code == 200
