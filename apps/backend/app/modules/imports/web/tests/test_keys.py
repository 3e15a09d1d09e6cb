"""API keys over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller


def test_a_key_is_shown_once_and_stored_nowhere(admin: Caller, database: Database) -> None:
    headers = {"Idempotency-Key": "key-1"}
    made = admin.post("/keys", {"name": "bookkeeping", "role": "uploader"}, headers=headers)
    key = made.json()["key"]
    assert made.status_code == 201
    assert key.startswith("giq_")
    again = admin.post("/keys", {"name": "bookkeeping", "role": "uploader"}, headers=headers)
    assert again.json() == made.json() | {"key": None}
    assert key not in admin.get("/keys").text
    with database.tenant_session(admin.tenant_id) as session:
        for table in ("api_keys", "import_requests", "import_audit"):
            assert key not in str(session.execute(f"SELECT t::text FROM {table} t"))


def test_keys_are_listed_with_what_became_of_them(admin: Caller) -> None:
    key_id = admin.post("/keys", {"name": "gone", "role": "viewer"}).json()["id"]
    admin.call("DELETE", f"/keys/{key_id}")
    own, gone = admin.get("/keys").json()["keys"]
    assert (own["role"], own["revoked_at"]) == ("admin", None)
    assert (gone["id"], gone["name"], gone["revoked_at"] is not None) == (key_id, "gone", True)


@pytest.mark.parametrize(
    "moment",
    [
        *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "1999-12-31T23:00:00-05:00"),
        *("2030-01-01T00:00:00", "tomorrow", 1_900_000_000),
    ],
)
def test_an_end_that_is_not_as_documented_is_refused(admin: Caller, moment: str | int) -> None:
    answer = admin.post("/keys", {"name": "a", "expires_at": moment})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    assert admin.get("/keys").status_code == 200


def test_an_end_far_away_is_kept_as_it_is(admin: Caller) -> None:
    stored = admin.post("/keys", {"name": "a", "expires_at": "2049-12-31T23:00:00+01:00"}).json()
    assert datetime.fromisoformat(stored["expires_at"]) == datetime(2049, 12, 31, 22, tzinfo=UTC)
