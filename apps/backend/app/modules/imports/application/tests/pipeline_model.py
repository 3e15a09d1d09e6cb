"""The pipeline in memory: what each step must do to the items of two tenants. It knows the pipeline table and no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import (
    AT_REST_STATES,
    FAILED_STATES,
    FIRST,
    LAST,
    LIGHT_KINDS,
    PIPELINE,
    ItemKind,
    ItemState,
    StageName,
    StageSpec,
    allowed_edges,
    next_stage,
    passed_by,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_EDGES = allowed_edges()


@dataclass(slots=True, kw_only=True)
class ModelItem:
    """One item. ``lease`` is the token that holds it; ``due`` the stage that may claim it now."""

    id: UUID
    tenant: UUID
    batch: UUID
    kind: ItemKind
    state: ItemState = FIRST.takes
    due: StageName | None = FIRST.name
    attempt: int = 0
    lease: UUID | None = None

    def seen(self) -> tuple[str, str | None, int, UUID | None]:
        return self.state.value, self.due.value if self.due else None, self.attempt, self.lease


@dataclass(slots=True)
class ModelLease:
    """What a worker holds. ``expired`` leases hold until somebody sweeps."""

    tenant: UUID
    stage: StageSpec
    expired: bool = False


@dataclass(slots=True)
class PipelineModel:
    """Items, leases, open dead letters and the ledger."""

    items: dict[UUID, ModelItem] = field(default_factory=dict)
    leases: dict[UUID, ModelLease] = field(default_factory=dict)
    letters: dict[UUID, str] = field(default_factory=dict)
    published: set[UUID] = field(default_factory=set)
    cancelled: set[UUID] = field(default_factory=set)
    discarded: dict[UUID, tuple[ItemState, str]] = field(default_factory=dict)
    """Where it had failed, and with which dead letter."""

    def ingest(self, tenant: UUID, batch: UUID, kind: ItemKind, ids: Iterable[UUID]) -> None:
        for id_ in ids:
            self.items[id_] = ModelItem(id=id_, tenant=tenant, batch=batch, kind=kind)

    def claimable(self, tenant: UUID, stage: StageSpec) -> list[ModelItem]:
        return [i for i in self.items.values() if i.tenant == tenant and i.due is stage.name]

    def claim(self, tenant: UUID, stage: StageSpec, token: UUID, ids: Collection[UUID]) -> None:
        """Those that were claimed have to be claimable, of one kind, and as many as a slice holds."""
        able = {item.id: item for item in self.claimable(tenant, stage)}
        assert set(ids) <= set(able), "claimed what was not due"
        assert ids, "a lease without items"
        rows = {able[id_].kind is ItemKind.ROW for id_ in ids}
        assert len(rows) == 1, "rows and documents in one slice"
        alike = sum((item.kind is ItemKind.ROW) in rows for item in able.values())
        assert len(ids) == min(alike, stage.rows_per_slice if rows == {True} else stage.documents_per_slice)
        self.leases[token] = ModelLease(tenant, stage)
        for id_ in ids:
            item = able[id_]
            self._move(item, stage.running)
            item.due, item.lease, item.attempt = None, token, item.attempt + 1

    def held(self, token: UUID) -> list[ModelItem]:
        return [item for item in self.items.values() if item.lease == token]

    def settle(self, token: UUID, outcomes: dict[UUID, Outcome]) -> UUID | None:
        """The token if light items walk on with it. The lease has to be there."""
        lease = self.leases[token]
        for item in self.held(token):
            match outcomes[item.id]:
                case Done():
                    self._done(item, lease.stage)
                case Retry(charged=False):
                    self._again(item, lease.stage, item.attempt - 1)
                case Retry() if item.attempt < lease.stage.max_attempts:
                    self._again(item, lease.stage, item.attempt)
                case Retry():
                    self._fail(item, lease.stage, "exhausted")
                case NeedsReview(needless=needless):
                    self._fail(item, lease.stage, "review")
                    if needless:
                        self.discard(item)
                case Dead():
                    self._fail(item, lease.stage, "dead")
        walking = self.held(token)
        if not walking:
            del self.leases[token]
            return None
        self._walk_on(token, walking)
        return token

    def _done(self, item: ModelItem, stage: StageSpec) -> None:
        following = next_stage(stage)
        if following is None:
            assert item.id not in self.published, "published twice"
            self.published.add(item.id)
        if following is None or item.kind not in LIGHT_KINDS:
            self._move(item, stage.gives)
            item.due, item.lease, item.attempt = following.name if following else None, None, 0

    def _walk_on(self, token: UUID, walking: Sequence[ModelItem]) -> None:
        lease = self.leases[token]
        passed = passed_by(lease.stage, {item.kind for item in walking})
        onward = next_stage((lease.stage, *passed)[-1])
        assert onward is not None
        for item in walking:
            self._move(item, onward.running)
            item.attempt = 1
        self.leases[token] = ModelLease(lease.tenant, onward)

    def release(self, token: UUID) -> None:
        lease = self.leases.pop(token, None)
        for item in self.held(token) if lease else ():
            assert lease is not None
            self._again(item, lease.stage, item.attempt - 1)

    def sweep(self) -> None:
        for token in [token for token, lease in self.leases.items() if lease.expired]:
            lease = self.leases.pop(token)
            for item in self.held(token):
                if item.attempt >= lease.stage.max_attempts:
                    self._fail(item, lease.stage, "exhausted")
                else:
                    self._again(item, lease.stage, item.attempt)

    def failed(self, batch: UUID) -> list[ModelItem]:
        return [item for item in self.items.values() if item.batch == batch and item.state in FAILED_STATES]

    def put_back(self, item: ModelItem) -> None:
        """Retried or reviewed by a person, who starts its attempts anew."""
        stage = next(spec for spec in PIPELINE if spec.failed is item.state)
        del self.letters[item.id]
        self._again(item, stage, 0)

    def discard(self, item: ModelItem) -> None:
        self.discarded[item.id] = item.state, self.letters.pop(item.id)
        self._move(item, ItemState.DISCARDED)

    def restore(self, item: ModelItem) -> None:
        failed, self.letters[item.id] = self.discarded.pop(item.id)
        self._move(item, failed)

    def cancel(self, batch: UUID) -> None:
        if batch in self.cancelled:
            return
        self.cancelled.add(batch)
        mine = [item for item in self.items.values() if item.batch == batch]
        tokens = {item.lease for item in mine if item.lease}
        for item in mine:
            if item.due is not None:
                item.attempt += 1
                self._fail(item, next(spec for spec in PIPELINE if spec.name is item.due), "cancelled")
        for token in tokens:
            for item in self.held(token):
                if item.batch == batch:
                    self._fail(item, self.leases[token].stage, "cancelled")
            self.release(token)

    def check(self) -> None:
        """What holds of the model itself, whatever was done."""
        for item in self.items.values():
            stage = next((spec for spec in PIPELINE if item.state in {spec.takes, spec.running, spec.failed}), LAST)
            assert 0 <= item.attempt <= stage.max_attempts
            at_rest = item.state in AT_REST_STATES
            assert [item.due is not None, item.lease is not None, at_rest].count(True) == 1
            assert (item.lease in self.leases) == (item.lease is not None)
            assert (item.id in self.letters) == (item.state in FAILED_STATES)
            assert (item.id in self.published) == (item.state is LAST.gives)
            assert (item.id in self.discarded) == (item.state is ItemState.DISCARDED)

    def _again(self, item: ModelItem, stage: StageSpec, attempt: int) -> None:
        self._move(item, stage.takes)
        item.due, item.lease, item.attempt = stage.name, None, attempt

    def _fail(self, item: ModelItem, stage: StageSpec, reason: str) -> None:
        assert item.id not in self.letters
        self.letters[item.id] = reason
        self._move(item, stage.failed)
        item.due, item.lease = None, None

    def _move(self, item: ModelItem, state: ItemState) -> None:
        assert (item.state, state) in _EDGES, f"from {item.state} to {state}"
        item.state = state


def new_ids(many: int) -> list[UUID]:
    return [uuid4() for _ in range(many)]
