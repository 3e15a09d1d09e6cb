"""The model against PostgreSQL, at length: ``python -m chaos.long_model [--examples 300] [--steps 50] [--seed N]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from app.database import Database, migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.application.tests.pipeline_machine import PostgresMachine

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Raises the shortest sequence of steps that PostgreSQL and the model answer differently, if there is one."""
    parser = argparse.ArgumentParser(prog="python -m chaos.long_model", description=__doc__.partition(":")[0])
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261123)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gq-model-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            template_database(server, "model", "template1")
            migrate(server.superuser_dsn("model"))
            _run(server.dsn("model", "imports_app"), chosen)
    sys.stdout.write(f"{chosen.examples} examples of up to {chosen.steps} steps, no difference (seed {chosen.seed})\n")
    return 0


def _run(dsn: str, chosen: argparse.Namespace) -> None:
    PostgresMachine.database = Database(dsn, pool_size=2)
    profile = settings(
        max_examples=chosen.examples,
        stateful_step_count=chosen.steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        run_state_machine_as_test(seed(chosen.seed)(PostgresMachine), settings=profile)
    finally:
        PostgresMachine.database.close()


if __name__ == "__main__":
    sys.exit(main())
