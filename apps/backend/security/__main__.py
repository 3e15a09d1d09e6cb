"""``python -m security``: tenants, walls, abuses and generated requests, one line each; exit 1 on failure."""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from security.abuse import Tried, run_tests, try_abuses
from security.schema_attack import attack

if TYPE_CHECKING:
    from collections.abc import Iterator

_TENANTS = (
    "app/tests/test_row_matrix.py",
    "app/tests/test_wall.py",
    "app/modules/imports/web/tests/test_tenant_paths.py",
    "app/modules/imports/web/tests/test_two_tenants.py",
)
_WALLS = ("app/modules/imports/adapters/sandbox/tests", "app/modules/imports/adapters/tests/test_clamav.py")
_EXAMPLES, _FEW_EXAMPLES = 60, 8
_LONG_STORIES = "60"


def main() -> None:
    """Try everything; ``--short`` with fewer generated requests."""
    parser = argparse.ArgumentParser(prog="security", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer generated requests")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if not asked.short:
        os.environ["IMPORTS_TENANCY_EXAMPLES"] = _LONG_STORIES
    began = time.monotonic()
    tried = list(_everything(asked))
    _print(tried, time.monotonic() - began)
    sys.exit(any(row.failed for row in tried))


def _everything(asked: argparse.Namespace) -> Iterator[Tried]:
    yield _suite("tenants kept apart (row-level security matrix, every path)", _TENANTS)
    yield _suite("the walls around the parsers, and a real antivirus", _WALLS)
    yield from try_abuses()
    for one in attack(examples=_FEW_EXAMPLES if asked.short else _EXAMPLES, seed=asked.seed):
        if one.failures:
            sys.stderr.write(one.words)
        yield Tried(title=one.name, cases=one.cases, failed=one.failures, note=one.operations)


def _suite(title: str, tests: tuple[str, ...]) -> Tried:
    results = list(run_tests(tests).values())
    return Tried(title=title, cases=len(results), failed=results.count(False))


def _print(tried: list[Tried], seconds: float) -> None:
    table = Table("what is tried", "cases", "passed", "failed", "note")
    for row in tried:
        table.add_row(row.title, str(row.cases), str(row.cases - row.failed), str(row.failed or "-"), row.note)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    cases, failed = sum(row.cases for row in tried), sum(row.failed for row in tried)
    moot = sum(row.note.startswith("does not apply") for row in tried)
    console.print(
        f"{cases} cases, {cases - failed} passed, {failed} failed; {moot} abuses do not apply; {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
