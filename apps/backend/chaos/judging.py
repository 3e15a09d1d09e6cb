"""What is asked when a fault is over: is anything lost, published twice, or otherwise not as promised?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import psycopg

from app.modules.imports.usecases.caretaking import collect_everywhere
from app.modules.imports.usecases.invariants import broken_invariants
from chaos.trial import ANYHOW

if TYPE_CHECKING:
    from chaos.trial import Trial

_SHOWN: Final = 6
_DESTINATIONS: Final = ("invoices", "expenses", "products")
_AT_REST: Final = "due_stage IS NULL AND lease_token IS NULL"


def lost(trial: Trial) -> int:
    """Items that were accepted and are not at rest, or not there at all."""
    statement = f"SELECT count(*) AS n FROM import_items WHERE id = ANY (%s) AND {_AT_REST}"  # noqa: S608 [constants]
    found: int = trial.site.ask(statement, list(trial.accepted))[0]["n"]
    return len(trial.accepted) - found


def duplicated(trial: Trial) -> int:
    """Records in excess of one for an item, and invoices in excess of one for a number: each was given once."""
    several: int = 0
    for table in _DESTINATIONS:
        statement = f"SELECT count(*) - count(DISTINCT source_item_id) AS n FROM {table} WHERE tenant_id = ANY (%s)"  # noqa: S608 [constants]
        several += trial.site.ask(statement, trial.all_tenants)[0]["n"]
    statement = (
        "SELECT count(*) - count(DISTINCT (tenant_id, invoice_number)) AS n FROM invoices WHERE tenant_id = ANY (%s)"
    )
    several += trial.site.ask(statement, trial.all_tenants)[0]["n"]
    return several


def wrong(trial: Trial) -> tuple[str, ...]:
    """Items that ended otherwise than they should, and invariants that do not hold."""
    return (*_ended_otherwise(trial), *_broken(trial))


def _ended_otherwise(trial: Trial) -> list[str]:
    rows = trial.site.ask("SELECT id, state, code FROM import_items WHERE id = ANY (%s)", list(trial.accepted))
    strange = Counter(
        f"{row['state']} ({row['code']}) instead of {trial.accepted[row['id']]}"
        for row in rows
        if trial.accepted[row["id"]] not in (row["state"], ANYHOW)
    )
    return [f"{count} items ended as {what}" for what, count in strange.most_common(_SHOWN)]


def _broken(trial: Trial) -> list[str]:
    # A request that was cut off may leave a file that no item names; whoever collects those knows them by their age.
    collect_everywhere(trial.site.house, timedelta(0))
    trial.site.house.files.sweep_temp(timedelta(0))
    with psycopg.connect(trial.site.cluster.dsn("chaos", "postgres")) as connection:
        broken = broken_invariants(connection, accepted=list(trial.accepted), blobs=trial.site.files)
    return [f"{one.code}: {one.detail}" for one in broken[:_SHOWN]]
