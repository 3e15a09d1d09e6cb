"""Bugs that are planted on purpose: with each of them the proofs have to go red, or they prove nothing.

``python -m chaos.canaries`` plants one after the other in databases of their own and prints a line each. A bug is
planted from outside (SQL text, a constraint, a policy, a subclass), so that no product code knows of it.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import psycopg

from app.database import migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.application.bootstrap import open_house
from app.settings import Settings
from chaos.planted_bugs import (
    LEASE_SECONDS,
    Ground,
    backoff_by_message,
    clock_of_the_worker,
    counted_at_failure,
    empty_tenant,
    foreign_key_without_tenant,
    in_two_transactions,
    ring_before_commit,
    sweeper_off,
    unfenced,
    unscanned_is_clean,
    without_check,
    without_unique_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Canary:
    """``trial`` does what brings the bug to light, with the bug or without, and says what it found wrong."""

    code: str
    bug: str
    trial: Callable[[Ground, bool], list[str]]


CANARIES: Final = (
    Canary("C1", "settling does not ask for the lease", unfenced),
    Canary("C2", "the unique keys of ledger and destination are gone", without_unique_key),
    Canary("C3", "an attempt is counted when it fails", counted_at_failure),
    Canary("C4", "nobody sweeps", sweeper_off),
    Canary("C5", "the bell rings before the commit", ring_before_commit),
    Canary("C6", "publication and state are two transactions", in_two_transactions),
    Canary("C7", "a policy lets rows of others be written", without_check),
    Canary("C8", "the key from item to batch leaves the tenant out", foreign_key_without_tenant),
    Canary("C9", "a scanner that is away finds everything clean", unscanned_is_clean),
    Canary("C10", "no tenant is '' and not nothing", empty_tenant),
    Canary("C11", "leases go by the worker's clock", clock_of_the_worker),
    Canary("C12", "a retry waits for a message", backoff_by_message),
)


@contextmanager
def ground_on(server: EmbeddedPostgres, template: str, folder: Path) -> Iterator[Ground]:
    """A fresh copy of a migrated database."""
    name = f"canary_{uuid4().hex[:8]}"
    dsn = template_database(server, name, template)
    config = Settings(
        DB_DSN=server.dsn(name, "imports_app"),
        IMPORTS_DATA_DIR=folder / name,
        IMPORTS_LEASE_SECONDS=LEASE_SECONDS,
        IMPORTS_BACKOFF_SECONDS=0.0,
    )
    (folder / name).mkdir()
    with psycopg.connect(dsn, autocommit=True) as owner, open_house(config, with_runner=False) as house:
        ground = Ground(house, uuid4(), owner, folder / name)
        owner.execute("INSERT INTO tenants (id, name) VALUES (%s, 'canary')", [ground.tenant])
        yield ground


def main(_arguments: Sequence[str] | None = None) -> int:
    """1 when a bug was not noticed, or when the proof is red without it."""
    deaf = 0
    with tempfile.TemporaryDirectory(prefix="gq-canary-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedPostgres(folder / "postgres", durable=False) as server:
            template_database(server, "template_canary", "template1")
            migrate(server.superuser_dsn("template_canary"))
            for canary in CANARIES:
                line, heard = _sung(canary, server, folder)
                deaf += not heard
                sys.stdout.write(f"{line}\n")
    return 1 if deaf else 0


def _sung(canary: Canary, server: EmbeddedPostgres, folder: Path) -> tuple[str, bool]:
    found = {}
    for planted in (False, True):
        with ground_on(server, "template_canary", folder) as ground:
            found[planted] = canary.trial(ground, planted)
    heard = bool(found[True]) and not found[False]
    said = found[True][0] if heard else f"NOT NOTICED ({found[False] or 'green with the bug'})"
    return f"{canary.code:4}{canary.bug:52}{said}", heard


if __name__ == "__main__":
    sys.exit(main())
