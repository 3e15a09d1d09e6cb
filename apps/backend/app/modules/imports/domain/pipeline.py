"""The pipeline: one table from which queues, limits, transitions, metrics labels and the diagram are derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID


class StageName(StrEnum):
    """The six stages, in order."""

    PREPROCESS = "preprocess"
    OCR = "ocr"
    CLASSIFY = "classify"
    EXTRACT = "extract"
    VALIDATE = "validate"
    PUBLISH = "publish"


class ItemState(StrEnum):
    """Where an item stands. Who sets a state and who takes it out is said by ``PIPELINE`` alone."""

    PENDING = "pending"
    PREPROCESSING = "preprocessing"
    PREPROCESSED = "preprocessed"
    OCR_PROCESSING = "ocr_processing"
    OCR_COMPLETED = "ocr_completed"
    CLASSIFYING = "classifying"
    CLASSIFIED = "classified"
    EXTRACTING = "extracting"
    EXTRACTED = "extracted"
    VALIDATING = "validating"
    VALIDATED = "validated"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    """Not wanted: a person said so, or it is published in another form. Who takes it back finds it failed, as it was."""
    PREPROCESS_FAILED = "preprocess_failed"
    OCR_FAILED = "ocr_failed"
    CLASSIFY_FAILED = "classify_failed"
    EXTRACT_FAILED = "extract_failed"
    VALIDATE_FAILED = "validate_failed"
    PUBLISH_FAILED = "publish_failed"


class ItemKind(StrEnum):
    """What an item is made of; it decides which stages are light for it."""

    ROW = "row"
    DOCUMENT = "document"
    """A file not yet looked at."""
    STRUCTURED = "structured"
    """A file, or a part of one, that states its values itself (XML, bank records)."""
    PAGED = "paged"
    """Pages to be read: PDF, scan, photo."""
    CONTAINER = "container"
    """A file whose parts become items of their own (zip, eml, a table with a row per item, a batch XML)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSpec:
    """One row of the pipeline. ``concurrency`` is worker processes, slices are items worked together."""

    name: StageName
    queue: str
    takes: ItemState
    running: ItemState
    gives: ItemState
    failed: ItemState
    soft_limit: timedelta
    concurrency: int
    documents_per_slice: int
    rows_per_slice: int = 500
    max_attempts: int = 3
    in_transaction: bool = False
    """The stage runs inside the settling transaction (publication and state change commit together)."""

    @property
    def hard_limit(self) -> timedelta:
        return self.soft_limit + HARD_LIMIT_GRACE

    @property
    def task_name(self) -> str:
        return f"imports.{self.name}"


HARD_LIMIT_GRACE: Final = timedelta(seconds=30)
MAINTENANCE_QUEUE: Final = "imports_maintenance"
MAINTENANCE_SOFT_LIMIT: Final = timedelta(seconds=90)
MAINTENANCE_HARD_LIMIT: Final = timedelta(seconds=120)

_S = ItemState


def _stage(  # noqa: PLR0913, PLR0917  (one table row, read as such)
    name: StageName, queue: str, soft_seconds: int, concurrency: int, states: tuple[_S, _S, _S, _S], documents: int
) -> StageSpec:
    takes, running, gives, failed = states
    return StageSpec(
        name=name,
        queue=queue,
        takes=takes,
        running=running,
        gives=gives,
        failed=failed,
        soft_limit=timedelta(seconds=soft_seconds),
        concurrency=concurrency,
        documents_per_slice=documents,
        in_transaction=name is StageName.PUBLISH,
    )


# fmt: off
PIPELINE: Final[tuple[StageSpec, ...]] = (
    _stage(StageName.PREPROCESS, "imports_pre", 30, 4, (_S.PENDING, _S.PREPROCESSING, _S.PREPROCESSED, _S.PREPROCESS_FAILED), 8),
    _stage(StageName.OCR, "imports_ocr", 180, 2, (_S.PREPROCESSED, _S.OCR_PROCESSING, _S.OCR_COMPLETED, _S.OCR_FAILED), 1),
    _stage(StageName.CLASSIFY, "imports_ml", 30, 4, (_S.OCR_COMPLETED, _S.CLASSIFYING, _S.CLASSIFIED, _S.CLASSIFY_FAILED), 8),
    _stage(StageName.EXTRACT, "imports_etl", 30, 4, (_S.CLASSIFIED, _S.EXTRACTING, _S.EXTRACTED, _S.EXTRACT_FAILED), 4),
    _stage(StageName.VALIDATE, "imports_val", 30, 4, (_S.EXTRACTED, _S.VALIDATING, _S.VALIDATED, _S.VALIDATE_FAILED), 50),
    _stage(StageName.PUBLISH, "imports_pub", 30, 2, (_S.VALIDATED, _S.PUBLISHING, _S.PUBLISHED, _S.PUBLISH_FAILED), 50),
)
# fmt: on

STAGES: Final[dict[StageName, StageSpec]] = {spec.name: spec for spec in PIPELINE}
FAILED_STATES: Final = frozenset(spec.failed for spec in PIPELINE)
AT_REST_STATES: Final = FAILED_STATES | {PIPELINE[-1].gives, ItemState.DISCARDED}
"""Nothing happens to an item in one of these until a person does something."""
RUNNING_STATES: Final = frozenset(spec.running for spec in PIPELINE)
FIRST: Final = PIPELINE[0]
LAST: Final = PIPELINE[-1]
EXPRESS: Final = (FIRST.running, LAST.gives)
"""The change of state of rows that take all stages in one go."""
LIGHT_KINDS: Final = frozenset({ItemKind.ROW, ItemKind.STRUCTURED})
"""Kinds that cost next to nothing in every stage: their slice walks on without a ring in between."""
IDLE_STAGES: Final[Mapping[ItemKind, frozenset[StageName]]] = {
    ItemKind.ROW: frozenset({StageName.PREPROCESS, StageName.OCR, StageName.CLASSIFY}),
    ItemKind.STRUCTURED: frozenset({StageName.OCR}),
}
"""Stages whose function has nothing to do for a kind: a slice that walks on is through them without stopping."""


def passed_by(spec: StageSpec, kinds: Iterable[ItemKind]) -> tuple[StageSpec, ...]:
    """The stages right behind ``spec`` that have nothing to do for items of these kinds."""
    idle = frozenset(StageName).intersection(*(IDLE_STAGES.get(kind, frozenset()) for kind in kinds))
    return tuple(takewhile(lambda stage: stage.name in idle, PIPELINE[PIPELINE.index(spec) + 1 :]))


def next_stage(spec: StageSpec) -> StageSpec | None:
    """The stage that takes what ``spec`` gives, or None after the last."""
    index = PIPELINE.index(spec) + 1
    return PIPELINE[index] if index < len(PIPELINE) else None


def allowed_edges() -> frozenset[tuple[ItemState, ItemState]]:
    """Every change of state there may be; the database refuses all others."""
    edges: set[tuple[ItemState, ItemState]] = {EXPRESS}
    for spec in PIPELINE:
        edges |= {
            (spec.takes, spec.running),  # claim
            (spec.running, spec.gives),  # settle
            (spec.running, spec.takes),  # retry, release, expired lease
            (spec.running, spec.failed),  # final failure
            (spec.takes, spec.failed),  # attempts used up by lost leases
            (spec.failed, spec.takes),  # retry by a person
            (spec.failed, ItemState.EXTRACTED),  # corrected by a person: validated anew
            (spec.failed, ItemState.DISCARDED),  # not wanted
            (ItemState.DISCARDED, spec.failed),  # taken back
        }
        edges |= {(spec.running, onward.running) for onward in walks_on_to(spec)}  # settle and claim in one
    return frozenset(edges)


def walks_on_to(spec: StageSpec) -> tuple[StageSpec, ...]:
    """Every stage that a slice may be in directly after ``spec``: the next one, or one behind stages that are idle."""
    lasts = (spec, *(stage for kind in sorted(LIGHT_KINDS) for stage in passed_by(spec, [kind])[-1:]))
    return tuple(dict.fromkeys(stage for last in lasts if (stage := next_stage(last)) is not None))


def enqueue_item_pipeline(item_id: UUID, tenant_id: UUID, batch_id: UUID) -> str:
    """Make sure that somebody looks at the item soon; returns the id of the hint, for logs.

    Harmless to call twice or for an item that is already being worked on: the row decides, not the hint.
    """
    from app.modules.imports.application.bootstrap import enqueue_item  # noqa: PLC0415  (the one named upward call)

    return enqueue_item(item_id=item_id, tenant_id=tenant_id, batch_id=batch_id)
