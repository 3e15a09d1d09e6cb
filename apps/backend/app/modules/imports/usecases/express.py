"""Fresh rows by the hundred take all stages in one go and are settled once; what does not come through walks.

A full slice of rows that nobody has tried yet is the ordinary case of a large import, and four commits for it cost
more than its work. Whatever is not simply done in every stage is left in the slice as it was claimed, so that each
failure, each retry and each repeated attempt is still settled by the stage it belongs to (``advance_slice``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.crashpoints import crashpoint
from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import FIRST, IDLE_STAGES, LAST, PIPELINE, ItemKind, StageName
from app.modules.imports.ports import Express, PassedStage
from app.modules.imports.stages.succession import worked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, Slice
    from app.modules.imports.stages.tools import Tools

    Stage = Callable[[Sequence[Item], Tools], Sequence[Outcome]]
    Observe = Callable[[Slice, Sequence[Outcome], float], None]

_DONE: Final = Done()
_IDLE: Final = IDLE_STAGES[ItemKind.ROW] - {FIRST.name}
_STAGES: Final = tuple(spec for spec in PIPELINE if spec is not LAST)


def may_go_express(slice_: Slice) -> bool:
    """Whether the slice is full of rows on their very first attempt."""
    return slice_.stage is FIRST and are_fresh_rows(slice_.items)


def are_fresh_rows(items: Sequence[Item]) -> bool:
    """Whether these are rows that nobody has tried yet, and as many as a slice may have."""
    full = len(items) >= FIRST.rows_per_slice
    return full and all(item.kind is ItemKind.ROW and item.attempt == 1 for item in items)


def ride(
    items: Sequence[Item], stages: Mapping[StageName, Stage], tools: Tools, on_their_way: AbstractSet[str] = frozenset()
) -> Express:
    """Run every stage before the last one on the items; what is done in all of them may be published.

    ``on_their_way`` are business keys of what is being published just now, and so is not known to the duplicate check.
    """
    line = _Line(items=tuple(items), findings=((),) * len(items))
    passed = []
    for spec in _STAGES:
        began = time.monotonic()
        if spec.name not in _IDLE:
            line = _through(line, stages[spec.name](line.items, tools))
            crashpoint(f"express:{spec.name}")
        passed.append(PassedStage(stage=spec, seconds=time.monotonic() - began))
    line = _without_twins(line, on_their_way)
    return Express(items=line.items, findings=line.findings, passed=tuple(passed))


def observe_ride(
    slice_: Slice, express: Express, outcomes: Sequence[Outcome], observe: Observe, seconds: float
) -> None:
    """Every stage hears of the items that went through it, as if they had stopped there."""
    for passed in express.passed:
        at = replace(slice_, stage=passed.stage, items=express.items)
        observe(at, [_DONE] * len(express.items), passed.seconds)
    observe(replace(slice_, stage=LAST, items=express.items), outcomes, seconds)


def left_behind(slice_: Slice, express: Express) -> Slice | None:
    """The items of the slice that could not go express, as they were claimed."""
    gone = {item.id for item in express.items}
    left = tuple(item for item in slice_.items if item.id not in gone)
    return replace(slice_, items=left) if left else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    items: tuple[Item, ...]
    findings: tuple[tuple[Finding, ...], ...]


def _through(line: _Line, outcomes: Sequence[Outcome]) -> _Line:
    done = [
        (worked(item, outcome), outcome.findings or before)
        for item, before, outcome in zip(line.items, line.findings, outcomes, strict=True)
        if isinstance(outcome, Done)
    ]
    return _Line(items=tuple(item for item, _ in done), findings=tuple(found for _, found in done))


def keys_of(express: Express) -> AbstractSet[str]:
    """The business keys of what goes express."""
    return {key for item in express.items if item.document and (key := natural_key(item.document))}


def _without_twins(line: _Line, on_their_way: AbstractSet[str]) -> _Line:
    """Only the first of those with one business key: the others are duplicates as soon as it is published."""
    seen = set(on_their_way)
    kept = []
    for pair in zip(line.items, line.findings, strict=True):
        document = pair[0].document
        key = natural_key(document) if document is not None else None
        if key is None or key not in seen:
            kept.append(pair)
        if key is not None:
            seen.add(key)
    return _Line(items=tuple(item for item, _ in kept), findings=tuple(found for _, found in kept))
