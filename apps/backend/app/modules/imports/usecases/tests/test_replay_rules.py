"""Replay: what today's rules would change is said first, and made so for what waits only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.modules.imports.domain.pipeline import STAGES, ItemState, StageName
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.replay_rules import PAGE_SIZE, Applied, Change, apply_replay, replay_rules
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.tests.factories import INVOICE, Made, make_batch, make_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House

TODAY = datetime.now(UTC).date()
LONG_AGO = date(2020, 1, 1)
WRONG_TOTAL = {**INVOICE, "totals": {"net": "100.00", "tax": "21.00", "gross": "999.00"}}
NO_DAY = {key: value for key, value in INVOICE.items() if key != "issue_date"}
PUBLISHED = Made(state=ItemState.PUBLISHED, document=WRONG_TOTAL, findings=())
EVERYTHING = """
SELECT (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.id) FROM import_items i) AS items,
       (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.item_id) FROM import_payloads p) AS payloads,
       (SELECT jsonb_agg(to_jsonb(d) ORDER BY d.id) FROM import_dlq d) AS letters,
       (SELECT count(*) FROM import_audit) AS audited
"""


def finding(code: str, severity: str = "blocks", **more: str) -> dict[str, str]:
    return {"code": code, "severity": severity, **more}


def rows_of(database: Database, tenant: UUID, statement: str) -> Sequence[Mapping[str, Any]]:
    with database.tenant_session(tenant) as session:
        return session.execute(statement)


def validate_what_is_due(house: House, tenant: UUID) -> None:
    """What may be published walks on by itself."""
    while advance_slice(STAGES[StageName.VALIDATE], tenant, house.runtime):
        pass


def made(database: Database, tenant: UUID, *items: Made) -> list[UUID]:
    with database.tenant_session(tenant) as session:
        batch = make_batch(session)
        return [make_item(session, batch, item) for item in items]


def changes(database: Database, tenant: UUID, since: date = LONG_AGO) -> list[Change]:
    return [change for page in replay_rules(database, tenant, since, TODAY) for change in page.changes]


def codes(findings: tuple[Any, ...]) -> list[str]:
    return [f.code for f in findings]


def test_a_waiting_item_whose_reason_is_gone_would_go_on(database: Database, tenant: UUID) -> None:
    [item] = made(database, tenant, Made(file_name="f-7.xml"))
    [change] = changes(database, tenant)
    assert (change.item_id, change.name, change.published) == (item, "f-7.xml", False)
    assert (change.was, change.would_be) == ("totals_mismatch", None)
    assert "totals_mismatch" in codes(change.gone)


def test_a_published_item_that_would_be_stopped_today_is_listed(database: Database, tenant: UUID) -> None:
    [item] = made(database, tenant, PUBLISHED)
    [change] = changes(database, tenant)
    assert (change.item_id, change.published) == (item, True)
    assert (change.was, change.would_be) == (None, "totals_mismatch")
    assert "totals_mismatch" in codes(change.came)


def test_saying_what_would_change_touches_nothing(database: Database, tenant: UUID) -> None:
    made(database, tenant, Made(), PUBLISHED, Made(document=NO_DAY))
    before = rows_of(database, tenant, EVERYTHING)
    assert len(changes(database, tenant)) == 3
    assert rows_of(database, tenant, EVERYTHING) == before


def test_what_was_judged_by_the_same_rules_does_not_change(quiet_house: House, tenant: UUID) -> None:
    waiting = Made(state=ItemState.EXTRACTED, document=WRONG_TOTAL, findings=())
    published = Made(state=ItemState.EXTRACTED, findings=())
    made(quiet_house.database, tenant, waiting, published)
    validate_what_is_due(quiet_house, tenant)
    [page] = replay_rules(quiet_house.database, tenant, LONG_AGO, TODAY)
    assert (page.looked_at, page.changes, page.unreadable) == (2, (), ())


def test_applied_a_released_item_is_validated_and_published_and_the_trail_says_why(
    quiet_house: House, tenant: UUID
) -> None:
    database = quiet_house.database
    [item] = made(database, tenant, Made())
    found = changes(database, tenant)
    with database.tenant_session(tenant) as session:
        assert apply_replay(session, found, "ana") == Applied(stored=1, put_back=1)
    [row] = rows_of(database, tenant, "SELECT state, due_stage, code FROM import_items")
    assert (row["state"], row["due_stage"], row["code"]) == ("extracted", "validate", None)
    assert rows_of(database, tenant, "SELECT 1 FROM import_dlq WHERE resolved_at IS NULL") == []
    [entry] = rows_of(database, tenant, "SELECT actor, action, item_id, details FROM import_audit")
    assert (entry["actor"], entry["action"], entry["item_id"]) == ("ana", "item.replay", item)
    assert (entry["details"]["was"], entry["details"]["would_be"]) == ("totals_mismatch", None)
    validate_what_is_due(quiet_house, tenant)
    assert len(rows_of(database, tenant, "SELECT 1 FROM invoices")) == 1
    assert changes(database, tenant) == []


def test_applied_a_published_item_stays_to_the_letter(database: Database, tenant: UUID) -> None:
    made(database, tenant, PUBLISHED)
    before = rows_of(database, tenant, EVERYTHING)
    with database.tenant_session(tenant) as session:
        assert apply_replay(session, changes(database, tenant), "ana") == Applied(stored=0, put_back=0)
    assert rows_of(database, tenant, EVERYTHING) == before


def test_applied_an_item_that_still_waits_shows_the_findings_of_today(database: Database, tenant: UUID) -> None:
    old = (finding("totals_mismatch", field="totals.gross"), finding("rule_of_yesterday", "look"))
    made(database, tenant, Made(document=WRONG_TOTAL, findings=old))
    [change] = changes(database, tenant)
    assert not change.outcome_changes
    assert codes(change.gone) == ["rule_of_yesterday"]
    with database.tenant_session(tenant) as session:
        assert apply_replay(session, [change], "ana") == Applied(stored=1, put_back=0)
    [row] = rows_of(database, tenant, "SELECT i.state, i.code, p.findings FROM import_items i, import_payloads p")
    assert (row["state"], row["code"]) == ("validate_failed", "totals_mismatch")
    assert "rule_of_yesterday" not in {f["code"] for f in row["findings"]}
    assert len(rows_of(database, tenant, "SELECT 1 FROM import_dlq WHERE resolved_at IS NULL")) == 1


def test_an_item_with_another_reason_now_is_validated_and_waits_for_that_one(quiet_house: House, tenant: UUID) -> None:
    database = quiet_house.database
    made(database, tenant, Made(document=NO_DAY))
    [change] = changes(database, tenant)
    assert (change.was, change.would_be) == ("totals_mismatch", "missing_field")
    with database.tenant_session(tenant) as session:
        apply_replay(session, [change], "ana")
    validate_what_is_due(quiet_house, tenant)
    letters = rows_of(database, tenant, "SELECT code FROM import_dlq WHERE resolved_at IS NULL")
    assert [letter["code"] for letter in letters] == ["missing_field"]


def test_what_a_person_accepted_stops_nothing(database: Database, tenant: UUID) -> None:
    made(database, tenant, PUBLISHED)
    with database.tenant_session(tenant) as session:
        session.execute("UPDATE import_payloads SET accepted = '{totals_mismatch}'")
    assert [change.would_be for change in changes(database, tenant)] == [None]


def test_duplicates_are_no_question_of_rules(database: Database, tenant: UUID) -> None:
    duplicate = finding("duplicate_suspect", field="invoice_number")
    made(database, tenant, Made(code="duplicate_suspect", findings=[duplicate]))
    assert all(not change.outcome_changes for change in changes(database, tenant))
    assert "duplicate_suspect" not in {c for change in changes(database, tenant) for c in codes(change.gone)}


def test_a_correction_is_judged_as_corrected(database: Database, tenant: UUID) -> None:
    made(database, tenant, Made(document=WRONG_TOTAL))
    with database.tenant_session(tenant) as session:
        session.execute("""UPDATE import_payloads SET corrections = '{"totals.gross": "121.00"}'""")
    [change] = changes(database, tenant)
    assert change.would_be is None


def test_an_item_that_moved_on_since_is_left_alone(database: Database, tenant: UUID) -> None:
    reviewed, other = made(database, tenant, Made(), Made())
    found = changes(database, tenant)
    with database.tenant_session(tenant) as session:
        review_item(session, reviewed, Review(accept=["totals_mismatch"]), "eva")
    with database.tenant_session(tenant) as session:
        assert apply_replay(session, found, "ana") == Applied(stored=1, put_back=1)
    replayed = rows_of(database, tenant, "SELECT item_id FROM import_audit WHERE action = 'item.replay'")
    assert [row["item_id"] for row in replayed] == [other]


@pytest.mark.parametrize("state", [ItemState.PUBLISH_FAILED, ItemState.EXTRACT_FAILED, ItemState.EXTRACTED])
def test_only_what_is_published_or_waits_after_validation_is_judged(
    database: Database, tenant: UUID, state: ItemState
) -> None:
    made(database, tenant, Made(state=state))
    assert list(replay_rules(database, tenant, LONG_AGO, TODAY)) == []


def test_what_stopped_for_another_reason_than_a_finding_is_left_to_retry(database: Database, tenant: UUID) -> None:
    made(database, tenant, Made(code="unexpected_error"))
    with database.tenant_session(tenant) as session:
        session.execute("UPDATE import_dlq SET reason = 'exhausted'")
    assert [page.looked_at for page in replay_rules(database, tenant, LONG_AGO, TODAY)] == [0]


def test_only_what_came_in_since_the_day_is_judged(database: Database, tenant: UUID) -> None:
    old, new = made(database, tenant, Made(), Made())
    with database.tenant_session(tenant) as session:
        session.execute(
            "UPDATE import_items SET created_at = created_at - interval '30 days' WHERE id = %(id)s", {"id": old}
        )
    assert [change.item_id for change in changes(database, tenant, TODAY - timedelta(days=2))] == [new]


def test_a_document_that_is_none_any_more_is_named_and_stops_nobody(database: Database, tenant: UUID) -> None:
    broken, _ = made(database, tenant, Made(document={"doc_type": "novel"}), Made())
    [page] = replay_rules(database, tenant, LONG_AGO, TODAY)
    assert page.unreadable == (broken,)
    assert len(page.changes) == 1


def test_settings_of_the_tenant_are_rules_too(database: Database, tenant: UUID) -> None:
    made(database, tenant, Made(kind="paged", code="review_required", findings=[finding("review_required")]))
    with database.tenant_session(tenant) as session:
        session.execute("""UPDATE tenants SET settings = '{"strictness": "nothing"}'""")
    assert not any(change.outcome_changes for change in changes(database, tenant))
    with database.tenant_session(tenant) as session:
        session.execute("""UPDATE tenants SET settings = '{"strictness": "read"}'""")
    [change] = changes(database, tenant)
    assert (change.was, change.would_be) == ("review_required", None)


def test_items_of_another_tenant_are_not_judged(database: Database, tenant: UUID, other_tenant: UUID) -> None:
    made(database, other_tenant, Made(), PUBLISHED)
    assert list(replay_rules(database, tenant, LONG_AGO, TODAY)) == []


def test_many_items_come_page_by_page_and_each_once(database: Database, tenant: UUID) -> None:
    made(database, tenant, *[Made()] * (PAGE_SIZE + 3))
    pages = list(replay_rules(database, tenant, LONG_AGO, TODAY))
    assert [page.looked_at for page in pages] == [PAGE_SIZE, 3]
    assert len({change.item_id for page in pages for change in page.changes}) == PAGE_SIZE + 3
