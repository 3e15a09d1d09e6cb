"""Whatever happens in whatever order, PostgreSQL does to the items what the model says, and both tenants stay whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from app.modules.imports.application.tests.pipeline_machine import PipelineMachine, PostgresMachine

if TYPE_CHECKING:
    from app.database import Database

_SAME_EACH_TIME = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), stateful_step_count=50
)


def test_the_model_stays_whole_whatever_is_done_to_it() -> None:
    run_state_machine_as_test(PipelineMachine, settings=settings(_SAME_EACH_TIME, max_examples=100))


def test_postgresql_does_what_the_model_says(database: Database) -> None:
    class Machine(PostgresMachine):
        pass

    Machine.database = database
    run_state_machine_as_test(Machine, settings=settings(_SAME_EACH_TIME, max_examples=12))
