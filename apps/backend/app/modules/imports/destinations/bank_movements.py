"""Movements of bank accounts, from statements and from rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from app.modules.imports.destinations.recordset import insert_rows
from app.modules.imports.domain.canonical import DocumentType, Statement
from app.modules.imports.ports import Publication, Published

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import BankEntry
    from app.modules.imports.ports import SqlSession

# fmt: off
_COLUMNS = {
    "id": "uuid", "source_item_id": "uuid", "line_no": "integer", "account": "text", "currency": "text",
    "booking_date": "date", "value_date": "date", "amount": "numeric", "balance": "numeric", "description": "text",
    "reference": "text", "fingerprint": "text",
}
# fmt: on


class BankMovementDestination:
    """Table ``bank_movements``: one row per movement, keyed by item and line."""

    name = "bank_movements"
    accepts = frozenset({DocumentType.BANK_STATEMENT, DocumentType.BANK_MOVEMENT})

    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        rows = [row for p in items for row in _rows(p)]
        insert_rows(session, self.name, _COLUMNS, rows, "source_item_id, line_no")
        # A statement without movements has no row of its own; its ledger entry names the item.
        return [
            Published(
                item_id=p.item_id,
                table=self.name,
                row_id=_row_id(p, 1) if _statement(p).entries else p.item_id,
            )
            for p in items
        ]


def _statement(publication: Publication) -> Statement:
    return publication.document.statement or Statement()


def _row_id(publication: Publication, line: int) -> UUID:
    return uuid5(publication.item_id, f"bank_movements/{line}")


def _rows(publication: Publication) -> Iterator[dict[str, object]]:
    statement = _statement(publication)
    account = statement.account_iban or statement.account_number
    seen: Counter[str] = Counter()
    for line, entry in enumerate(statement.entries, start=1):
        content = _content(account, entry)
        seen[content] += 1
        yield {
            "id": _row_id(publication, line),
            "source_item_id": publication.item_id,
            "line_no": line,
            "account": account,
            "currency": publication.document.currency,
            "booking_date": entry.booking_date,
            "value_date": entry.value_date,
            "amount": entry.amount,
            "balance": entry.balance,
            "description": entry.description,
            "reference": entry.reference,
            "fingerprint": hashlib.sha256(f"{content}|{seen[content]}".encode()).hexdigest(),
        }


def _content(account: str | None, entry: BankEntry) -> str:
    """What tells movements apart: never the line number of a file, which changes with every download."""
    parts = (account, entry.booking_date, entry.value_date, entry.amount, entry.description, entry.balance)
    return "|".join("" if part is None else str(part) for part in parts)


DESTINATION = BankMovementDestination()
