"""What was measured, as a table for people and as JSON for machines."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measurement: so many items in so many seconds."""

    name: str
    unit: str
    items: int
    seconds: float
    peaks: Mapping[str, float] = field(default_factory=dict)
    """Peak resident memory in MiB, by who held it."""
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """Average of the machine's last minute when the measurement ended, other people's work included."""

    @property
    def rate(self) -> float:
        return self.items / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run of the benchmark. Rates of one run may be compared; rates of different runs hardly ever."""

    machine: Mapping[str, str | int]
    workers: str
    figures: Sequence[Figure]
    naive: Figure | None

    def to_json(self) -> dict[str, Any]:
        return {
            "machine": dict(self.machine),
            "workers": self.workers,
            "figures": [
                asdict(f) | {"per_second": round(f.rate, 1), "times_naive": self._ratio(f)} for f in self.figures
            ],
        }

    def lines(self) -> Iterator[str]:
        """The table, line by line."""
        yield "  ".join(f"{name} {value}" for name, value in self.machine.items())
        yield self.workers
        yield ""
        yield f"{'':<44}{'items':>9}{'s':>9}{'per second':>15}{'× naive':>9}{'load':>6}  peak RSS, MiB"
        for figure in self.figures:
            yield self._line(figure)

    def _line(self, figure: Figure) -> str:
        ratio = self._ratio(figure)
        rate = f"{figure.rate:,.1f}" if figure.rate < 1000 else f"{figure.rate:,.0f}"  # noqa: PLR2004 [how it reads best]
        peaks = ", ".join(f"{who} {mib:.0f}" for who, mib in figure.peaks.items() if mib)
        compared = f"{ratio:.1f}" if ratio is not None else ""
        return (
            f"{figure.name:<44}{figure.items:>9,}{figure.seconds:>9.2f}{rate + ' ' + figure.unit:>15}"
            f"{compared:>9}{figure.load:>6.1f}  {peaks}"
        ).rstrip()

    def _ratio(self, figure: Figure) -> float | None:
        """Against the naive chain; only what is the same work is compared."""
        if self.naive is None or figure.unit != self.naive.unit:
            return None
        return round(figure.rate / self.naive.rate, 1)


def machine(server_version: str) -> dict[str, str | int]:
    """What the figures were taken on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "Python": platform.python_version(),
        "PostgreSQL": server_version,
    }
