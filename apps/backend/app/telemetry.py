"""The metrics, one number for all processes together, and the way to them; logging is set up beside.

``prepare_multiprocess`` comes first in every process: prometheus-client decides when it is first imported where its
numbers live (https://prometheus.github.io/client_python/multiprocess/), so nothing here imports it any earlier.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.telemetry_logging import configure_logging

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import GaugeMetricFamily

__all__ = [
    "Reading",
    "configure_logging",
    "count_error",
    "count_item",
    "observe_ocr",
    "observe_parser_wait",
    "observe_task",
    "prepare_multiprocess",
    "render",
]

_DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"
_TASK_SECONDS: Final = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 210)
_PARSER_WAIT_SECONDS: Final = (0.01, 0.05, 0.25, 1, 5, 15, 30, 60, 180)
_OCR_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 180)


def prepare_multiprocess(directory: Path, *, clear: bool) -> None:
    """Lets all processes that name the same directory count together.

    The first process of a start says ``clear``, before it starts the others. A directory belongs to the processes of
    one machine or container: they are told apart by process id.
    """
    if "prometheus_client.values" in sys.modules and os.environ.get(_DIRECTORY) != str(directory):
        raise RuntimeError("prometheus_client is imported already, and counts in this process alone")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if clear:
        for path in directory.glob("*.db"):
            path.unlink(missing_ok=True)
    os.environ[_DIRECTORY] = str(directory)


def count_item(tenant_id: str, doc_type: str, status: str, items: int = 1) -> None:
    """Items that ended: ``status`` is ``published``, ``failed`` or ``discarded``."""
    _meters().items.labels(tenant_id, doc_type, status).inc(items)


def observe_task(task_name: str, tenant_id: str, seconds: float) -> None:
    _meters().tasks.labels(task_name, tenant_id).observe(seconds)


def observe_ocr(tenant_id: str, seconds: float) -> None:
    """One document."""
    _meters().ocr.labels(tenant_id).observe(seconds)


def observe_parser_wait(seconds: float) -> None:
    """One job that found every parser child of its process at work, served in the end or not."""
    _meters().parser_waits.observe(seconds)


def count_error(task_name: str, tenant_id: str, error_type: str) -> None:
    """``error_type`` is the code of the error: a closed vocabulary, never a message."""
    _meters().errors.labels(task_name, tenant_id, error_type).inc()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A gauge that is read when it is asked for, such as the depth of a queue: label values → value."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    values: Mapping[tuple[str, ...], float] = field(default_factory=dict)


def render(readings: Iterable[Reading] = ()) -> tuple[bytes, str]:
    """The page for Prometheus and its content type: the sums over all processes, living and ended, and the readings."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest  # noqa: PLC0415 [see above]

    own = CollectorRegistry()
    own.register(_Readings(tuple(readings)))
    directory = os.environ.get(_DIRECTORY)
    if not directory:
        return generate_latest(_meters().registry) + generate_latest(own), CONTENT_TYPE_LATEST
    from app.telemetry_files import collect  # noqa: PLC0415 [see above]

    return collect(Path(directory)) + generate_latest(own), CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class _Meters:
    registry: CollectorRegistry
    items: Counter
    tasks: Histogram
    ocr: Histogram
    parser_waits: Histogram
    errors: Counter


@cache
def _meters() -> _Meters:
    if directory := os.environ.get(_DIRECTORY):
        Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
    from prometheus_client import (  # noqa: PLC0415 [see above]
        CollectorRegistry,
        Counter,
        Histogram,
        disable_created_metrics,
    )

    disable_created_metrics()  # type: ignore[no-untyped-call]  # [untyped in prometheus_client]
    registry = CollectorRegistry()
    return _Meters(
        registry,
        Counter(
            "imports_items_processed_total",
            "Items that ended",
            ("tenant_id", "doc_type", "status"),
            registry=registry,
        ),
        Histogram(
            "imports_task_duration_seconds",
            "One task, which advances one slice",
            ("task_name", "tenant_id"),
            buckets=_TASK_SECONDS,
            registry=registry,
        ),
        Histogram(
            "imports_ocr_latency_seconds",
            "Reading one document's pages",
            ("tenant_id",),
            buckets=_OCR_SECONDS,
            registry=registry,
        ),
        Histogram(
            "imports_parser_wait_seconds",
            "Waiting for a parser child, where none was free",
            buckets=_PARSER_WAIT_SECONDS,
            registry=registry,
        ),
        Counter(
            "imports_errors_total",
            "Attempts that did not succeed",
            ("task_name", "tenant_id", "error_type"),
            registry=registry,
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)  # the registry keeps it by identity
class _Readings:
    readings: tuple[Reading, ...]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 [see above]

        for reading in self.readings:
            family = GaugeMetricFamily(reading.name, reading.meaning, labels=reading.labels)
            for labels, value in sorted(reading.values.items()):
                family.add_metric(labels, value)
            yield family
