"""``gestiq-imports verify``: the invariants of the database and the files, judged where they live, changing nothing."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
from rich.table import Table

from app.embedded import EmbeddedPostgres
from app.modules.imports.usecases.invariant_statements import STATEMENTS
from app.modules.imports.usecases.invariants import SeesOneTenantOnly, broken_invariants

if TYPE_CHECKING:
    from rich.console import Console

    from app.settings import Settings

_BEYOND_LEASE_AND_SWEEP = 2.0


def verify(config: Settings, console: Console) -> bool:
    """Prints what is broken, and says whether nothing is."""
    with ExitStack() as stack:
        dsn = _strong_dsn(config, stack)
        if dsn is None:
            console.print("DB_ADMIN_DSN is not set: the app's own role sees the rows of one tenant at a time only")
            return False
        connection = stack.enter_context(psycopg.connect(dsn, autocommit=True))
        try:
            broken = broken_invariants(
                connection,
                blobs=config.files_dir if config.files_dir.is_dir() else None,
                grace=timedelta(seconds=config.lease_seconds + config.sweep_seconds + _BEYOND_LEASE_AND_SWEEP),
                dead_letters_kept=timedelta(days=config.dead_letter_days),
            )
        except SeesOneTenantOnly as error:
            console.print(f"DB_ADMIN_DSN: {error}")
            return False
    table = Table("invariant", "what is broken", "how often", "for example")
    for one in broken:
        table.add_row(one.code, one.detail, str(one.count), "\n".join(one.sample))
    console.print(table if broken else f"nothing is broken ({len(STATEMENTS)} statements about all tenants)")
    return not broken


def _strong_dsn(config: Settings, stack: ExitStack) -> str | None:
    if config.db_admin_dsn or config.db_dsn:
        return config.db_admin_dsn
    return stack.enter_context(EmbeddedPostgres(config.data_dir / "postgres")).superuser_dsn()
