"""What the metrics say of the queues at the moment they are asked, for all tenants together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.domain.pipeline import PIPELINE
from app.telemetry import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.database import Database

_DEPTHS = "SELECT stage, due, oldest_seconds FROM imports_queue_depths()"
_OPEN = "SELECT imports_dead_letters_open() AS open"


def queue_gauges(database: Database) -> Sequence[Reading]:
    """Nothing while the database is away: the counters are still worth showing."""
    try:
        with database.door_session() as session:
            depths = {row["stage"]: row for row in session.execute(_DEPTHS)}
            [letters] = session.execute(_OPEN)
    except SQLAlchemyError:
        return ()
    return (
        Reading(
            name="imports_queue_depth",
            meaning="Items that are due",
            labels=("queue",),
            values=_by_queue({stage: row["due"] for stage, row in depths.items()}),
        ),
        Reading(
            name="imports_oldest_due_seconds",
            meaning="How long the oldest due item waits",
            labels=("queue",),
            values=_by_queue({stage: row["oldest_seconds"] for stage, row in depths.items()}),
        ),
        Reading(name="imports_dead_letters_open", meaning="Dead letters not resolved", values={(): letters["open"]}),
    )


def _by_queue(found: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    """Every queue has a value, also one without work."""
    return {(spec.queue,): max(0.0, float(found.get(spec.name.value, 0.0))) for spec in PIPELINE}
