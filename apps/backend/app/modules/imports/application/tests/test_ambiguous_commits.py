"""The line is cut at a COMMIT, so that nobody knows whether it was made: nothing is lost and nothing done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from sqlalchemy.exc import OperationalError

from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.application.tests.commit_gate import CommitGate
from app.modules.imports.application.tests.driving import assert_published_exactly_once, rows_of
from chaos.crash_scenarios import Actor, rows

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.settings import Settings

_MOST_COMMITS = 60


@pytest.mark.parametrize("how", ["lost", "unanswered"])
def test_a_cut_off_commit_is_neither_lost_nor_made_twice(
    config: Settings, database: Database, tenant: UUID, tmp_path: Path, how: Literal["lost", "unanswered"]
) -> None:
    """Every commit of the way from ingest to publication in turn, each on top of what the one before left."""
    with CommitGate(config.db_dsn or "") as gate:
        patient = config.model_copy(update={"db_dsn": gate.dsn, "lease_seconds": 600.0, "backoff_seconds": 0.0})
        with open_house(patient, with_runner=False) as house:
            for number in range(1, _MOST_COMMITS):
                gate.cut_at(number, how)
                _go_through_with_it(Actor(house, tenant, tmp_path / "accepted.json"), number)
                assert_published_exactly_once(database, tenant, 2 * number)
                if not gate.fired:
                    break
    tried = rows_of(database, tenant, "SELECT max(attempt) AS most FROM import_attempts")
    assert tried[0]["most"] == 2
    assert number > 8


def _go_through_with_it(actor: Actor, number: int) -> None:
    """As a client and a worker do that hear nothing: again, from where it can be told."""
    for _ in range(4):
        try:
            actor.begin()
            rows(actor, number)
            if not actor.rows("SELECT 1 FROM import_leases"):
                return
        except OperationalError:
            continue
    raise AssertionError("the line was cut once, and it never got through")
