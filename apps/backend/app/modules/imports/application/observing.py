"""What the work leaves in the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.outcome import Done, Outcome
from app.modules.imports.domain.pipeline import ItemKind, StageName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.ports import Slice


def observe(slice_: Slice, outcomes: Sequence[Outcome], seconds: float) -> None:
    """Counts items that ended, times the task, and counts what went wrong by its code."""
    from app import telemetry  # noqa: PLC0415  (prometheus must be told of its directory before it is imported)

    tenant = str(slice_.tenant_id)
    telemetry.observe_task(slice_.stage.task_name, tenant, seconds)
    if slice_.stage.name is StageName.OCR and any(item.kind is ItemKind.PAGED for item in slice_.items):
        telemetry.observe_ocr(tenant, seconds / len(slice_.items))
    for item, outcome in zip(slice_.items, outcomes, strict=True):
        doc_type = item.doc_type.value if item.doc_type else item.kind.value
        if not isinstance(outcome, Done):
            telemetry.count_error(slice_.stage.task_name, tenant, outcome.code)
            telemetry.count_item(tenant, doc_type, "failed")
        elif slice_.stage.name is StageName.PUBLISH:
            telemetry.count_item(tenant, doc_type, "published")
