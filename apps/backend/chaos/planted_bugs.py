"""The planted bugs, each with the trial that brings it to light: what is wrong, with the bug or without it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from app.modules.imports.adapters.postgres import claim, express, lease, onward, settlement, work
from app.modules.imports.adapters.postgres.item_store import PostgresItemStore
from app.modules.imports.domain.errors import LeaseLost, Transient
from app.modules.imports.domain.outcome import Done, Retry
from app.modules.imports.domain.pipeline import FIRST, STAGES
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.invariants import broken_invariants
from chaos.crash_scenarios import Actor, invoice_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import psycopg

    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Item, Settled, Slice, SqlSession
    from app.modules.imports.usecases.house import House

    Publish = Callable[[Sequence[Item], SqlSession], Sequence[Outcome]]

LEASE_SECONDS: Final = 30.0
_LOST_OFTEN: Final = 5
_OUTLIVES: Final = """
SELECT 1 FROM import_leases WHERE leased_until > clock_timestamp() + make_interval(secs => %(seconds)s)
"""
_FENCED: Final = ("AND i.lease_token = %(token)s", "AND lease_token = %(token)s")


@dataclass(frozen=True, slots=True)
class Ground:
    """A database of its own, with a house on it, a tenant, and somebody who may change the schema."""

    house: House
    tenant: UUID
    owner: psycopg.Connection[Any]
    folder: Path

    def actor(self, house: House | None = None) -> Actor:
        return Actor(house or self.house, self.tenant, self.folder / "accepted.json")

    def broken(self) -> list[str]:
        return [str(one) for one in broken_invariants(self.owner, grace=timedelta(0))]

    def new_tenant(self) -> UUID:
        tenant = uuid4()
        self.owner.execute("INSERT INTO tenants (id, name) VALUES (%s, %s)", [tenant, str(tenant)])
        return tenant


# ------------------------------------------------------------------------------------------------------- C1: no fence


def unfenced(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001  (with the bug or without)
    with ExitStack() as stack:
        if planted:
            _plant_text(stack, lease, "_FENCE", lambda _: "SELECT clock_timestamp() AS started_at")
            for module in (settlement, onward, work, express):
                for name, text in list(vars(module).items()):
                    if isinstance(text, str) and any(fence in text for fence in _FENCED):
                        _plant_text(stack, module, name, _without_fence)
        return _zombie(ground)


def _without_fence(text: str) -> str:
    for fence in _FENCED:
        text = text.replace(fence, "AND state <> 'published'" if fence.startswith("AND lease") else "")
    return text


def _zombie(ground: Ground) -> list[str]:
    actor = ground.actor()
    actor.post_rows("rows", [invoice_row(1)])
    zombie = ground.house.store.claim(FIRST, ground.tenant)
    actor.begin()
    heir = ground.house.store.claim(FIRST, ground.tenant)
    assert zombie is not None
    assert heir is not None
    problems = []
    try:
        ground.house.store.settle(zombie, [Done()])
        problems.append("a zombie settled")
    except LeaseLost:
        pass
    return problems + ground.broken()


# --------------------------------------------------------------------------------------------------- C2: no unique key


def without_unique_key(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    if planted:
        ground.owner.execute("ALTER TABLE import_publications DROP CONSTRAINT import_publications_pkey")
        ground.owner.execute("ALTER TABLE invoices DROP CONSTRAINT invoices_source_item_id_tenant_id_key")
    actor = ground.actor()
    actor.post_rows("rows", [invoice_row(1)])
    return _whatever_goes_wrong(actor.work) + ground.broken() + _unpublished(actor)


# ------------------------------------------------------------------------------------------ C3: attempts at the failure


def counted_at_failure(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    actor = ground.actor()
    with ExitStack() as stack:
        if planted:
            _plant_text(
                stack, claim, "_CLAIM", lambda text: text.replace("attempt = i.attempt + 1", "attempt = i.attempt")
            )
        actor.post_rows("rows", [invoice_row(1)])
        claims = 0
        for _ in range(_LOST_OFTEN):
            claims += ground.house.store.claim(FIRST, ground.tenant) is not None
            actor.begin()
    problems = [f"a stage ran {claims} times"] if claims > FIRST.max_attempts else []
    return problems + ground.broken()


# ----------------------------------------------------------------------------------------------------- C4: no sweeper


def sweeper_off(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    class Unswept(PostgresItemStore):
        def release_expired(self) -> int:
            return 0

    house = _with_store(ground.house, Unswept) if planted else ground.house
    actor = ground.actor(house)
    actor.post_rows("rows", [invoice_row(1)])
    house.store.claim(FIRST, ground.tenant)
    actor.begin()
    return ground.broken()


# ----------------------------------------------------------------------------------------------- C5: ring before commit


def ring_before_commit(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    heard: list[bool] = []

    class Listener:
        def ring(self, ring: Ring) -> None:
            with ground.house.database.tenant_session(ring.tenant_id) as session:
                heard.append(bool(session.execute("SELECT 1 FROM import_items WHERE due_stage IS NOT NULL LIMIT 1")))

        def is_heard(self) -> bool:
            return True

    house = replace(ground.house, doorbell=Listener())
    with ExitStack() as stack:
        if planted:
            from app.modules.imports.usecases import ingest  # noqa: PLC0415  (patched here only)

            given = ingest._add_items  # noqa: SLF001  (a seam from outside)

            def too_early(*arguments: Any) -> None:  # noqa: ANN401  (passed on)
                given(*arguments)
                house.doorbell.ring(Ring(FIRST.name, ground.tenant))

            stack.enter_context(patch.object(ingest, "_add_items", too_early))
        ground.actor(house).post_rows("rows", [invoice_row(1)])
    return [] if all(heard) else ["a ring overtook its rows"]


# ---------------------------------------------------------------------------------------- C6: publish, and then settle


def in_two_transactions(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    class Torn(PostgresItemStore):
        def settle_within(self, slice_: Slice, publish: Publish) -> Settled:
            with ground.house.database.tenant_session(slice_.tenant_id) as session:
                publish(slice_.items, session)
            raise LeaseLost("killed between the two")

    class Killed(PostgresItemStore):
        def settle_within(self, slice_: Slice, publish: Publish) -> Settled:
            with ground.house.database.tenant_session(slice_.tenant_id) as session, session.savepoint():
                publish(slice_.items, session)
                raise LeaseLost("killed before the commit")

    house = _with_store(ground.house, Torn if planted else Killed)
    ground.actor(house).post_rows("rows", [invoice_row(1)])
    for stage in STAGES.values():
        advance_slice(stage, ground.tenant, house.runtime)
    return ground.broken()


# ------------------------------------------------------------------------------------------- C7, C8, C10: the tenants


def without_check(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    if planted:
        ground.owner.execute("ALTER POLICY tenant ON import_batches WITH CHECK (true)")
    other = ground.new_tenant()
    insert = "INSERT INTO import_batches (tenant_id, id) VALUES (%(other)s, gen_random_uuid())"
    refused = _whatever_goes_wrong(lambda: ground.actor().rows(insert, {"other": other}))
    return ([] if refused else ["a row was written for another tenant"]) + ground.broken()


def foreign_key_without_tenant(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    if planted:
        ground.owner.execute("DROP TRIGGER import_items_belong ON import_items")
        ground.owner.execute("CREATE UNIQUE INDEX batch_by_id ON import_batches (id)")
        ground.owner.execute("ALTER TABLE import_items ADD FOREIGN KEY (batch_id) REFERENCES import_batches (id)")
    batch = ground.actor().post_rows("rows", [invoice_row(1)])
    stranger = replace(ground, tenant=ground.new_tenant()).actor()
    insert = """INSERT INTO import_items (tenant_id, id, batch_id, kind)
                VALUES ((SELECT app_tenant()), gen_random_uuid(), %(batch)s, 'row')"""
    refused = _whatever_goes_wrong(lambda: stranger.rows(insert, {"batch": batch}))
    return ([] if refused else ["an item was put into another tenant's batch"]) + ground.broken()


def empty_tenant(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    if planted:
        ground.owner.execute(
            """CREATE OR REPLACE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
               RETURN current_setting('app.tenant_id', true)::uuid"""
        )
    return ground.broken()


# -------------------------------------------------------------------------------------------- C9: no scan, so clean


def unscanned_is_clean(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    class Away:
        def scan(self, path: Path) -> str | None:
            raise Transient("av_unavailable", path.name)

    class Forgiving(Away):
        def scan(self, path: Path) -> str | None:
            try:
                return super().scan(path)
            except Transient:
                return None

    given = ground.house.runtime.equip
    scanner = Forgiving() if planted else Away()
    runtime = replace(ground.house.runtime, equip=lambda *about: replace(given(*about), scanner=scanner))
    actor = ground.actor(replace(ground.house, runtime=runtime))
    actor.post_files("files", {"a.csv": b"invoice_number,total\n1,2\n"})
    for _ in range(FIRST.max_attempts):
        advance_slice(FIRST, ground.tenant, runtime)
        actor.begin()
    [item] = actor.rows("SELECT state, code FROM import_items")
    closed = (item["state"], item["code"]) == (FIRST.failed.value, "av_unavailable")
    return ([] if closed else [f"what nobody scanned is {item['state']}"]) + ground.broken()


# -------------------------------------------------------------------------------------------------- C11, C12: the time


def clock_of_the_worker(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    ahead = datetime.now(UTC) + timedelta(hours=1)
    with ExitStack() as stack:
        if planted:
            _plant_text(
                stack, claim, "_OPEN_LEASE", lambda text: text.replace("clock_timestamp()", f"'{ahead}'::timestamptz")
            )
        ground.actor().post_rows("rows", [invoice_row(1)])
        ground.house.store.claim(FIRST, ground.tenant)
    late = ground.actor().rows(_OUTLIVES, {"seconds": LEASE_SECONDS + 1})
    return ["a dead worker's lease outlives its time"] if late else ground.broken()


def backoff_by_message(ground: Ground, planted: bool) -> list[str]:  # noqa: FBT001
    if planted:
        ground.owner.execute("ALTER TABLE import_items DROP CONSTRAINT claimable_leased_or_at_rest")
    with ExitStack() as stack:
        if planted:
            _plant_text(stack, settlement, "_TRY_AGAIN", _waiting_for_a_message)
        actor = ground.actor()
        actor.post_rows("rows", [invoice_row(1)])
        slice_ = ground.house.store.claim(FIRST, ground.tenant)
        assert slice_ is not None
        ground.house.store.settle(slice_, [Retry(code="busy")])
    actor.work()
    return ground.broken() + _unpublished(actor)


def _waiting_for_a_message(text: str) -> str:
    start, end = text.index("next_run_at ="), text.index("attempt =")
    return (text[:start] + "next_run_at = NULL, " + text[end:]).replace("due_stage = %(stage)s", "due_stage = NULL")


def _plant_text(stack: ExitStack, module: object, name: str, change: Callable[[str], str]) -> None:
    before = getattr(module, name)
    after = change(before)
    assert after != before, f"{name} is not what it was when the bug was written"
    stack.enter_context(patch.object(module, name, after))


def _with_store(house: House, kind: type[PostgresItemStore]) -> House:
    store = kind(house.database, lease_seconds=LEASE_SECONDS, backoff_seconds=0.0)
    return replace(house, store=store, runtime=replace(house.runtime, store=store))


def _unpublished(actor: Actor) -> list[str]:
    rows = actor.rows("SELECT state FROM import_items WHERE state <> 'published'")
    return [f"an item ended {row['state']}" for row in rows]


def _whatever_goes_wrong(do: Callable[[], object]) -> list[str]:
    try:
        do()
    except (SQLAlchemyError, AssertionError) as error:
        return [type(error).__name__]
    return []
