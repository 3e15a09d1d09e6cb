"""What is let go with time, and what is left of a tenant that was erased: tombstones, hashes, and nothing that was said."""

from __future__ import annotations

import hashlib
import io
import os
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from app.modules.imports.adapters.files import LocalFileStore
from app.modules.imports.application.tests.driving import add_rows, advance_until_quiet, invoice_row, rows_of
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.audit_chain import verify_chain
from app.modules.imports.usecases.caretaking import collect_everywhere, take_care
from app.modules.imports.usecases.collect_files import collect_files
from app.modules.imports.usecases.erase_tenant import erase_tenant
from app.modules.imports.usecases.ingest import ingest_files
from app.modules.imports.usecases.invariants import broken_invariants
from app.modules.imports.usecases.items import item_file
from app.modules.imports.usecases.keys import authenticate, create_key
from app.modules.imports.usecases.legal_hold import hold_batch, hold_tenant
from app.modules.imports.usecases.mappings import create_mapping
from app.modules.imports.usecases.rate_limit import UnknownTenant, take_token
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.tenant_settings import change_settings
from app.modules.imports.usecases.tests.factories import Made, make_batch, make_item, preprocessed
from app.tests.wall import tenant_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.embedded import EmbeddedPostgres
    from app.modules.imports.usecases.house import House
    from app.settings import Settings

DAY = timedelta(days=1)
SECRET = "Zanahoria"
_ROWS_OF_ITS_OWN = (
    """INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, detail, started_at)
       VALUES ((SELECT app_tenant()), %(item)s, 'validate', 1, 'review', %(word)s, now())""",
    """INSERT INTO expenses (tenant_id, id, source_item_id, doc_type, description, expense_date, total)
       VALUES ((SELECT app_tenant()), gen_random_uuid(), gen_random_uuid(), 'receipt', %(word)s, now(), 1)""",
    """INSERT INTO bank_movements (tenant_id, id, source_item_id, line_no, amount, description, fingerprint, account_key)
       SELECT (SELECT app_tenant()), gen_random_uuid(), gen_random_uuid(), 1, 1, %(word)s, %(word)s || n, %(word)s
       FROM generate_series(1, 2) AS n""",
)


def put(house: House, tenant: UUID, content: bytes, *, days_old: float = 0) -> str:
    key = house.files.put(tenant, io.BytesIO(content)).key
    then = time.time() - days_old * 86_400
    os.utime(house.files.path(key), (then, then))
    return key


def collect(house: House, tenant: UUID, grace: timedelta = DAY) -> list[str]:
    return list(collect_files(house.database, house.files, house.reading, tenant, grace))


def test_files_that_no_item_names_are_collected_after_the_grace_with_what_was_read_of_them(
    quiet_house: House, config: Settings, tenant: UUID, other_tenant: UUID
) -> None:
    old, young, foreign = (
        put(quiet_house, tenant, b"old", days_old=2), put(quiet_house, tenant, b"young"), put(quiet_house, other_tenant, b"x", days_old=2)
    )  # fmt: skip
    named = put(quiet_house, tenant, b"named", days_old=2)
    derived = config.data_dir / "derived" / old.replace("/", "-")
    derived.mkdir(parents=True)
    (derived / "v1.json.gz").write_bytes(b"words")
    with quiet_house.database.tenant_session(tenant) as session:
        make_item(session, make_batch(session), Made(file_key=named))
    assert collect(quiet_house, tenant) == [old]
    assert not derived.exists()
    assert [quiet_house.files.exists(key) for key in (old, young, named, foreign)] == [False, True, True, True]


def words(config: Settings, key: str, *, days_old: float = 0) -> Path:
    """What was read of the pages of a file."""
    folder = config.data_dir / "derived" / key.replace("/", "-")
    folder.mkdir(parents=True)
    (folder / "v1.json.gz").write_bytes(SECRET.encode())
    then = time.time() - days_old * 86_400
    for path in (folder / "v1.json.gz", folder):
        os.utime(path, (then, then))
    return folder


def test_a_collection_that_is_interrupted_leaves_a_file_rather_than_what_was_read_of_it(
    quiet_house: House, config: Settings, tenant: UUID
) -> None:
    derived = words(config, key := put(quiet_house, tenant, b"old", days_old=2))

    class Interrupted(LocalFileStore):
        def collect(
            self, keys: Sequence[str], grace: timedelta, let_go: Callable[[Sequence[str]], Collection[str]]
        ) -> Sequence[str]:
            def let_go_and_end(old: Sequence[str]) -> Collection[str]:
                let_go(old)
                raise KeyboardInterrupt

            return super().collect(keys, grace, let_go_and_end)

    files = Interrupted(config.files_dir)
    with pytest.raises(KeyboardInterrupt):
        collect_files(quiet_house.database, files, quiet_house.reading, tenant, DAY)
    assert (derived.exists(), quiet_house.files.exists(key)) == (False, True)
    assert collect(quiet_house, tenant) == [key]


def test_what_was_read_of_files_that_are_gone_is_collected_after_the_grace(
    quiet_house: House, config: Settings, tenant: UUID
) -> None:
    here, gone, new = (f"{tenant}/{sha[:2]}/{sha}" for sha in (hashlib.sha256(b"here").hexdigest(), "a" * 64, "b" * 64))
    assert put(quiet_house, tenant, b"here") == here
    kept, old, young = words(config, here, days_old=2), words(config, gone, days_old=2), words(config, new)
    collect_everywhere(quiet_house, DAY)
    assert (kept.exists(), old.exists(), young.exists()) == (True, False, True)


def test_erasing_takes_what_was_read_of_a_file_that_is_gone_already(
    quiet_house: House, config: Settings, tenant: UUID, other_tenant: UUID
) -> None:
    mine, foreign = (words(config, f"{owner}/aa/{'a' * 64}") for owner in (tenant, other_tenant))
    erase_tenant(quiet_house, tenant, "cli")
    assert (mine.exists(), foreign.exists()) == (False, True)


def test_a_file_that_is_put_again_while_it_is_collected_stays(quiet_house: House, tenant: UUID) -> None:
    """Again and again, with an upload and a collector side by side: what was put and named is there in the end."""
    lost = []

    def upload() -> None:
        for number in range(40):
            stored = quiet_house.files.put(tenant, io.BytesIO(b"the same"))
            with quiet_house.database.tenant_session(tenant) as session:
                ingest_files(session, make_batch(session), [(stored, f"{number}.xml")])
            if not quiet_house.files.exists(stored.key):
                lost.append(number)
            with quiet_house.database.tenant_session(tenant) as session:
                session.execute("UPDATE import_items SET file_key = NULL")
            then = time.time() - 2 * 86_400
            if quiet_house.files.exists(stored.key):
                os.utime(quiet_house.files.path(stored.key), (then, then))

    uploader = threading.Thread(target=upload)
    uploader.start()
    collected = 0
    while uploader.is_alive():
        collected += len(collect(quiet_house, tenant))
    uploader.join()
    assert (lost, collected > 0) == ([], True)


def aged(
    house: House, tenant: UUID, age: str, state: ItemState = ItemState.PUBLISHED, batch: UUID | None = None
) -> UUID:
    key = put(house, tenant, age.encode() + state.encode(), days_old=40)
    with house.database.tenant_session(tenant) as session:
        item = make_item(session, batch or make_batch(session), Made(state=state, file_key=key, file_name="f.pdf"))
        session.execute(
            "UPDATE import_items SET updated_at = clock_timestamp() - %(age)s::interval WHERE id = %(id)s",
            {"age": age, "id": item},
        )
    return item


def test_originals_go_when_the_tenant_says_and_not_before_and_never_what_is_held(
    quiet_house: House, tenant: UUID
) -> None:
    with quiet_house.database.tenant_session(tenant) as session:
        held_batch = make_batch(session)
        hold_batch(session, held_batch, held=True, actor="ana")
    old = aged(quiet_house, tenant, "30 days 1 second")
    young = aged(quiet_house, tenant, "29 days 23 hours 59 minutes")
    waiting = aged(quiet_house, tenant, "99 days", ItemState.PENDING)
    held = aged(quiet_house, tenant, "98 days", batch=held_batch)
    assert take_care(quiet_house).originals == 0
    with quiet_house.database.tenant_session(tenant) as session:
        change_settings(session, {"keep_originals_days": 30}, "ana")
        hold_tenant(session, held=True, actor="cli")
    assert take_care(quiet_house).originals == 0
    with quiet_house.database.tenant_session(tenant) as session:
        hold_tenant(session, held=False, actor="cli")
    assert take_care(quiet_house).originals == 1
    assert len(collect(quiet_house, tenant)) == 1
    with quiet_house.database.tenant_session(tenant) as session:
        for item in (young, waiting, held):
            preprocessed(session, item)
            assert quiet_house.files.exists(item_file(session, item).key)
        with pytest.raises(RefusedUpload) as gone:
            item_file(session, old)
        assert (gone.value.code, gone.value.status) == ("file_purged", 410)
        [kept] = session.execute("SELECT purged_file_key FROM import_items WHERE id = %(id)s", {"id": old})
    assert len(kept["purged_file_key"].rpartition("/")[2]) == 64


def test_dead_letters_lose_their_content_at_seven_days_and_old_answers_go(quiet_house: House, tenant: UUID) -> None:
    ages = ["6 days 23 hours 59 minutes", "7 days 1 second", "8 days"]
    with quiet_house.database.tenant_session(tenant) as session:
        held = make_batch(session)
        hold_batch(session, held, held=True, actor="ana")
        items = [make_item(session, make_batch(session)) for _ in ages[:2]] + [make_item(session, held)]
        for item, age in zip(items, ages, strict=True):
            session.execute(
                "UPDATE import_dlq SET created_at = clock_timestamp() - %(age)s::interval WHERE item_id = %(id)s",
                {"age": age, "id": item},
            )
        for key, age in (("old", "25 hours"), ("young", "23 hours")):
            session.execute(
                "INSERT INTO import_requests (tenant_id, key, fingerprint, created_at) VALUES ((SELECT app_tenant()), %(key)s, '', clock_timestamp() - %(age)s::interval)",
                {"key": key, "age": age},
            )
    kept = take_care(quiet_house)
    assert (kept.dead_letters, kept.requests) == (1, 1)
    left = rows_of(quiet_house.database, tenant, "SELECT item_id FROM import_dlq WHERE payload IS NOT NULL")
    assert {row["item_id"] for row in left} == {items[0], items[2]}


@pytest.fixture
def full(quiet_house: House, tenant: UUID) -> UUID:
    """A tenant with something of everything, and a word in all of it that nothing of it may still hold afterwards."""
    database = quiet_house.database
    good = [invoice_row(n) | {"supplier_name": SECRET} for n in range(3)]
    add_rows(quiet_house, tenant, [*good, {"invoice_number": SECRET}])
    advance_until_quiet(quiet_house, tenant)
    with database.tenant_session(tenant) as session:
        create_key(session, name=SECRET, role="admin", actor="ana")
        change_settings(session, {"own_tax_ids": [SECRET]}, "ana")
        create_mapping(session, SECRET, {"target": "invoice", "columns": {"invoice_number": SECRET}}, "ana")
        failed = make_item(
            session,
            make_batch(session, SECRET),
            Made(file_name=f"{SECRET}.pdf", file_key=put(quiet_house, tenant, SECRET.encode())),
        )
        review_item(session, failed, Review(corrections={"supplier.name": SECRET}, reason=SECRET), "ana")
        for statement in _ROWS_OF_ITS_OWN:
            session.execute(statement, {"item": failed, "word": SECRET})
    return tenant


def holding(owner: psycopg.Connection[tuple[object, ...]], word: str) -> set[str]:
    tables = [*tenant_tables(owner), "tenants"]
    return {
        t
        for t in tables
        if owner.execute(
            f'SELECT 1 FROM "{t}" x WHERE to_jsonb(x)::text ILIKE %s LIMIT 1'.encode(), [f"%{word}%"]
        ).fetchall()
    }


def test_an_erased_tenant_leaves_tombstones_and_nothing_that_was_said(
    quiet_house: House, full: UUID, postgres: EmbeddedPostgres, database_name: str, config: Settings
) -> None:
    with quiet_house.database.tenant_session(full) as session:
        key = create_key(session, name="k", role="admin", actor="ana").key
    with psycopg.connect(postgres.superuser_dsn(database_name), autocommit=True) as owner:
        assert {
            "import_payloads",
            "invoices",
            "import_audit",
            "import_mappings",
            "tenants",
            "bank_movements",
        } <= holding(owner, SECRET)
        before = {
            t: owner.execute(f'SELECT count(*) FROM "{t}"'.encode()).fetchone()
            for t in ("import_items", "import_publications", "invoices")
        }
        erased = erase_tenant(quiet_house, full, "cli")
        assert (erased.batches, erased.files) == (2, 1)
        assert holding(owner, SECRET) == set()
        assert before == {t: owner.execute(f'SELECT count(*) FROM "{t}"'.encode()).fetchone() for t in before}
    assert not [p for p in (config.data_dir / "files" / str(full)).rglob("*") if p.is_file()]
    assert authenticate(quiet_house.database, key) is None
    with quiet_house.database.tenant_session(full) as session:
        assert verify_chain(session, full) == ()
        with pytest.raises(UnknownTenant):
            take_token(session, 600)
        actions = {row["action"] for row in session.execute("SELECT action FROM import_audit")}
    assert {"item.review", "tenant.erase", "tenant.erased"} <= actions
    assert (erase_tenant(quiet_house, full, "cli").files, holding_nothing(postgres, database_name)) == (0, True)


def holding_nothing(postgres: EmbeddedPostgres, database_name: str) -> bool:
    with psycopg.connect(postgres.superuser_dsn(database_name), autocommit=True) as owner:
        return holding(owner, SECRET) == set()


def test_erasure_keeps_the_invariants(
    quiet_house: House, tenant: UUID, postgres: EmbeddedPostgres, database_name: str
) -> None:
    add_rows(quiet_house, tenant, [invoice_row(1), {"invoice_number": "x"}])
    advance_until_quiet(quiet_house, tenant)
    add_rows(quiet_house, tenant, [invoice_row(2)])
    erase_tenant(quiet_house, tenant, "cli")
    with psycopg.connect(postgres.superuser_dsn(database_name)) as owner:
        assert broken_invariants(owner) == ()


def test_a_legal_hold_wins_over_erasure(quiet_house: House, full: UUID) -> None:
    with quiet_house.database.tenant_session(full) as session:
        batch = make_batch(session)
        hold_batch(session, batch, held=True, actor="ana")
    with pytest.raises(RefusedUpload) as refused:
        erase_tenant(quiet_house, full, "cli")
    assert refused.value.code == "legal_hold"
    assert rows_of(quiet_house.database, full, "SELECT 1 FROM invoices WHERE supplier_name IS NOT NULL")
