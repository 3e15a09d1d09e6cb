"""The trail holds: whatever is done to it behind the function's back, the row is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from app.modules.imports.adapters.audit_anchors import AnchorFile
from app.modules.imports.usecases.audit import Entry, record
from app.modules.imports.usecases.audit_anchor import anchor_heads, verify_anchored
from app.modules.imports.usecases.audit_chain import verify_chain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from app.database import Database
    from app.embedded import EmbeddedPostgres

_FORGED = """
INSERT INTO import_audit (tenant_id, seq, actor, action, details, salt, details_hash, prev_hash, hash)
SELECT tenant_id, seq + 1, 'mallory', 'key.create', '{}', salt, audit_details_hash(salt, '{}'), hash, hash
FROM import_audit WHERE tenant_id = %(t)s ORDER BY seq DESC LIMIT 1
"""
# The owner knows the formula, and computes the row's own hash anew.
_REHASHED = """
UPDATE import_audit a SET actor = 'mallory' WHERE tenant_id = %(t)s AND seq = 3;
UPDATE import_audit a SET hash = audit_hash(a.prev_hash, a) WHERE tenant_id = %(t)s AND seq = 3
"""
_REWRITTEN = """
DO $$
DECLARE entry import_audit; last bytea;
BEGIN
    SELECT hash INTO last FROM import_audit WHERE tenant_id = %(t)s AND seq = 2;
    FOR entry IN SELECT * FROM import_audit WHERE tenant_id = %(t)s AND seq > 2 ORDER BY seq LOOP
        entry.actor := 'mallory';
        entry.prev_hash := last;
        entry.hash := audit_hash(last, entry);
        last := entry.hash;
        UPDATE import_audit SET actor = 'mallory', prev_hash = entry.prev_hash, hash = entry.hash WHERE id = entry.id;
    END LOOP;
END $$
"""
_SWAPPED = """
UPDATE import_audit SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE tenant_id = %(t)s AND seq IN (3, 4);
UPDATE import_audit SET seq = -seq WHERE tenant_id = %(t)s AND seq < 0
"""
_WRITTEN_BESIDE = """
INSERT INTO import_audit (tenant_id, seq, actor, action, details_hash, prev_hash, hash)
VALUES ((SELECT app_tenant()), 7, 'x', 'x', '', '', '')
"""
_EDIT = "UPDATE import_audit SET {} WHERE tenant_id = %(t)s AND seq = {}"


@pytest.fixture
def trail(database: Database, tenant: UUID) -> UUID:
    """Six entries, some with text that JSON has to escape."""
    for number in range(6):
        details: dict[str, object] = {
            "n": number,
            "text": f'ñ "{number}"\\ \n \x01 \x7f 日本',
            "nested": {"b": [1.50, None]},
        }
        with database.tenant_session(tenant) as session:
            record(session, Entry(actor=f"ana\t{number}", action="item.review", item_id=tenant, details=details))
    return tenant


@pytest.fixture
def owner(postgres: EmbeddedPostgres, database_name: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser who has taken the triggers off."""
    with psycopg.connect(postgres.superuser_dsn(database_name), autocommit=True) as connection:
        connection.execute("ALTER TABLE import_audit DISABLE TRIGGER USER")
        yield connection


@pytest.fixture
def anchors(tmp_path: Path) -> AnchorFile:
    return AnchorFile(tmp_path / "anchors.jsonl")


def links(database: Database, tenant: UUID) -> list[tuple[int, str]]:
    with database.tenant_session(tenant) as session:
        return [(link.seq, link.code) for link in verify_chain(session, tenant)]


def test_a_trail_that_nobody_touched_is_whole(database: Database, trail: UUID, other_tenant: UUID) -> None:
    with database.tenant_session(other_tenant) as session:
        record(session, Entry(actor="bea", action="key.create"))
        assert verify_chain(session) == ()
    assert links(database, trail) == []


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (_EDIT.format("actor = 'mallory'", 3), [(3, "changed")]),
        (_EDIT.format("details = '{}'", 3), [(3, "changed")]),
        (_EDIT.format("details = NULL, salt = NULL", 3), [(3, "changed")]),
        (_EDIT.format("at = at - interval '1 day'", 6), [(6, "changed")]),
        (_EDIT.format("item_id = NULL", 1), [(1, "changed")]),
        ("DELETE FROM import_audit WHERE tenant_id = %(t)s AND seq = 3", [(3, "missing")]),
        ("DELETE FROM import_audit WHERE tenant_id = %(t)s AND seq = 1", [(1, "missing")]),
        (_FORGED, [(7, "changed")]),
        (_REHASHED, [(4, "unlinked")]),
        (_SWAPPED, [(3, "changed"), (4, "changed")]),
    ],
)  # fmt: skip
def test_what_was_touched_is_named(
    database: Database, trail: UUID, owner: psycopg.Connection[Any], harm: str, expected: list[tuple[int, str]]
) -> None:
    for statement in harm.split(";"):
        owner.execute(psycopg.ClientCursor(owner).mogrify(statement.encode(), {"t": trail}).encode())
    found = links(database, trail)
    assert found[: len(expected)] == expected
    # What follows on a changed row may be named too; nothing before it may.
    assert all(seq >= expected[0][0] for seq, _ in found)


@pytest.mark.parametrize(
    "harm_and_code",
    [
        ("DELETE FROM import_audit WHERE tenant_id = %(t)s AND seq >= 5", "truncated"),
        ("DELETE FROM import_audit WHERE tenant_id = %(t)s", "truncated"),
        (_REWRITTEN, "rewritten"),
    ],
)
def test_an_end_cut_off_and_a_trail_written_anew_are_told_by_the_anchor(
    database: Database, trail: UUID, owner: psycopg.Connection[Any], anchors: AnchorFile, harm_and_code: tuple[str, str]
) -> None:
    harm, code = harm_and_code
    assert [head.seq for head in anchor_heads(database, anchors)] == [6]
    assert anchor_heads(database, anchors) == []
    assert verify_anchored(database, anchors) == []
    owner.execute(psycopg.ClientCursor(owner).mogrify(harm.encode(), {"t": trail}).encode())
    assert links(database, trail) == []
    assert [(link.seq, link.code) for link in verify_anchored(database, anchors)] == [(6, code)]


def test_a_torn_line_of_the_anchor_file_spoils_no_other(database: Database, trail: UUID, tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text('\n{"at": "2026-01-01", "tenant_')
    anchors = AnchorFile(path)
    anchor_heads(database, anchors)
    assert [head.tenant_id for head in anchors.all()] == [trail]


@pytest.mark.parametrize(
    "statement",
    [
        _WRITTEN_BESIDE,
        "UPDATE import_audit SET actor = 'x'",
        "DELETE FROM import_audit",
        "TRUNCATE import_audit",
        "SELECT imports_erase_traces(10)",
        "ALTER TABLE import_audit DISABLE TRIGGER USER",
    ],
)  # fmt: skip
def test_the_app_can_only_add_through_the_function(database: Database, trail: UUID, statement: str) -> None:
    with pytest.raises(ProgrammingError), database.tenant_session(trail) as session:
        session.execute(statement)
    assert links(database, trail) == []


def test_the_owner_is_refused_too_while_the_triggers_stand(
    postgres: EmbeddedPostgres, database_name: str, trail: UUID
) -> None:
    with psycopg.connect(postgres.superuser_dsn(database_name), autocommit=True) as connection:
        for statement in ("UPDATE import_audit SET actor = 'x'", "DELETE FROM import_audit", "TRUNCATE import_audit"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
                connection.execute(statement)


def test_no_entry_can_be_added_without_a_tenant(database: Database) -> None:
    with pytest.raises(ProgrammingError, match="no tenant"), database.door_session() as session:
        record(session, Entry(actor="x", action="x"))
