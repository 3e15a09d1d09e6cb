"""A mapping for a table that waits for one, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import Made, make_item

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.web.tests.conftest import Caller

MAPPING = {"name": "gastos", "definition": {"target": "expense", "columns": {"totals.gross": "tres"}}}


@pytest.fixture
def table(admin: Caller, database: Database) -> str:
    batch = UUID(admin.new_batch())
    with database.tenant_session(admin.tenant_id) as session:
        return str(make_item(session, batch, Made(state=ItemState.EXTRACT_FAILED, code="mapping_needed")))


def test_a_waiting_table_is_given_a_mapping_once(admin: Caller, table: str) -> None:
    mapping = admin.post("/mappings", MAPPING).json()["id"]
    given = admin.call("PUT", f"/items/{table}/mapping", json={"mapping_id": mapping})
    assert (given.status_code, given.json()["state"], given.json()["code"]) == (200, "classified", None)
    again = admin.call("PUT", f"/items/{table}/mapping", json={"mapping_id": mapping})
    assert (again.status_code, again.json()["code"]) == (409, "item_needs_no_mapping")


@pytest.mark.parametrize("body", [{}, {"mapping_id": "x"}, {"mapping_id": str(UUID(int=1)), "version": 0}])
def test_a_body_that_names_no_mapping_is_refused(admin: Caller, table: str, body: dict[str, object]) -> None:
    assert admin.call("PUT", f"/items/{table}/mapping", json=body).status_code == 422


def test_a_mapping_that_is_not_there_leaves_the_table_waiting(admin: Caller, table: str) -> None:
    refused = admin.call("PUT", f"/items/{table}/mapping", json={"mapping_id": str(UUID(int=1))})
    assert (refused.status_code, refused.json()["code"]) == (404, "mapping_not_found")
    assert admin.get(f"/items/{table}").json()["code"] == "mapping_needed"
