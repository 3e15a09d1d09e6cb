"""Prints how fast the pipeline is, beside a naive chain in the same run: ``python -m bench [--quick]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.embedded import EmbeddedBroker
from bench.figures import Report, machine
from bench.ground import break_ground
from bench.inline import measure_inline
from bench.loads import csv_file, facturae_files, rows, xlsx_file
from bench.naive_rows import measure_naive_rows
from bench.pages import lines as page_lines
from bench.pages import measure_pages
from bench.queued import measure_queued

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.figures import Figure
    from bench.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured."""

    rows: int
    naive_items: int
    documents: int
    processes: int
    """Pool processes per queue, the naive chain's queues and ours alike."""
    csv_rows: int
    xlsx_rows: int
    pages: int
    """Read by every OCR there is, ours among them."""


_CORES: Final = os.cpu_count() or 1
"""As many pool processes a queue as keep every core busy: with fewer it is the waiting that is measured."""
_FULL: Final = Sizes(
    rows=10_000, naive_items=1_000, documents=100, processes=_CORES, csv_rows=1_000_000, xlsx_rows=100_000, pages=16
)
_QUICK: Final = Sizes(
    rows=5_000, naive_items=300, documents=20, processes=_CORES, csv_rows=40_000, xlsx_rows=30_000, pages=4
)


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
    read = measure_pages(sizes.pages)
    sys.stdout.writelines(f"{line}\n" for line in ("", *page_lines(read)))
    if chosen.json:
        found = report.to_json() | {"pages": [asdict(figure) for figure in read]}
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.partition(":")[0])
    parser.add_argument("--quick", action="store_true", help="small files, for CI: about a minute")
    parser.add_argument("--csv", type=int, metavar="ROWS", help=f"rows of the CSV file (default {_FULL.csv_rows:,})")
    parser.add_argument("--xlsx", type=int, metavar="ROWS", help=f"rows of the XLSX file (default {_FULL.xlsx_rows:,})")
    parser.add_argument("--processes", type=int, help=f"pool processes per queue (default {_FULL.processes})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    return parser.parse_args(arguments)


def _sizes(chosen: argparse.Namespace) -> Sizes:
    named = {"csv_rows": chosen.csv, "xlsx_rows": chosen.xlsx, "processes": chosen.processes}
    return replace(_QUICK if chosen.quick else _FULL, **{name: value for name, value in named.items() if value})


def _measured(ground: Ground, broker_url: str, sizes: Sizes) -> Iterator[Figure]:
    yield measure_naive_rows(ground.plot("naive"), broker_url, sizes.naive_items, sizes.processes)
    yield measure_inline(ground.plot("rows"), rows(sizes.rows))
    yield measure_queued(ground.plot("queued_rows"), broker_url, rows(sizes.rows), sizes.processes)
    yield measure_inline(ground.plot("documents"), facturae_files(sizes.documents))
    for number, load in enumerate((xlsx_file(sizes.xlsx_rows), csv_file(sizes.csv_rows))):
        yield measure_inline(ground.plot(f"file_{number}"), load)
        yield measure_queued(ground.plot(f"queued_file_{number}"), broker_url, load, sizes.processes)


if __name__ == "__main__":
    sys.exit(main())
