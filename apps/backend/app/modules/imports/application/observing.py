"""What the work leaves in the metrics."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.modules.imports.domain.outcome import Done, NeedsReview, Outcome
from app.modules.imports.domain.pipeline import ItemKind, StageName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.modules.imports.ports import Slice


_ALL_TENANTS = "all"


def observer(*, with_tenants: bool) -> Callable[[Slice, Sequence[Outcome], float], None]:
    """``Runtime.observe``. Without tenants all of them count as one, so that the metrics tell nothing of anybody."""

    def observe(slice_: Slice, outcomes: Sequence[Outcome], seconds: float) -> None:
        _observe(slice_, outcomes, seconds, str(slice_.tenant_id) if with_tenants else _ALL_TENANTS)

    return observe


def _observe(slice_: Slice, outcomes: Sequence[Outcome], seconds: float, tenant: str) -> None:
    """Counts items that ended, times the task, and counts what went wrong by its code."""
    from app import telemetry  # noqa: PLC0415  (prometheus must be told of its directory before it is imported)

    telemetry.observe_task(slice_.stage.task_name, tenant, seconds)
    if slice_.stage.name is StageName.OCR and any(item.kind is ItemKind.PAGED for item in slice_.items):
        telemetry.observe_ocr(tenant, seconds / len(slice_.items))
    ended: Counter[tuple[str, str]] = Counter()
    for item, outcome in zip(slice_.items, outcomes, strict=True):
        doc_type = item.doc_type.value if item.doc_type else item.kind.value
        if isinstance(outcome, NeedsReview) and outcome.needless:
            ended[doc_type, "discarded"] += 1
        elif not isinstance(outcome, Done):
            telemetry.count_error(slice_.stage.task_name, tenant, outcome.code)
            ended[doc_type, "failed"] += 1
        elif slice_.stage.name is StageName.PUBLISH:
            ended[doc_type, "published"] += 1
    for (doc_type, what), items in ended.items():
        telemetry.count_item(tenant, doc_type, what, items)
