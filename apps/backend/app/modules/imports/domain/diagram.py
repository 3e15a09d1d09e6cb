"""The state machine as a page for people, drawn from ``PIPELINE`` so that it cannot say anything else than the code.

``python -m app.modules.imports.domain.diagram`` prints what ``docs/state-machine.md`` has to hold.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.modules.imports.domain.pipeline import (
    EXPRESS,
    FIRST,
    LAST,
    PIPELINE,
    ItemState,
    allowed_edges,
    next_stage,
    walks_on_to,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.pipeline import StageSpec

_OPENING = """# States of an item

Generated from `PIPELINE` (`apps/backend/app/modules/imports/domain/pipeline.py`); a test holds this page to the code.
To write it anew, from `apps/backend`:

    .venv/bin/python -m app.modules.imports.domain.diagram > ../../docs/state-machine.md

"""
_READING = """
*Claim*, *done*, *light, walks on* and *final* are a worker's doing; *again* is a passing fault, a released lease or the
sweeper; *retry* is a person's, and so is *discard*, except of what is published in another form already. A person who
corrects or accepts something puts an item that has a document back to `extracted`, wherever it failed, and one who
takes back what was discarded puts it where it failed; so that the picture stays readable, those arrows are in the table
only. The database refuses every change that is not in the table.
"""
_STAGES_HEAD = """
## Stages

| stage | queue | takes | running | gives | fails to | soft, hard limit | processes | documents, rows a slice | tries |
|---|---|---|---|---|---|---|---|---|---|
"""
_EDGES_HEAD = """
## Every change there may be

| from | to | by |
|---|---|---|
"""


def state_machine_markdown() -> str:
    """The whole page."""
    parts = (
        _OPENING,
        "```mermaid\nstateDiagram-v2\n    direction LR\n",
        *(f"    {line}\n" for line in _arrows()),
        "```\n",
        _READING,
        _STAGES_HEAD,
        *(f"{_row(spec)}\n" for spec in PIPELINE),
        _EDGES_HEAD,
        *(f"| `{before}` | `{after}` | {why} |\n" for before, after, why in _edges()),
    )
    return "".join(parts)


def _arrows() -> Iterator[str]:
    yield f"[*] --> {FIRST.takes}"
    for spec in PIPELINE:
        yield f"{spec.takes} --> {spec.running}: claim"
        yield f"{spec.running} --> {spec.gives}: done"
        for onward in walks_on_to(spec):
            yield f"{spec.running} --> {onward.running}: light, walks on"
        yield f"{spec.running} --> {spec.failed}: final"
        yield f"{spec.running} --> {spec.takes}: again"
        yield f"{spec.failed} --> {spec.takes}: retry"
        yield f"{spec.failed} --> {ItemState.DISCARDED}: discard"
    yield f"{EXPRESS[0]} --> {EXPRESS[1]}: fresh rows, express"
    yield f"{LAST.gives} --> [*]"


def _row(spec: StageSpec) -> str:
    states = " | ".join(f"`{state}`" for state in (spec.takes, spec.running, spec.gives, spec.failed))
    limits = f"{spec.soft_limit.seconds} / {spec.hard_limit.seconds} s"
    slices = f"{spec.documents_per_slice} / {spec.rows_per_slice}"
    cells = (f"{spec.name}", f"`{spec.queue}`", states, limits, f"{spec.concurrency}", slices, f"{spec.max_attempts}")
    return f"| {' | '.join(cells)} |"


def _edges() -> Iterator[tuple[ItemState, ItemState, str]]:
    order = {state: place for place, state in enumerate(ItemState)}
    for before, after in sorted(allowed_edges(), key=lambda edge: (order[edge[0]], order[edge[1]])):
        yield before, after, _reason(before, after)


def _reason(before: ItemState, after: ItemState) -> str:
    """Why an item may change so. Raises ``StopIteration`` for a change of no stage: a test shows that there is none."""
    if (before, after) == EXPRESS:
        return "a full slice of fresh rows was done with every stage, and is settled once"
    return next(reason for spec in PIPELINE if (reason := _reasons(spec).get((before, after))) is not None)


def _reasons(spec: StageSpec) -> dict[tuple[ItemState, ItemState], str]:
    reasons = {
        (spec.failed, ItemState.EXTRACTED): "corrected or accepted by a person: validated anew",
        (spec.takes, spec.running): f"a worker claims it for {spec.name}",
        (spec.running, spec.gives): f"{spec.name} is done",
        (spec.running, spec.takes): "another attempt, or the lease was released or ran out",
        (spec.running, spec.failed): "nothing will help, a person is needed, or the last attempt failed",
        (spec.takes, spec.failed): "the last attempt ended without an answer",
        (spec.failed, spec.takes): "put back by a person, to be tried again",
        (spec.failed, ItemState.DISCARDED): "not wanted: a person said so, or it is published in another form",
        (ItemState.DISCARDED, spec.failed): "taken back by a person",
    }
    for onward in walks_on_to(spec):
        idle = " (what lies between has nothing to do)" if onward != next_stage(spec) else ""
        reasons[(spec.running, onward.running)] = f"{spec.name} is done, and {onward.name} goes on at once{idle}"
    return reasons


if __name__ == "__main__":
    sys.stdout.write(state_machine_markdown())
