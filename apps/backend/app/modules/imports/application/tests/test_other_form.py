"""An invoice that comes as XML and as PDF: one is published, and nobody is asked about the other."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import pytest

from app.modules.imports.application.tests.driving import add_files, assert_nothing_broken, rows_of, wait_until_finished
from app.modules.imports.application.tests.paper import LINES, write_invoice
from app.modules.imports.usecases.dead_letters import Wanted, list_dead_letters
from app.modules.imports.usecases.discard import restore_item
from app.modules.imports.usecases.review_item import Review, review_item

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.batches import BatchStatus
    from app.modules.imports.usecases.house import House

_XML: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>{number}</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty><cac:Party>
  <cac:PostalAddress><cac:Country><cbc:IdentificationCode>ES</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
  <cac:PartyTaxScheme><cbc:CompanyID>ESB29423548</cbc:CompanyID>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Ferretería del Norte, S.L.</cbc:RegistrationName></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party>
  <cac:PartyTaxScheme><cbc:CompanyID>ESB83456780</cbc:CompanyID>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>Talleres Sur, S.L.</cbc:RegistrationName></cac:PartyLegalEntity>
 </cac:Party></cac:AccountingCustomerParty>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount><cac:TaxSubtotal>
  <cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount>
  <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">121.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Tornillos</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>
   <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
  <cac:Price><cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>"""


def xml(folder: Path, number: str = "A-77", day: str = "2026-03-15") -> Path:
    path = folder / f"{number}.xml"
    path.write_text(_XML.format(number=number, day=day), encoding="utf-8")
    return path


def brought(house: House, tenant: UUID, *files: Path) -> BatchStatus:
    return wait_until_finished(house.database, tenant, add_files(house, tenant, files))


def items(house: House, tenant: UUID) -> list[tuple[str, str | None]]:
    rows = rows_of(house.database, tenant, "SELECT state, code FROM import_items WHERE kind <> 'container'")
    return sorted((row["state"], row["code"]) for row in rows)


def discarded(house: House, tenant: UUID) -> UUID:
    [row] = rows_of(house.database, tenant, "SELECT id FROM import_items WHERE state = 'discarded'")
    found: UUID = row["id"]
    return found


@pytest.mark.parametrize("first", ["xml", "pdf"])
def test_the_second_form_is_discarded_names_the_first_and_waits_for_nobody(
    house: House, tenant: UUID, tmp_path: Path, first: str
) -> None:
    forms = {"xml": xml(tmp_path), "pdf": write_invoice(tmp_path / "A-77.pdf", "A-77")}
    second = forms.pop("pdf" if first == "xml" else "xml")
    assert brought(house, tenant, *forms.values()).status == "completed"
    status = brought(house, tenant, second)
    assert (status.status, status.discarded, status.progress) == ("completed", 1, 100.0)
    assert items(house, tenant) == [("discarded", "published_in_other_form"), ("published", None)]
    [published] = rows_of(house.database, tenant, "SELECT source_item_id AS id FROM invoices")
    [told] = rows_of(
        house.database, tenant, "SELECT detail FROM import_attempts WHERE code = 'published_in_other_form'"
    )
    assert told["detail"] == str(published["id"])
    with house.database.tenant_session(tenant) as session:
        assert list_dead_letters(session, Wanted()).entries == ()
    assert_nothing_broken(house.database)


def test_a_mail_with_both_forms_leaves_nothing_to_do(house: House, tenant: UUID, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Factura A-77"
    mail.set_content("Adjunto la factura.")
    pdf = write_invoice(tmp_path / "A-77.pdf", "A-77")
    mail.add_attachment(pdf.read_bytes(), maintype="application", subtype="pdf", filename="A-77.pdf")
    mail.add_attachment(xml(tmp_path).read_bytes(), maintype="application", subtype="xml", filename="A-77.xml")
    message = tmp_path / "factura.eml"
    message.write_bytes(mail.as_bytes())
    status = brought(house, tenant, message)
    assert (status.status, status.failed, status.discarded) == ("completed", 0, 1)


def test_two_files_of_one_form_are_still_asked_about(house: House, tenant: UUID, tmp_path: Path) -> None:
    brought(house, tenant, write_invoice(tmp_path / "one.pdf", "A-77"))
    again = write_invoice(tmp_path / "two.pdf", "A-77", (*LINES, "Gracias por su compra"))
    assert brought(house, tenant, again).failed == 1
    assert items(house, tenant) == [("published", None), ("validate_failed", "duplicate_suspect")]


def test_the_same_number_on_another_day_is_asked_about(house: House, tenant: UUID, tmp_path: Path) -> None:
    brought(house, tenant, xml(tmp_path, day="2026-04-15"))
    assert brought(house, tenant, write_invoice(tmp_path / "A-77.pdf", "A-77")).failed == 1
    assert items(house, tenant) == [("published", None), ("validate_failed", "duplicate_suspect")]


def test_whoever_takes_it_back_can_accept_it(house: House, tenant: UUID, tmp_path: Path) -> None:
    brought(house, tenant, xml(tmp_path))
    batch = add_files(house, tenant, [write_invoice(tmp_path / "A-77.pdf", "A-77")])
    wait_until_finished(house.database, tenant, batch)
    item = discarded(house, tenant)
    with house.database.tenant_session(tenant) as session:
        restore_item(session, item, "ana")
    assert items(house, tenant) == [("published", None), ("validate_failed", "published_in_other_form")]
    with house.database.tenant_session(tenant) as session:
        review_item(session, item, Review(accept=["published_in_other_form"], reason="two of them"), "ana")
    assert wait_until_finished(house.database, tenant, batch).completed == 1
    assert len(rows_of(house.database, tenant, "SELECT 1 FROM invoices")) == 2


def test_an_archive_of_twenty_pairs_leaves_nothing_to_do(house: House, tenant: UUID, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20):
            archive.write(xml(tmp_path, f"B-{number}"), f"{number}.xml")
            archive.write(write_invoice(tmp_path / f"B-{number}.pdf", f"B-{number}"), f"{number}.pdf")
    packed = tmp_path / "todo.zip"
    packed.write_bytes(buffer.getvalue())
    status = brought(house, tenant, packed)
    assert (status.completed, status.discarded, status.failed) == (21, 20, 0)
    assert_nothing_broken(house.database)
