"""Prints how fast the pipeline is, beside a naive chain in the same run: ``python -m bench [--quick] [--large]``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.embedded import EmbeddedBroker
from bench.figures import Report, machine
from bench.ground import break_ground
from bench.inline import in_a_new_process, measure_documents, measure_rows, measure_table
from bench.naive_rows import measure_naive_rows
from bench.queued import measure_queued_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.figures import Figure
    from bench.ground import Ground

_LARGE_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    rows: int
    naive_items: int
    documents: int
    processes: int
    """Pool processes per queue, the naive chain's queues and ours alike."""
    large_rows: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; returns the exit code."""
    chosen = _parse(arguments)
    sizes = _sizes(chosen)
    with break_ground() as ground, EmbeddedBroker(ground.directory / "broker") as broker:
        figures = []
        for figure in _measured(ground, broker.url, sizes):
            sys.stderr.write(f"measured: {figure.name}\n")
            figures.append(figure)
        report = Report(
            machine=machine(ground.version()),
            workers=f"Celery runs with {sizes.processes} pool process(es) for each of six queues, the naive chain too",
            figures=figures,
            naive=next(f for f in figures if f.name.startswith("naive")),
        )
    sys.stdout.writelines(f"{line}\n" for line in report.lines())
    if chosen.json:
        chosen.json.write_text(json.dumps(report.to_json(), indent=2) + "\n", encoding="utf-8")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition(":")[0])
    parser.add_argument("--rows", type=int, default=10_000, help="rows through the pipeline (default 10 000)")
    parser.add_argument("--quick", action="store_true", help="2 000 rows, for CI: under a minute")
    parser.add_argument("--large", action="store_true", help="also a CSV file of 100 000 rows")
    parser.add_argument("--processes", type=int, default=2, help="pool processes per queue (default 2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    return parser.parse_args(arguments)


def _sizes(chosen: argparse.Namespace) -> Sizes:
    large_rows = _LARGE_ROWS if chosen.large else 0
    if chosen.quick:
        return Sizes(rows=2_000, naive_items=200, documents=20, processes=1, large_rows=large_rows)
    return Sizes(rows=chosen.rows, naive_items=600, documents=100, processes=chosen.processes, large_rows=large_rows)


def _measured(ground: Ground, broker_url: str, sizes: Sizes) -> Iterator[Figure]:
    yield measure_naive_rows(ground.plot("naive"), broker_url, sizes.naive_items, sizes.processes)
    yield from in_a_new_process(measure_rows, ground.plot("rows"), sizes.rows)
    yield measure_queued_rows(ground.plot("queued"), broker_url, sizes.rows, sizes.processes)
    yield from in_a_new_process(measure_documents, ground.plot("documents"), sizes.documents)
    if sizes.large_rows:
        yield from in_a_new_process(measure_table, ground.plot("table"), sizes.large_rows)


if __name__ == "__main__":
    sys.exit(main())
