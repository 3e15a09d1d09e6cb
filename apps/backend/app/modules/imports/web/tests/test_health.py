"""What the process says of the parts it leans on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_health_names_the_walls_that_stand_and_those_that_do_not(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    health = answer.json()
    assert health["status"] == "ok"
    assert "rlimits" in health["parser_walls"]
    assert not set(health["parser_walls"]) & set(health["missing_walls"])
