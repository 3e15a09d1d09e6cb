"""A batch as lines of a table: one for each item, in the order of the batch, a few hundred at a time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.pipeline import PIPELINE
from app.modules.imports.usecases.batches import get_batch
from app.modules.imports.usecases.outlines import COLUMNS, JOINED, finding_codes, shown_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from app.database import Database

Cell = str | int | Decimal | date | None
"""Text is text, an amount a Decimal, a day a date: whoever writes the file keeps them apart."""

HEADINGS: Final = (
    "position", "file", "row", "state", "stage", "code", "doc_type", "number", "issue_date", "due_date",
    "supplier_name", "supplier_tax_id", "buyer_name", "buyer_tax_id", "currency",
    "net", "tax", "withholding", "gross", "payable", "findings", "destination", "destination_id", "batch_id", "item_id",
    "parent_id",
)  # fmt: skip

_AT_ONCE: Final = 500
_PAGE: Final = f"""
WITH page AS MATERIALIZED (
    SELECT i.* FROM import_items i
    WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s AND (i.place, i.id) > (%(place)s, %(id)s)
    ORDER BY i.place, i.id LIMIT {_AT_ONCE}
)
SELECT i.id, i.place, i.batch_id, i.parent_id, i.file_name, i.part, i.state, i.code, i.doc_type,
       u.dest_table, u.dest_id, {COLUMNS}
FROM page i {JOINED}
LEFT JOIN import_publications u ON u.tenant_id = i.tenant_id AND u.item_id = i.id
ORDER BY i.place, i.id
"""  # noqa: S608  (texts of ours)
_STAGES: Final = {
    **{spec.takes: spec.name.value for spec in PIPELINE},
    **{spec.running: spec.name.value for spec in PIPELINE},
    **{spec.failed: spec.name.value for spec in PIPELINE},
}
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


def export_lines(database: Database, tenant_id: UUID, batch_id: UUID) -> Iterator[Sequence[tuple[Cell, ...]]]:
    """Lines as they stand while they are read; no transaction is open between two lots of them.

    Raises ``RefusedUpload('batch_not_found')`` at once, not when the first line is asked for.
    """
    with database.tenant_session(tenant_id) as session:
        get_batch(session, batch_id)
    return _lots(database, tenant_id, batch_id)


def _lots(database: Database, tenant_id: UUID, batch_id: UUID) -> Iterator[Sequence[tuple[Cell, ...]]]:
    after: dict[str, object] = {"place": b"", "id": _NOBODY}
    number = 0
    while True:
        with database.tenant_session(tenant_id) as session:
            rows = session.execute(_PAGE, {"batch": batch_id, **after})
        if not rows:
            return
        yield [_line(number + index, row) for index, row in enumerate(rows, start=1)]
        number += len(rows)
        after = {"place": rows[-1]["place"], "id": rows[-1]["id"]}


def _line(number: int, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    shown = shown_fields(row)
    supplier, buyer = shown.get("supplier") or {}, shown.get("buyer") or {}
    totals = shown.get("totals") or {}
    return (
        number, row["file_name"], row["part"], row["state"], _STAGES.get(row["state"]), row["code"], row["doc_type"],
        shown.get("invoice_number"), _day(shown.get("issue_date")), _day(shown.get("due_date")),
        supplier.get("name"), supplier.get("tax_id"), buyer.get("name"), buyer.get("tax_id"), shown.get("currency"),
        *(_amount(totals.get(name)) for name in ("net", "tax", "withholding", "gross", "payable")),
        " ".join(finding_codes(row)), row["dest_table"], _id(row["dest_id"]), _id(row["batch_id"]), _id(row["id"]),
        _id(row["parent_id"]),
    )  # fmt: skip


def _amount(stated: object) -> Cell:
    """A number where it is one (a reviewer may have entered a JSON number); anything else stays the text that it is."""
    if stated is None:
        return None
    text = str(stated)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def _day(stated: str | None) -> Cell:
    if stated is None:
        return None
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return stated


def _id(value: UUID | None) -> str | None:
    return str(value) if value is not None else None
