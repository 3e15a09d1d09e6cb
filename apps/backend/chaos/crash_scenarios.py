"""What a client and a worker do from beginning to end, in one thread; begun again after a crash, they go on from there.

Every scenario is a client that does not know what became of its last request: it sends it again under the same key.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from reportlab.pdfgen import canvas

from app.modules.imports.domain.pipeline import FIRST, PIPELINE
from app.modules.imports.usecases.advance_slice import advance_slice
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.dead_letters import purge_dead_letters
from app.modules.imports.usecases.delete_batch import delete_batch
from app.modules.imports.usecases.discard import discard_item, restore_item
from app.modules.imports.usecases.erase_tenant import erase_tenant
from app.modules.imports.usecases.idempotency import Answer, fingerprint, once
from app.modules.imports.usecases.ingest import (
    RowsRequest,
    Upload,
    ingest_files,
    ingest_rows,
    ring_for_new,
    store_uploads,
)
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.review_item import Review, review_item
from app.modules.imports.usecases.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.database import Session
    from app.modules.imports.usecases.house import House
    from app.modules.imports.usecases.ingest import Ingested

_DEAD_PROCESS: Final = """
UPDATE import_leases SET leased_until = clock_timestamp() - interval '1 ms' WHERE tenant_id = (SELECT app_tenant())
"""
_AT_ONCE: Final = """
UPDATE import_items SET next_run_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND due_stage IS NOT NULL
"""
_DUE: Final = "SELECT 1 FROM import_items WHERE due_stage IS NOT NULL LIMIT 1"
_FAILED: Final = r"SELECT id, code FROM import_items WHERE state LIKE '%%\_failed' ORDER BY id"
_DISCARDED: Final = "SELECT id FROM import_items WHERE state = 'discarded'"
_BATCHES: Final = "SELECT id FROM import_batches WHERE deleted_at IS NULL AND cancelled_at IS NULL"
_ITEMS: Final = "SELECT id FROM import_items WHERE batch_id = %(batch)s AND parent_id IS NULL"
_OLD_LETTERS: Final = "UPDATE import_dlq SET created_at = clock_timestamp() - interval '169 h'"
_MANY: Final = FIRST.rows_per_slice
_TURNS: Final = 100
_XML: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
<cbc:ID>X-{number}</cbc:ID><cbc:IssueDate>2026-03-15</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Ferretería Inventada, S.L.</cbc:Name></cac:PartyName>
<cac:PostalAddress><cac:Country><cbc:IdentificationCode>ES</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>ESB29423548</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Talleres Inventados, S.L.</cbc:Name></cac:PartyName>
<cac:PartyTaxScheme><cbc:CompanyID>ESB83456780</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:PartyTaxScheme></cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount>
<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">121.00</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Tornillos</cbc:Name></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>"""
_TABLE: Final = (
    "invoice_number,issue_date,supplier_name,supplier_tax_id,net,tax,total\n"
    "T-1,2026-03-15,Uno,B29423548,100,21,121\n"
    "T-2,2026-03-15,Uno,B29423548,100,21,121\n"
)
_PAPER: Final = (
    "FACTURA",
    "Ferretería Inventada, S.L.",
    "NIF: B29423548",
    "Cliente: Talleres Inventados, S.L.",
    "NIF: B83456780",
    "Factura nº: P-2026-7",
    "Fecha: 15/03/2026",
    "Base imponible: 100,00 EUR",
    "IVA 21 %: 21,00 EUR",
    "Total factura: 121,00 EUR",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Client and worker of one tenant. What was accepted is kept in ``memory``, which outlives the process."""

    house: House
    tenant: UUID
    memory: Path

    def begin(self) -> None:
        """Time passes between a crash and the next start: leases have run out, and backoffs too."""
        for statement in (_DEAD_PROCESS, _AT_ONCE):
            self.rows(statement)
        sweep(self.house.store, self.house.doorbell)
        self.rows(_AT_ONCE)

    def post_rows(self, key: str, rows: Sequence[Mapping[str, Any]]) -> UUID:
        """The batch of an accepted request."""
        return self._post(key, lambda session, batch: ingest_rows(session, batch, RowsRequest(rows=rows)))

    def post_files(self, key: str, files: Mapping[str, bytes]) -> UUID:
        """The batch of an accepted request."""
        uploads = [Upload(name=name, content=io.BytesIO(content)) for name, content in files.items()]
        stored = store_uploads(self.house, self.tenant, uploads)
        return self._post(key, lambda session, batch: ingest_files(session, batch, stored))

    def _post(self, key: str, ingest: Callable[[Session, UUID], Ingested]) -> UUID:
        def effect() -> Answer:
            ingested = ingest(session, create_batch(session, NewBatch(name=key)).id)
            return Answer(
                status=202,
                body={"batch_id": str(ingested.batch_id), "items_ingested": ingested.items_ingested},
            )

        with self.house.database.tenant_session(self.tenant) as session:
            answer = once(session, key, fingerprint(key), effect)
        batch = UUID(str(answer.body["batch_id"]))
        self._remember(row["id"] for row in self.rows(_ITEMS, {"batch": batch}))
        ring_for_new(self.house, self.tenant)
        return batch

    def _remember(self, ids: Any) -> None:  # noqa: ANN401  (ids, once)
        known = json.loads(self.memory.read_text("utf-8")) if self.memory.exists() else []
        self.memory.write_text(json.dumps(sorted({*known, *map(str, ids)})), "utf-8")

    def work(self) -> None:
        """Until nothing is due."""
        for _ in range(_TURNS):
            for stage in PIPELINE:
                advance_slice(stage, self.tenant, self.house.runtime)
            if not self.rows(_DUE):
                return
            self.rows(_AT_ONCE)
        raise AssertionError("work is still due")

    def rows(self, statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Mapping[str, Any]]:
        with self.house.database.tenant_session(self.tenant) as session:
            return session.execute(statement, parameters)

    def retry(self) -> None:
        """Everything that failed, in every batch."""
        for batch in self.rows(_BATCHES):
            with self.house.database.tenant_session(self.tenant) as session:
                retry_batch(session, batch["id"], "chaos")
        self.work()


def invoice_row(number: int) -> dict[str, str]:
    """A correct Spanish invoice as a row."""
    return {
        "invoice_number": f"R-{number:05}",
        "issue_date": "2026-03-15",
        "supplier_name": "Ferretería Inventada, S.L.",
        "supplier_tax_id": "B29423548",
        "net": "100.00",
        "tax": "21.00",
        "total": "121.00",
        "currency": "EUR",
    }


def rows(actor: Actor, turn: int = 0) -> None:
    """Two rows, and two others in each turn."""
    actor.post_rows(f"rows {turn}", [invoice_row(2 * turn + n) for n in range(2)])
    actor.work()


def many_rows(actor: Actor) -> None:
    """A full slice, which goes express."""
    actor.post_rows("many", [invoice_row(n) for n in range(_MANY)])
    actor.work()


def structured(actor: Actor) -> None:
    """A document that states itself."""
    actor.post_files("xml", {"one.xml": _XML.replace("{number}", "1").encode()})
    actor.work()


def containers(actor: Actor) -> None:
    """A zip of documents, and a table with a row for each."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(2, 4):
            archive.writestr(zipfile.ZipInfo(f"{number}.xml"), _XML.replace("{number}", str(number)))
    actor.post_files("containers", {"all.zip": packed.getvalue(), "table.csv": _TABLE.encode()})
    actor.work()


def long_table(actor: Actor) -> None:
    """A table of a full slice, which is published while it is split, and some rows more, which walk."""
    heading, example, _ = _TABLE.splitlines()
    lines = [example.replace("T-1", f"L-{number}") for number in range(_MANY + 2)]
    actor.post_files("long", {"long.csv": "\n".join([heading, *lines]).encode()})
    actor.work()


def paper(actor: Actor) -> None:
    """A page to be read."""
    target = io.BytesIO()
    drawing = canvas.Canvas(target, pagesize=(420, 595), invariant=1)
    for position, line in enumerate(_PAPER):
        drawing.drawString(40, 540 - 20 * position, line)
    drawing.save()
    actor.post_files("paper", {"paper.pdf": target.getvalue()})
    actor.work()


def failing(actor: Actor) -> None:
    """Rows that stop: discarded, taken back, corrected, put back, and their letters emptied when they are old."""
    wrong = [{**invoice_row(n), "total": "999.00"} for n in range(2)]
    actor.post_rows("wrong", wrong)
    actor.work()
    for failed in actor.rows(_FAILED):
        with actor.house.database.tenant_session(actor.tenant) as session:
            discard_item(session, failed["id"], "chaos")
    for unwanted in actor.rows(_DISCARDED):
        with actor.house.database.tenant_session(actor.tenant) as session:
            restore_item(session, unwanted["id"], "chaos")
    for failed in actor.rows(_FAILED)[:1]:
        corrections = {"totals.gross": "121.00"}
        with actor.house.database.tenant_session(actor.tenant) as session:
            review_item(session, failed["id"], Review(corrections=corrections, reason="read wrong"), "chaos")
    actor.retry()
    for failed in actor.rows(_FAILED):
        with actor.house.database.tenant_session(actor.tenant) as session:
            review_item(session, failed["id"], Review(corrections={"totals.gross": "121.00"}), "chaos")
    actor.work()
    actor.rows(_OLD_LETTERS)
    purge_dead_letters(actor.house.database, 7)


def stopping(actor: Actor) -> None:
    """A worker that is told to stop with a slice in its hands."""
    actor.post_rows("stopping", [invoice_row(7)])
    runtime = replace(actor.house.runtime, stopping=lambda: True)
    advance_slice(FIRST, actor.tenant, runtime)
    actor.work()


def losing(actor: Actor) -> None:
    """A worker that vanished, and the sweeper that finds its slice."""
    actor.post_rows("losing", [invoice_row(8)])
    actor.house.store.claim(FIRST, actor.tenant)
    actor.begin()
    actor.work()


def leaving(actor: Actor) -> None:
    """A tenant that calls a batch off, deletes it, and is erased."""
    if not actor.rows("SELECT 1 FROM tenants WHERE erased_at IS NOT NULL"):
        batch = actor.post_files("leaving", {"gone.xml": _XML.replace("{number}", "9").encode()})
        if actor.rows("SELECT 1 FROM import_batches WHERE deleted_at IS NULL"):
            with actor.house.database.tenant_session(actor.tenant) as session:
                cancel_batch(session, batch, "chaos")
            with actor.house.database.tenant_session(actor.tenant) as session:
                delete_batch(session, batch, "chaos")
    erase_tenant(actor.house, actor.tenant, "chaos")


SCENARIOS: Final[Mapping[str, Callable[[Actor], None]]] = {
    scenario.__name__: scenario
    for scenario in (rows, structured, containers, many_rows, long_table, failing, stopping, losing, leaving, paper)
}
"""The cheapest first."""
NOTHING_LEFT: Final = frozenset({"leaving"})
"""Scenarios that end with nothing published."""
