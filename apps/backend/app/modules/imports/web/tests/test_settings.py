"""A tenant's settings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from app.modules.imports.web.tests.conftest import Caller


@pytest.mark.parametrize(("given", "kept"), [("2190", 2190), ("2190.0", 2190), ("0", 0)])
def test_days_are_whole_numbers_as_json_writes_them(admin: Caller, given: str, kept: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = admin.call("PATCH", "/settings", content=f'{{"keep_originals_days": {given}}}', headers=headers)
    assert answer.json()["keep_originals_days"] == kept
    assert admin.get("/settings").json()["keep_originals_days"] == kept


@pytest.mark.parametrize("given", [7.5, -1, 36_501, "7", True, 1e300])
def test_other_days_are_refused(admin: Caller, given: object) -> None:
    answer = admin.call("PATCH", "/settings", json={"keep_originals_days": given})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
