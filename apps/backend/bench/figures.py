"""What was measured, as a table for people and as JSON for machines."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from bench.processes import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds by the clock, and seconds of all cores in all processes: the benchmark's, the workers', PostgreSQL's."""

    wall: float
    cpu: float


class Clock:
    """Runs from the moment it is made. ``root`` is the process whose tree is counted."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._cpu = cpu_seconds(root)
        self._wall = time.monotonic()

    def read(self) -> Spent:
        wall = time.monotonic() - self._wall
        return Spent(wall=wall, cpu=cpu_seconds(self._root) - self._cpu)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measurement."""

    name: str
    unit: str
    items: int
    spent: Spent
    peaks: Mapping[str, float] = field(default_factory=dict)
    """Peak resident memory in MiB, by who held it."""
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """Average of the machine's last minute when the measurement ended, other people's work included."""

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.items / self.spent.wall

    @property
    def cost(self) -> float:
        """Milliseconds of processor an item; hardly moved by what else runs on the machine."""
        return self.spent.cpu * 1000 / self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run of the benchmark. Rates of one run may be compared; rates of different runs hardly ever."""

    machine: Mapping[str, str | int]
    workers: str
    figures: Sequence[Figure]
    naive: Figure

    def to_json(self) -> dict[str, Any]:
        return {
            "machine": dict(self.machine),
            "workers": self.workers,
            "figures": [asdict(figure) | self._compared(figure) for figure in self.figures],
        }

    def lines(self) -> Iterator[str]:
        """The table, line by line."""
        yield " · ".join(f"{name} {value}" for name, value in self.machine.items())
        yield self.workers
        yield ""
        yield (
            f"{'':<46}{'items':>8}{'s':>8}{'a second':>18}{'× naive':>9}"
            f"{'CPU ms':>8}{'× naive':>9}{'load':>6}  peak RSS, MiB"
        )
        yield from map(self._line, self.figures)

    def _line(self, figure: Figure) -> str:
        compared = self._compared(figure)
        rate = f"{figure.rate:,.{1 if figure.rate < 100 else 0}f} {figure.unit}"  # noqa: PLR2004 [how it reads best]
        peaks = ", ".join(f"{who} {mib:.0f}" for who, mib in figure.peaks.items() if mib)
        return (
            f"{figure.name:<46}{figure.items:>8,}{figure.spent.wall:>8.2f}{rate:>18}"
            f"{_blank_or(compared['times_naive_by_clock']):>9}{figure.cost:>8.2f}"
            f"{_blank_or(compared['times_naive_by_cpu']):>9}{figure.load:>6.1f}  {peaks}"
        ).rstrip()

    def _compared(self, figure: Figure) -> dict[str, float | None]:
        """Against the naive chain, where it is the same work."""
        same = figure.unit == self.naive.unit
        return {
            "a_second": round(figure.rate, 1),
            "cpu_ms_an_item": round(figure.cost, 3),
            "times_naive_by_clock": round(figure.rate / self.naive.rate, 1) if same else None,
            "times_naive_by_cpu": round(self.naive.cost / figure.cost, 1) if same and figure.cost else None,
        }


def machine(server_version: str) -> dict[str, str | int]:
    """What the figures were taken on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "Python": platform.python_version(),
        "PostgreSQL": server_version,
    }


def _blank_or(number: float | None) -> str:
    return "" if number is None else f"{number:.1f}"
