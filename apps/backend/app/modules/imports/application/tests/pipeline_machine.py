"""Everything that may happen to items, in any order: to the model alone, and to the model and PostgreSQL together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from app.conftest import new_tenant
from app.modules.imports.adapters.postgres.item_store import PostgresItemStore
from app.modules.imports.application.tests.driving import assert_nothing_broken, rows_of
from app.modules.imports.application.tests.pipeline_model import PipelineModel, new_ids
from app.modules.imports.domain.errors import LeaseLost, RefusedUpload
from app.modules.imports.domain.outcome import Dead, Done, NeedsReview, Outcome, Retry
from app.modules.imports.domain.pipeline import PIPELINE, ItemKind, StageName, StageSpec
from app.modules.imports.ports import Slice
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.dead_letters import purge_dead_letters
from app.modules.imports.usecases.discard import discard_item, restore_item
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.database import Database
    from app.modules.imports.ports import Item, SqlSession

_Answer = TypeVar("_Answer")
_OUTCOMES: tuple[Outcome, ...] = (
    Done(),
    Done(),
    Done(),
    Retry(code="busy"),
    Retry(code="splitting", charged=False),
    NeedsReview(code="look"),
    NeedsReview(code="known", needless=True),
    Dead(code="broken"),
)
_KINDS = (ItemKind.ROW, ItemKind.PAGED)
_BACK_IN_TIME = """
UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 s'
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s
"""
_OLDER = "UPDATE import_dlq SET created_at = created_at - interval '169 h' WHERE tenant_id = (SELECT app_tenant())"


class PipelineMachine(RuleBasedStateMachine):
    """The model alone: whatever is done to it in whatever order, it stays whole."""

    batches: Bundle[tuple[UUID, UUID]] = Bundle("batches")
    slices: Bundle[UUID] = Bundle("slices")

    def __init__(self) -> None:
        super().__init__()
        self.model = PipelineModel()
        self.tenants = self.open()

    def open(self) -> list[UUID]:
        return new_ids(2)

    # ------------------------------------------------------------------------------------------------------ rules

    @rule(target=batches, owner=st.integers(0, 1), kind=st.sampled_from(_KINDS), many=st.integers(1, 3))
    def ingest(self, owner: int, kind: ItemKind, many: int) -> tuple[UUID, UUID]:
        tenant = self.tenants[owner]
        batch, ids = self.really_ingest(tenant, kind, many)
        self.model.ingest(tenant, batch, kind, ids)
        return tenant, batch

    @rule(target=slices, owner=st.integers(0, 1), stage=st.sampled_from(PIPELINE))
    def claim(self, owner: int, stage: StageSpec) -> UUID:
        return self._claimed(self.tenants[owner], stage)

    @rule(target=slices, owner=st.integers(0, 1))
    def claim_what_is_due(self, owner: int) -> UUID:
        """Random stages mostly have nothing due: this one walks items on to the end."""
        tenant = self.tenants[owner]
        due = [spec for spec in PIPELINE if self.model.claimable(tenant, spec)]
        return self._claimed(tenant, due[-1]) if due else uuid4()

    def _claimed(self, tenant: UUID, stage: StageSpec) -> UUID:
        token, ids = self.really_claim(tenant, stage)
        assert bool(ids) == bool(self.model.claimable(tenant, stage)), "work was due, and nobody got it"
        if ids:
            self.model.claim(tenant, stage, token, ids)
        return token

    @rule(token=slices, outcomes=st.lists(st.sampled_from(_OUTCOMES), min_size=8, max_size=8))
    def settle(self, token: UUID, outcomes: Sequence[Outcome]) -> None:
        """By its worker, or by a zombie that lost its lease long ago."""
        held = self.model.held(token)
        answers = {item.id: outcomes[n % len(outcomes)] for n, item in enumerate(held)}
        settled = self.really_settle(token, answers)
        assert settled == (token in self.model.leases), "a zombie settled" if settled else "a worker was refused"
        if settled:
            self.model.settle(token, answers)

    @rule(token=slices)
    def heartbeat(self, token: UUID) -> None:
        renewed = self.really_renew(token)
        assert renewed == (token in self.model.leases)
        if renewed:
            self.model.leases[token].expired = False

    @rule(token=slices)
    def expire(self, token: UUID) -> None:
        """The worker crashed or hangs, and time passes."""
        self.really_expire(token)
        if token in self.model.leases:
            self.model.leases[token].expired = True

    @rule(token=consumes(slices))
    def release(self, token: UUID) -> None:
        self.really_release(token)
        self.model.release(token)

    @rule()
    def sweep(self) -> None:
        self.really_sweep()
        self.model.sweep()

    @rule(batch=batches)
    def retry(self, batch: tuple[UUID, UUID]) -> None:
        tenant, id_ = batch
        retried = self.really_retry(tenant, id_)
        if id_ in self.model.cancelled:
            assert retried is None
            return
        failed = self.model.failed(id_)
        assert retried in {None, len(failed)}
        for item in failed:
            self.model.put_back(item)

    @rule(batch=batches, accept=st.booleans())
    def review(self, batch: tuple[UUID, UUID], accept: bool) -> None:  # noqa: FBT001  (drawn by name)
        tenant, id_ = batch
        for item in self.model.failed(id_)[:1]:
            if self.really_review(tenant, item.id, accept=accept):
                assert id_ not in self.model.cancelled
                self.model.put_back(item)

    @rule(batch=batches)
    def discard(self, batch: tuple[UUID, UUID]) -> None:
        tenant, id_ = batch
        for item in self.model.failed(id_)[:1]:
            self.really_discard(tenant, item.id)
            self.model.discard(item)

    @rule(batch=batches)
    def restore(self, batch: tuple[UUID, UUID]) -> None:
        tenant, id_ = batch
        for item in [self.model.items[item_id] for item_id in self.model.discarded]:
            if item.batch == id_:
                self.really_restore(tenant, item.id)
                self.model.restore(item)

    @rule(batch=batches, chance=st.integers(0, 3))
    def cancel(self, batch: tuple[UUID, UUID], chance: int) -> None:
        tenant, id_ = batch
        if not chance:
            self.really_cancel(tenant, id_)
            self.model.cancel(id_)

    @rule()
    def purge(self) -> None:
        self.really_purge()

    # ------------------------------------------------------------------------------------------- what must be true

    @invariant()
    def the_model_is_whole(self) -> None:
        self.model.check()

    # ------------------------------------------------------------------- what happens for real: here, only in the mind

    def really_ingest(self, tenant: UUID, kind: ItemKind, many: int) -> tuple[UUID, list[UUID]]:
        return uuid4(), new_ids(many)

    def really_claim(self, tenant: UUID, stage: StageSpec) -> tuple[UUID, list[UUID]]:
        able = self.model.claimable(tenant, stage)
        alike = [item.id for item in able if (item.kind is ItemKind.ROW) == (able[0].kind is ItemKind.ROW)]
        limit = stage.rows_per_slice if able and able[0].kind is ItemKind.ROW else stage.documents_per_slice
        return uuid4(), alike[:limit]

    def really_settle(self, token: UUID, answers: dict[UUID, Outcome]) -> bool:
        return token in self.model.leases

    def really_renew(self, token: UUID) -> bool:
        return token in self.model.leases

    def really_expire(self, token: UUID) -> None: ...
    def really_release(self, token: UUID) -> None: ...
    def really_sweep(self) -> None: ...
    def really_retry(self, tenant: UUID, batch: UUID) -> int | None:
        return None

    def really_review(self, tenant: UUID, item: UUID, *, accept: bool) -> bool:
        return self.model.items[item].batch not in self.model.cancelled

    def really_discard(self, tenant: UUID, item: UUID) -> None: ...
    def really_restore(self, tenant: UUID, item: UUID) -> None: ...
    def really_cancel(self, tenant: UUID, batch: UUID) -> None: ...
    def really_purge(self) -> None: ...


class PostgresMachine(PipelineMachine):
    """The same on PostgreSQL: after each step its rows are what the model says, for both tenants."""

    database: ClassVar[Database]
    store: ClassVar[Callable[[Database], PostgresItemStore]] = staticmethod(
        lambda database: PostgresItemStore(database, lease_seconds=600, backoff_seconds=0)
    )

    def open(self) -> list[UUID]:
        self.hands: dict[UUID, Slice] = {}
        self.items = type(self).store(self.database)
        return [new_tenant(self.database, name) for name in ("one", "two")]

    def teardown(self) -> None:
        assert_nothing_broken(self.database, accepted=list(self.model.items))

    @invariant()
    def the_rows_are_what_the_model_says(self) -> None:
        rows = self._rows("SELECT id, state, due_stage, attempt, lease_token FROM import_items")
        found = {row["id"]: (row["state"], row["due_stage"], row["attempt"], row["lease_token"]) for row in rows}
        # The number of attempts of what is at rest is nobody's business any more.
        said = {id_: item.seen() for id_, item in self.model.items.items()}
        assert {i: _told(seen) for i, seen in found.items()} == {i: _told(seen) for i, seen in said.items()}
        letters = self._rows("SELECT item_id, reason FROM import_dlq WHERE resolved_at IS NULL")
        assert {row["item_id"]: row["reason"] for row in letters} == self.model.letters
        ledger = self._rows("SELECT item_id FROM import_publications")
        assert {row["item_id"] for row in ledger} == self.model.published

    def _rows(self, statement: str) -> list[Any]:
        return [row for tenant in self.tenants for row in rows_of(self.database, tenant, statement)]

    def really_ingest(self, tenant: UUID, kind: ItemKind, many: int) -> tuple[UUID, list[UUID]]:
        with self.database.tenant_session(tenant) as session:
            batch = create_batch(session, NewBatch(name=kind)).id
            ingest_rows(session, batch, RowsRequest(rows=[{"n": str(n)} for n in range(many)]))
            session.execute("UPDATE import_items SET kind = %(k)s WHERE batch_id = %(b)s", {"k": kind, "b": batch})
            rows = session.execute("SELECT id FROM import_items WHERE batch_id = %(b)s", {"b": batch})
        return batch, [row["id"] for row in rows]

    def really_claim(self, tenant: UUID, stage: StageSpec) -> tuple[UUID, list[UUID]]:
        slice_ = self.items.claim(stage, tenant)
        if slice_ is None:
            return uuid4(), []
        self.hands[slice_.token] = slice_
        return slice_.token, [item.id for item in slice_.items]

    def really_settle(self, token: UUID, answers: dict[UUID, Outcome]) -> bool:
        slice_ = self.hands.get(token)
        if slice_ is None:
            return False
        self._refuse_the_other_tenant(slice_)
        outcomes = [answers.get(item.id, Done()) for item in slice_.items]
        try:
            if slice_.stage.name is StageName.PUBLISH:
                settled = self.items.settle_within(slice_, lambda items, session: _publish(items, outcomes, session))
            else:
                settled = self.items.settle(slice_, outcomes)
        except LeaseLost:
            return False
        if settled.onward is not None:
            self.hands[token] = settled.onward
        with pytest.raises(LeaseLost):  # once more, as after a commit whose answer was lost
            self.items.settle(slice_, outcomes)
        return True

    def _refuse_the_other_tenant(self, slice_: Slice) -> None:
        [other] = [tenant for tenant in self.tenants if tenant != slice_.tenant_id]
        stolen = Slice(token=slice_.token, tenant_id=other, stage=slice_.stage, items=slice_.items)
        with pytest.raises(LeaseLost):
            self.items.settle(stolen, [Done() for _ in slice_.items])

    def really_renew(self, token: UUID) -> bool:
        if token not in self.hands:
            return False
        try:
            self.items.renew(self.hands[token])
        except LeaseLost:
            return False
        return True

    def really_expire(self, token: UUID) -> None:
        for tenant in self.tenants:
            with self.database.tenant_session(tenant) as session:
                session.execute(_BACK_IN_TIME, {"token": token})

    def really_release(self, token: UUID) -> None:
        if token in self.hands:
            self.items.release(self.hands[token])

    def really_sweep(self) -> None:
        self.items.release_expired()

    def really_retry(self, tenant: UUID, batch: UUID) -> int | None:
        try:
            with self.database.tenant_session(tenant) as session:
                return retry_batch(session, batch, "model").retried
        except RefusedUpload as error:
            return _only_when_cancelled(error, None)

    def really_review(self, tenant: UUID, item: UUID, *, accept: bool) -> bool:
        [row] = self._rows(f"SELECT code FROM import_items WHERE id = '{item}'") or [{"code": ""}]
        try:
            with self.database.tenant_session(tenant) as session:
                review_item(session, item, Review(accept=[row["code"]] if accept else []), "model")
        except RefusedUpload as error:
            return _only_when_cancelled(error, False)
        return True

    def really_discard(self, tenant: UUID, item: UUID) -> None:
        with self.database.tenant_session(tenant) as session:
            discard_item(session, item, "model")

    def really_restore(self, tenant: UUID, item: UUID) -> None:
        with self.database.tenant_session(tenant) as session:
            restore_item(session, item, "model")

    def really_cancel(self, tenant: UUID, batch: UUID) -> None:
        with self.database.tenant_session(tenant) as session:
            cancel_batch(session, batch, "model")

    def really_purge(self) -> None:
        for tenant in self.tenants:
            with self.database.tenant_session(tenant) as session:
                session.execute(_OLDER)
        purge_dead_letters(self.database, 7)


def _only_when_cancelled(error: RefusedUpload, answer: _Answer) -> _Answer:
    if error.code != "batch_cancelled":
        raise error
    return answer


def _told(seen: tuple[str, str | None, int, UUID | None]) -> tuple[str, str | None, int | None, UUID | None]:
    state, due, attempt, lease = seen
    return state, due, attempt if due or lease else None, lease


def _publish(items: Sequence[Item], outcomes: Sequence[Outcome], session: SqlSession) -> Sequence[Outcome]:
    done = [item.id for item, outcome in zip(items, outcomes, strict=True) if isinstance(outcome, Done)]
    for statement in (
        """INSERT INTO expenses (tenant_id, id, source_item_id, doc_type, expense_date, total)
           SELECT (SELECT app_tenant()), id, id, 'receipt', '2026-01-01', 1 FROM unnest(%(ids)s::uuid[]) AS v (id)""",
        """INSERT INTO import_publications (tenant_id, item_id, dest_table, dest_id, payload_hash)
           SELECT (SELECT app_tenant()), id, 'expenses', id, '' FROM unnest(%(ids)s::uuid[]) AS v (id)""",
    ):
        session.execute(statement, {"ids": done})
    return outcomes
