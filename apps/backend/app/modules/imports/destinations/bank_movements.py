"""Movements of bank accounts, from statements and from rows; what an earlier download brought is not written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.destinations.movement_identity import account_key, content_hash
from app.modules.imports.destinations.movement_placing import Line, Standing, place_lines
from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.domain.canonical import DocumentType, Statement
from app.modules.imports.domain.finding import Finding, Severity
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from app.modules.imports.ports import SqlSession

# fmt: off
_COLUMNS: Final = {
    "id": "uuid", "source_item_id": "uuid", "line_no": "integer", "account": "text", "currency": "text",
    "booking_date": "date", "value_date": "date", "amount": "numeric", "balance": "numeric", "description": "text",
    "reference": "text", "fingerprint": "text", "account_key": "text", "download_id": "uuid",
}
_KNOWN_COLUMNS: Final = {
    "source_item_id": "uuid", "line_no": "integer", "download_id": "uuid", "fingerprint": "text", "movement_id": "uuid",
}
# fmt: on
_PLACED_BEFORE = """
SELECT source_item_id, min(movement_id::text) FILTER (WHERE line_no = 1)::uuid AS first FROM (
    SELECT m.source_item_id, m.line_no, m.id AS movement_id FROM bank_movements m
    WHERE m.tenant_id = (SELECT app_tenant()) AND m.source_item_id = ANY (%(items)s::uuid[])
    UNION ALL
    SELECT k.source_item_id, k.line_no, k.movement_id FROM bank_movements_known k
    WHERE k.tenant_id = (SELECT app_tenant()) AND k.source_item_id = ANY (%(items)s::uuid[])
) AS lines GROUP BY source_item_id
"""


class BankMovementDestination:
    """Table ``bank_movements``: a row per movement; ``bank_movements_known``: lines that an earlier row stands for."""

    name = "bank_movements"
    accepts = frozenset({DocumentType.BANK_STATEMENT, DocumentType.BANK_MOVEMENT})

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        before = _placed_before(items, session)
        by_item = {p.item_id: p for p in items}
        lines = [line for p in items if p.item_id not in before for line in _lines(p)]
        standings = place_lines(lines, session)
        new = [_row(standing, by_item[standing.line.item_id]) for standing in standings if standing.is_new]
        insert_rows(session, self.name, _COLUMNS, new, "source_item_id, line_no")
        known = [_known_row(standing) for standing in standings if not standing.is_new]
        insert_rows(session, "bank_movements_known", _KNOWN_COLUMNS, known, "source_item_id, line_no")
        return _published(self.name, items, standings, before)


def _placed_before(items: Sequence[Publication], session: SqlSession) -> Mapping[UUID, UUID]:
    """Items whose lines are in the tables, with the row of the first: a publication that is repeated."""
    rows = session.execute(_PLACED_BEFORE, {"items": [p.item_id for p in items]})
    return {row["source_item_id"]: row["first"] for row in rows}


def _statement(publication: Publication) -> Statement:
    return publication.document.statement or Statement()


def _lines(publication: Publication) -> Iterator[Line]:
    statement, currency = _statement(publication), publication.document.currency
    account = account_key(statement)
    # What is only announced comes again when it is booked, and often changed: only then is it a movement.
    booked = (entry for entry in statement.entries if entry.status is None)
    for line_no, entry in enumerate(booked, start=1):
        yield Line(
            item_id=publication.item_id,
            line_no=line_no,
            download_id=publication.download_id or publication.item_id,
            account=account,
            content=content_hash(account, currency, entry),
            entry=entry,
        )


def _row(standing: Standing, publication: Publication) -> dict[str, object]:
    statement, line = _statement(publication), standing.line
    return {
        "id": line.own_id,
        "source_item_id": line.item_id,
        "line_no": line.line_no,
        "account": statement.account_iban or statement.account_number,
        "currency": publication.document.currency,
        "booking_date": line.entry.booking_date,
        "value_date": line.entry.value_date,
        "amount": line.entry.amount,
        "balance": line.entry.balance,
        "description": line.entry.description,
        "reference": line.entry.reference,
        "fingerprint": standing.fingerprint,
        "account_key": line.account,
        "download_id": line.download_id,
    }


def _known_row(standing: Standing) -> dict[str, object]:
    return {
        "source_item_id": standing.line.item_id,
        "line_no": standing.line.line_no,
        "download_id": standing.line.download_id,
        "fingerprint": standing.fingerprint,
        "movement_id": standing.movement_id,
    }


def _published(
    table: str, items: Sequence[Publication], standings: Sequence[Standing], before: Mapping[UUID, UUID]
) -> list[Published]:
    of_item: dict[UUID, list[Standing]] = {p.item_id: [] for p in items}
    for standing in standings:
        of_item[standing.line.item_id].append(standing)
    published = []
    for id_, own in of_item.items():
        # A statement without movements has no row of its own; its ledger entry names the item.
        row_id = own[0].movement_id if own else before.get(id_, id_)
        published.append(Published(item_id=id_, table=table, row_id=row_id, findings=tuple(_findings(own))))
    return published


def _findings(standings: Sequence[Standing]) -> Iterator[Finding]:
    known = sum(not standing.is_new for standing in standings)
    if known:
        params = {"known": str(known), "new": str(len(standings) - known)}
        yield Finding(code="movements_known", severity=Severity.NOTE, params=params)
    if alike := sum(standing.seen and standing.is_new for standing in standings):
        params = {"alike": str(alike), "total": str(len(standings))}
        yield Finding(code="movements_look_known", severity=Severity.LOOK, params=params)


DESTINATION = BankMovementDestination()
