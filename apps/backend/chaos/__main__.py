"""Does harm to the running pipeline, fault by fault, and shows what it cost: ``python -m chaos [--short]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chaos import canaries, crash_points
from chaos.faults import FAULTS
from chaos.report import Line, remarks, table, write_into
from chaos.side_by_side import Form, run_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chaos.fault import Fault

_PAIRS: Final = 100
_PROOFS: Final[Mapping[str, Callable[[int], int]]] = {
    "F11": lambda seed: crash_points.main(["--seed", str(seed)]),
    "F12": lambda seed: crash_points.main(["--seed", str(seed), "--pairs", str(_PAIRS)]),
    "canaries": lambda _: canaries.main(),
}
"""Suites with a report of their own: each crash point, pairs of them, and bugs planted to see them noticed."""
_SEED: Final = 20261123
_FULL_RUNS: Final = 5
_SITES: Final = 2
_PAGE: Final = Path(__file__).parents[3] / "docs" / "reliability.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows asked for; 1 when one fails."""
    chosen = _parse(arguments)
    rows = _chosen(chosen)
    lines = _run(chosen, [fault for fault in FAULTS if fault.id in rows])
    written = table(lines) if lines else []
    sys.stdout.writelines(f"{line}\n" for line in (*written, *remarks(lines)))
    proofs = [_PROOFS[row](chosen.seed) for row in _PROOFS if row in rows]
    return 1 if any(line.failed for line in lines) or any(proofs) else 0


def _run(chosen: argparse.Namespace, faults: Sequence[Fault]) -> list[Line]:
    """In the order of the matrix."""
    order = [fault.id for fault in FAULTS]
    seeds = [chosen.seed + number for number in range(chosen.runs or (1 if chosen.short else _FULL_RUNS))]
    form = Form(seeds=seeds, short=chosen.short, minutes=chosen.minutes)
    lines: list[Line] = []
    for line in run_all(faults, form, chosen.sites) if faults else ():
        lines.append(line)
        told = [f"{' '.join(line.cells())} ({line.seconds:.0f} s)", *remarks([line])]
        sys.stderr.writelines(f"{each}\n" for each in told)
        if chosen.write_table:  # at once: whoever stops the command keeps what was shown so far
            write_into(_PAGE, [line], order)
    return sorted(lines, key=lambda line: order.index(line.fault.id))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__.partition(":")[0])
    parser.add_argument("--short", action="store_true", help="one run a row, and less of what takes long")
    parser.add_argument("--rows", default="", help="comma-separated: F1,F13")
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--runs", type=int, help=f"of each row; {_FULL_RUNS}, or 1 with --short")
    parser.add_argument("--minutes", type=float, help="of the walk by chance (F49)")
    parser.add_argument("--sites", type=int, default=_SITES, help=f"so many rows at once; {_SITES}")
    parser.add_argument(
        "--write-table", action="store_true", help="put these lines into the table of docs/reliability.md"
    )
    return parser.parse_args(arguments)


def _chosen(chosen: argparse.Namespace) -> list[str]:
    """The rows asked for; of all, a short run leaves out those that have no table of their own here."""
    known = [fault.id for fault in FAULTS]
    everything = known if chosen.short else [*known, *_PROOFS]
    wanted = [row.strip() for row in chosen.rows.split(",") if row.strip()]
    if unknown := sorted(set(wanted) - {*known, *_PROOFS}):
        raise SystemExit(f"unknown rows: {', '.join(unknown)}; known are {', '.join((*known, *_PROOFS))}")
    return wanted or everything


if __name__ == "__main__":
    sys.exit(main())
