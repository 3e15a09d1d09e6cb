"""The files in which processes count together: the sum over all of them, and one file for all that have ended.

A worker replaces its children every few hundred tasks. Each leaves two files behind, whose numbers must stay and which
would make every scrape slower than the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, generate_latest, mmap_dict, multiprocess

from app.embedded_process import exclusive, is_alive

if TYPE_CHECKING:
    from pathlib import Path

# prometheus-client leaves these two modules untyped.
_MMAP_DICT: Final[Any] = mmap_dict
_MULTIPROCESS: Final[Any] = multiprocess

_ENDED: Final = 0
"""In the place of a process id: all processes that have ended."""


def collect(directory: Path) -> bytes:
    """The sums as a page for Prometheus. While one process adds them up, others wait."""
    with exclusive(directory / "lock"):
        gather_ended(directory)
        registry = CollectorRegistry()
        _MULTIPROCESS.MultiProcessCollector(registry, path=str(directory))
        return generate_latest(registry)


def gather_ended(directory: Path) -> None:
    """Moves the numbers of processes that have ended into one file a kind."""
    for path in directory.glob("*_*.db"):
        kind, _, number = path.stem.rpartition("_")
        if not number.isdigit() or int(number) == _ENDED or is_alive(int(number)):
            continue
        _MULTIPROCESS.mark_process_dead(int(number), path=str(directory))
        if kind in ("counter", "histogram"):
            _add(path, path.with_name(f"{kind}_{_ENDED}.db"))
            path.unlink()


def _add(source: Path, target: Path) -> None:
    sums = _MMAP_DICT.MmapedDict(str(target))
    try:
        for key, value, _, _ in _MMAP_DICT.MmapedDict.read_all_values_from_file(str(source)):
            before, _ = sums.read_value(key)
            sums.write_value(key, before + value, 0.0)
    finally:
        sums.close()
