"""The table of what was found: one line a fault."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chaos.fault import Fault, Run

_BEGIN: Final = "<!-- chaos table: begin (written by make chaos) -->"
_END: Final = "<!-- chaos table: end -->"
_HEADINGS: Final = (
    "fault", "what", "seed", "runs", "items", "lost", "dup", "recovery s: median", "max", "bound", "rate after", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A fault with all its runs."""

    fault: Fault
    runs: tuple[Run, ...]
    seconds: float
    """That all of them took."""

    @property
    def impossible(self) -> str:
        return next((run.impossible for run in self.runs if run.impossible), "")

    @property
    def recoveries(self) -> list[float]:
        return [max(seconds, 0.0) for run in self.runs for seconds in run.recoveries]

    @property
    def bounds(self) -> list[float]:
        return [run.bound for run in self.runs if run.bound is not None]

    @property
    def failed(self) -> list[Run]:
        return [run for run in self.runs if run.is_broken or run.is_late]

    def cells(self) -> tuple[str, ...]:
        rates = [run.rate for run in self.runs if run.rate is not None]
        seconds = self.recoveries
        return (
            self.fault.id,
            self.fault.title,
            str(self.runs[0].seed),
            str(len(self.runs)),
            str(sum(run.items for run in self.runs)),
            str(sum(run.lost for run in self.runs)),
            str(sum(run.duplicated for run in self.runs)),
            f"{median(seconds):.1f}" if seconds else "-",
            f"{max(seconds):.1f}" if seconds else "-",
            _range(self.bounds),
            f"{median(rates):.0%}" if rates else "-",
            "not possible here" if self.impossible else "FAILED" if self.failed else "ok",
        )


def _range(bounds: Sequence[float]) -> str:
    """A bound that is measured (so many times what it takes alone) is another one in each run."""
    return "–".join(sorted({f"{min(bounds):.1f}", f"{max(bounds):.1f}"}, key=float)) if bounds else "-"


def table(lines: Sequence[Line]) -> list[str]:
    """In Markdown, readable as it is."""
    return _drawn([line.cells() for line in lines])


def _drawn(lines: Sequence[Sequence[str]]) -> list[str]:
    rows = [_HEADINGS, *lines]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    written = [f"| {' | '.join(cell.ljust(w) for cell, w in zip(row, widths, strict=True))} |" for row in rows]
    return [written[0], f"|{'|'.join('-' * (w + 2) for w in widths)}|", *written[1:]]


def remarks(lines: list[Line]) -> list[str]:
    """What could not be done here, and what failed, with the seed that shows it again."""
    said = [f"not possible here: {line.fault.id}: {line.impossible}" for line in lines if line.impossible]
    for line in lines:
        for run in line.failed:
            said += [f"FAILED {line.fault.id}, repeat with --rows {line.fault.id} --seed {run.seed} --runs 1"]
            said += [f"  {what}" for what in run.wrong]
            if run.is_late:
                said += [f"  recoveries {[round(s, 2) for s in run.recoveries]}, bound {run.bound}"]
    return said


def write_into(page: Path, lines: Sequence[Line], order: Sequence[str]) -> None:
    """Between the markers of the page, which has them: faults that were not run now, or that this machine cannot do,
    keep the line that they have.
    """
    text = page.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    kept, _, after = rest.partition(_END)
    cells = {row[0]: row for row in map(_cells, kept.splitlines()) if row and row[0] in order}
    cells |= {line.fault.id: line.cells() for line in lines if not line.impossible or line.fault.id not in cells}
    block = "\n".join((_BEGIN, *_drawn([cells[id_] for id_ in order if id_ in cells]), _END))
    page.write_text(f"{before}{block}{after}", "utf-8")


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|")) if line.startswith("|") else ()
