"""The item store on PostgreSQL: each method is one transaction, and the row decides, never the message."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from app.crashpoints import crashpoint
from app.modules.imports.adapters.postgres import parts as parts_sql
from app.modules.imports.adapters.postgres import sweeping
from app.modules.imports.adapters.postgres.claim import claim_slice
from app.modules.imports.adapters.postgres.express import add_published_parts, settle_express
from app.modules.imports.adapters.postgres.lease import Timing, close_lease, fence
from app.modules.imports.adapters.postgres.settlement import settle_slice
from app.modules.imports.adapters.postgres.unstorable import (
    Unstorable,
    is_of_a_value,
    not_storable,
    storable_outcomes,
    values_told_apart,
)
from app.modules.imports.domain.errors import LeaseLost
from app.modules.imports.domain.outcome import Dead, NeedsReview

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from app.database import Database, Session
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.domain.pipeline import StageName, StageSpec
    from app.modules.imports.ports import Express, Item, Part, Ring, Settled, Slice, SqlSession

    Publish = Callable[[Sequence[Item], SqlSession], Sequence[Outcome]]

log = structlog.get_logger()

_Answer = TypeVar("_Answer")

_SETTLE_TRIES = 3
_RENEW = """
UPDATE import_leases SET leased_until = least(clock_timestamp() + make_interval(secs => %(lease)s), deadline_at)
WHERE tenant_id = (SELECT app_tenant()) AND token = %(token)s
"""
_RELEASE = """
UPDATE import_items SET state = %(takes)s, due_stage = %(stage)s, next_run_at = clock_timestamp(), lease_token = NULL,
    attempt = attempt - 1, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND lease_token = %(token)s
"""


class PostgresItemStore:
    """Implements ``ports.ItemStore``."""

    def __init__(self, database: Database, *, lease_seconds: float, backoff_seconds: float) -> None:
        self._database = database
        self._timing = Timing(lease=lease_seconds, backoff=backoff_seconds)

    def claim(self, stage: StageSpec, tenant_id: UUID) -> Slice | None:
        with self._database.tenant_session(tenant_id) as session:
            slice_ = claim_slice(session, stage, tenant_id, self._timing.lease)
            if slice_ is not None:
                crashpoint(f"claiming:{stage.name}")
        return slice_

    def settle(self, slice_: Slice, outcomes: Sequence[Outcome]) -> Settled:
        try:
            with values_told_apart():
                return self._settled(slice_, lambda _: outcomes)
        except Unstorable as error:
            # Another attempt would say the same: what is at fault fails for good, and its neighbours go on.
            log.warning("outcome_not_storable", stage=slice_.stage.name.value, error=str(error))
            return self._settled(slice_, lambda session: storable_outcomes(session, slice_, outcomes))

    def settle_within(self, slice_: Slice, publish: Publish) -> Settled:
        """Run the stage inside the settling transaction: what it writes and the change of state commit together."""
        try:
            with values_told_apart():
                return self._settled(slice_, lambda session: _published(session, slice_, publish))
        except Unstorable as error:
            dead = not_storable(error)
            return self._settled(slice_, lambda _: [dead for _ in slice_.items])

    def settle_express(self, slice_: Slice, express: Express, publish: Publish) -> Sequence[Outcome] | None:
        return self._fenced(slice_, lambda session, began: settle_express(session, slice_, express, began, publish))

    def _settled(self, slice_: Slice, decide: Callable[[Session], Sequence[Outcome]]) -> Settled:
        def settle(session: Session, started: datetime) -> Settled:
            settled = settle_slice(session, slice_, decide(session), started, self._timing)
            crashpoint(f"settling:{slice_.stage.name}")
            return settled

        return self._fenced(slice_, settle)

    def _fenced(self, slice_: Slice, settle: Callable[[Session, datetime], _Answer]) -> _Answer:
        for tries_left in reversed(range(_SETTLE_TRIES)):
            try:
                with self._database.tenant_session(slice_.tenant_id) as session:
                    answer = settle(session, fence(session, slice_))
            except OperationalError as error:
                # Whether a cut-off commit came through is told by the lease on the next try: gone means it did,
                # or that somebody else took over; either way the result is dropped then.
                if not tries_left or is_of_a_value(error):
                    raise
                log.warning("settle_interrupted", stage=slice_.stage.name.value, tries_left=tries_left)
                time.sleep(0.2)
            else:
                return answer
        raise AssertionError

    def renew(self, slice_: Slice) -> None:
        with self._database.tenant_session(slice_.tenant_id) as session:
            if not session.count(_RENEW, {"token": slice_.token, "lease": self._timing.lease}):
                raise LeaseLost("the heartbeat found no lease")

    def release(self, slice_: Slice) -> None:
        stage = {"takes": slice_.stage.takes.value, "stage": slice_.stage.name.value}
        with self._database.tenant_session(slice_.tenant_id) as session:
            if close_lease(session, slice_.token):
                session.count(_RELEASE, {"token": slice_.token, **stage})
            crashpoint("releasing")
        crashpoint("released")

    def release_expired(self) -> int:
        return sweeping.release_expired(self._database, self._timing.backoff)

    def rings_due(self) -> Sequence[Ring]:
        return sweeping.rings_due(self._database)

    def next_tenant(self, stage: StageName, after: UUID) -> UUID | None:
        return sweeping.next_tenant(self._database, stage, after)

    def add_parts(self, slice_: Slice, item: Item, parts: Sequence[Part]) -> None:
        with self._database.tenant_session(slice_.tenant_id) as session:
            fence(session, slice_)
            parts_sql.add_parts(session, item, parts)
            crashpoint("splitting")
        crashpoint("split")

    def publish_parts(
        self, slice_: Slice, item: Item, parts: Sequence[Part], express: Express, publish: Publish
    ) -> Sequence[Outcome] | None:
        with self._database.tenant_session(slice_.tenant_id) as session:
            fence(session, slice_)
            outcomes = add_published_parts(session, item, parts, express, publish)
            if outcomes is None:
                parts_sql.add_parts(session, item, parts)
            crashpoint("splitting:express")
        crashpoint("split:express")
        return outcomes

    def adopt_mapping(self, slice_: Slice, item: Item, mapping: Mapping[str, object]) -> None:
        with self._database.tenant_session(slice_.tenant_id) as session:
            fence(session, slice_)
            parts_sql.adopt_mapping(session, item, mapping)
            crashpoint("adopting")
        crashpoint("adopted")

    def parts_cursor(self, slice_: Slice, item: Item) -> int:
        with self._database.tenant_session(slice_.tenant_id) as session:
            return parts_sql.parts_cursor(session, item)


def _published(session: Session, slice_: Slice, publish: Publish) -> Sequence[Outcome]:
    try:
        with values_told_apart(), session.savepoint():
            return publish(slice_.items, session)
    except (IntegrityError, Unstorable):
        # One bad item must not hold up its neighbours: the slice is published one by one.
        return [_published_alone(session, item, publish) for item in slice_.items]


def _published_alone(session: Session, item: Item, publish: Publish) -> Outcome:
    try:
        with values_told_apart(), session.savepoint():
            [outcome] = publish([item], session)
            return outcome
    except IntegrityError as error:
        if "natural_key" in str(error.orig):
            return NeedsReview(code="duplicate_suspect", detail="the same invoice was published a moment ago")
        return Dead(code="publish_conflict", detail=type(error.orig).__name__)
    except Unstorable as error:
        return Dead(code="value_out_of_range", detail=str(error))
