"""UBL and CII invoices as they are sent: national habits, references, several payment means, envelopes."""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.formats import cii, ubl
from app.modules.imports.formats.tests.statement_samples import read, score

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

SAMPLES = Path(__file__).parent / "samples"
UBL = (SAMPLES / "ubl/allowance-charge-prepaid.xml").read_text(encoding="utf-8")
CREDIT_NOTE = (SAMPLES / "ubl/credit-note.xml").read_text(encoding="utf-8")
CII = (SAMPLES / "cii/credit-note.xml").read_text(encoding="utf-8")
PRECEDING = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-1</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>"
CII_ACCOUNT = "<ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>"
ZUGFERD_1 = (SAMPLES / "cii/zugferd-1.0.xml").read_text(encoding="utf-8")
SPACE = "urn:oasis:names:specification:ubl:schema:xsd"
NOT_COUNTED = """<cac:InvoiceLine><cbc:ID>0</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">165.00</cbc:LineExtensionAmount>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-2026-31</cbc:ID><cbc:DocumentStatusCode>{}</cbc:DocumentStatusCode>
</cac:InvoiceDocumentReference></cac:BillingReference><cac:Item><cbc:Name>Lote</cbc:Name></cac:Item></cac:InvoiceLine>"""
XRECHNUNG, EXTENDED = "compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "conformant#urn:factur-x.eu:1p0:extended"
PEPPOL, CTC_FR = (
    "compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
)
SBD = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def _ubl(*changes: tuple[str, str], text: str = UBL) -> CanonicalDocument:
    return read(ubl.READER, _changed(text, *changes).encode())[0]


def _cii(*changes: tuple[str, str]) -> CanonicalDocument:
    return read(cii.READER, _changed(CII, *changes).encode())[0]


@pytest.mark.parametrize("words", ["Foretaksregisteret", "Godkänd för F-skatt"])
def test_words_where_a_tax_number_may_stand_are_none(words: str) -> None:
    for document in (_ubl((">ESB76543214<", f">{words}<")), _cii((">232/123/45678<", f">{words}<"))):
        ids = {document.supplier.tax_id, *document.supplier.alt_tax_ids} - {None}
        assert ids <= {"8412345000005", "DE123456788", "HRB12345"}
    assert _ubl((">ESB76543214<", f">{words}<")).supplier.tax_id is None


def test_the_first_account_that_is_an_iban_is_paid_to() -> None:
    account = "<cac:PayeeFinancialAccount><cbc:ID>"
    other = "<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>5050-1055</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
    document = _ubl(("<cac:PaymentMeans>", other + "<cac:PaymentMeans>"))
    assert account in UBL
    assert document.iban == "ES9121000418450200051332"
    assert document.evidence["iban"].path == "/Invoice/PaymentMeans[2]/PayeeFinancialAccount/ID"
    accounts = CII_ACCOUNT.format("1245126199") + CII_ACCOUNT.format("DE75512108001245126199")
    currency = "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
    assert _cii((currency, currency + accounts)).iban == "DE75512108001245126199"


def test_an_invoice_below_zero_takes_back_the_one_it_names_and_any_other_continues_it() -> None:
    currency = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    below = ('TaxInclusiveAmount currencyID="EUR">191.95', 'TaxInclusiveAmount currencyID="EUR">-191.95')
    assert _ubl((currency, currency + PRECEDING)).corrected_invoice_number is None
    assert _ubl((currency, currency + PRECEDING), below).corrected_invoice_number == "F-1"
    assert _cii((">381<", ">380<")).corrected_invoice_number is None
    assert _cii((">381<", ">380<"), (">14.28<", ">-14.28<")).corrected_invoice_number == "R-100"


def test_an_inner_document_is_read_as_the_text_it_is_whatever_it_declares() -> None:
    inner = escape(_changed(UBL, ('encoding="UTF-8"', 'encoding="ISO-8859-1"')))
    outer = f'<AttachedDocument xmlns="{SPACE}:AttachedDocument-2" xmlns:c="{SPACE}:CommonBasicComponents-2"><c:Description>{inner}</c:Description></AttachedDocument>'
    document = read(ubl.READER, outer.encode())[0]
    assert (document.supplier.name, document.findings) == ("Conservas Ría Ficticia, S.L.", ())


@pytest.mark.parametrize(
    ("root", "kind"),
    [("SelfBilledInvoice", DocumentType.INVOICE), ("SelfBilledCreditNote", DocumentType.CREDIT_NOTE)],
)
def test_self_billed_documents_are_found_in_their_envelope(root: str, kind: DocumentType) -> None:
    text = UBL.partition("?>")[2].replace("Invoice-2", f"{root}-2").replace("<Invoice ", f"<{root} ")
    text = text.replace("</Invoice>", f"</{root}>").replace("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "")
    text = f'<StandardBusinessDocument xmlns="{SBD}">{text}</StandardBusinessDocument>'
    assert read(ubl.READER, text.encode())[0].doc_type is kind


def test_a_self_billed_debit_note_is_a_debit_note() -> None:
    assert _ubl((">380<", ">527<")).doc_type is DocumentType.DEBIT_NOTE


def test_a_debit_note_is_in_the_currency_of_what_it_requests() -> None:
    text = _changed(
        CREDIT_NOTE,
        ("CreditNote", "DebitNote"),
        (">381<", ">383<"),
        ("LegalMonetaryTotal", "RequestedMonetaryTotal"),
        ("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", ""),
    )
    document = read(ubl.READER, text.encode())[0]
    assert (document.doc_type, document.currency, document.findings) == (DocumentType.DEBIT_NOTE, "EUR", ())


def test_an_empty_due_date_leaves_it_to_the_terms() -> None:
    terms = "<cac:PaymentTerms><cbc:PaymentDueDate>2026-04-01</cbc:PaymentDueDate></cac:PaymentTerms><cac:TaxTotal>"
    document = _ubl(("<cbc:DueDate>2026-03-05</cbc:DueDate>", "<cbc:DueDate/>"), ("<cac:TaxTotal>", terms))
    assert str(document.due_date) == "2026-04-01"


def test_a_supplier_may_be_a_person() -> None:
    person = "<cac:Person><cbc:FirstName>Ana</cbc:FirstName><cbc:FamilyName>Gil Ríos</cbc:FamilyName></cac:Person>"
    legal = "<cac:PartyLegalEntity><cbc:RegistrationName>Conservas Ría Ficticia, S.L.</cbc:RegistrationName></cac:PartyLegalEntity>"
    document = _ubl(("<cac:PartyName><cbc:Name>Ría Ficticia</cbc:Name></cac:PartyName>", ""), (legal, person))
    assert document.supplier.name == "Ana Gil Ríos"
    assert (document.evidence["supplier.name"].path or "").endswith("/Party/Person")


@pytest.mark.parametrize("attached", [UBL.encode(), b"\xef\xbb\xbf" + UBL.encode()])
def test_an_attached_invoice_may_be_in_base64(attached: bytes) -> None:
    held = f"<b:EmbeddedDocumentBinaryObject>\n{base64.encodebytes(attached).decode()}</b:EmbeddedDocumentBinaryObject>"
    other = "<b:EmbeddedDocumentBinaryObject>JVBERi0x</b:EmbeddedDocumentBinaryObject><b:EmbeddedDocumentBinaryObject>a</b:EmbeddedDocumentBinaryObject>"
    spaces = f'xmlns="{SPACE}:AttachedDocument-2" xmlns:a="{SPACE}:CommonAggregateComponents-2" xmlns:b="{SPACE}:CommonBasicComponents-2"'
    outer = f"<AttachedDocument {spaces}><a:Attachment>{other}{held}</a:Attachment></AttachedDocument>"
    (document,) = read(ubl.READER, outer.encode())
    assert (document.supplier.name, document.findings) == ("Conservas Ría Ficticia, S.L.", ())


def test_the_envelope_of_serbia_is_known_though_a_printed_invoice_stands_before_the_invoice() -> None:
    printed = f"<e:DocumentHeader><e:DocumentPdf>{'JVBERi0x' * 20_000}</e:DocumentPdf></e:DocumentHeader>"
    body = f"<e:DocumentBody>{UBL.partition('?>')[2]}</e:DocumentBody>"
    outer = f'<e:DocumentEnvelope xmlns:e="urn:eFaktura:MinFinrs:envelop:schema">{printed}{body}</e:DocumentEnvelope>'
    (document,) = read(ubl.READER, outer.encode())
    assert (document.supplier.name, document.findings) == ("Conservas Ría Ficticia, S.L.", ())
    assert score(ubl.READER, outer.encode()) == 70
    assert score(ubl.READER, b'<DocumentEnvelope xmlns="urn:other"/>') == 0


@pytest.mark.parametrize(("status", "findings"), [("GROUP", ()), ("INFORMATION", ()), ("DETAIL", ("lines_mismatch",))])
def test_the_heading_of_a_group_of_lines_and_what_is_only_told_are_not_counted(
    status: str, findings: tuple[str, ...]
) -> None:
    document = _ubl(("</cac:LegalMonetaryTotal>", "</cac:LegalMonetaryTotal>" + NOT_COUNTED.format(status)))
    assert (len(document.lines), document.findings) == (3, findings)


def test_in_oioubl_the_total_exclusive_of_tax_is_the_tax() -> None:
    danish = (
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "OIOUBL-2.1"),
        ('TaxExclusiveAmount currencyID="EUR">160.00', 'TaxExclusiveAmount currencyID="EUR">31.95'),
    )
    document = _ubl(*danish)
    assert (document.totals.net, document.totals.gross, document.findings) == (Decimal("160.00"), Decimal("191.95"), ())
    assert document.evidence["totals.net"].path == "/Invoice/LegalMonetaryTotal/LineExtensionAmount"
    assert _ubl(*danish[1:]).findings == ("totals_mismatch", "bases_mismatch")


def test_a_correction_of_zugferd_1_may_say_that_nothing_is_to_be_paid() -> None:
    gross = "23.80</ram:GrandTotalAmount>"
    text = _changed(ZUGFERD_1, (gross, gross + '<ram:DuePayableAmount currencyID="EUR">0.00</ram:DuePayableAmount>'))
    assert read(cii.READER, text.encode())[0].findings == ("payable_mismatch",)
    assert _cii((">14.28</ram:DuePayableAmount>", ">0.00</ram:DuePayableAmount>")).findings == ("totals_mismatch",)


@pytest.mark.parametrize(("off", "findings"), [("7", ()), ("9", ("lines_mismatch",))])
def test_in_extended_a_cent_a_line_may_be_lost_however_many_they_are(off: str, findings: tuple[str, ...]) -> None:
    item = CII[CII.index("    <ram:IncludedSupply") : CII.index("    <ram:ApplicableHeaderTradeAgreement>")]
    header = "<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>"
    changes = (
        (item, item * 8),
        (f"{header}12.00", f"{header}96.0{off}"),
        ("TaxBasisTotalAmount>12.00", f"TaxBasisTotalAmount>96.0{off}"),
        ("BasisAmount>12.00", f"BasisAmount>96.0{off}"),
        ("2.28<", "18.25<"),
        ("14.28<", f"114.3{int(off) - 5}<"),
    )
    assert _cii(*changes, (XRECHNUNG, EXTENDED)).findings == findings
    assert _cii(*changes).findings == ("lines_mismatch",)


@pytest.mark.parametrize(("profile", "findings"), [(PEPPOL, ("lines_mismatch",)), (CTC_FR, ())])
def test_so_it_is_in_the_french_sister_of_extended(profile: str, findings: tuple[str, ...]) -> None:
    nothing = (
        '<cac:InvoiceLine><cbc:LineExtensionAmount currencyID="EUR">0.01</cbc:LineExtensionAmount></cac:InvoiceLine>'
    )
    document = _ubl((PEPPOL, profile), ("</Invoice>", nothing * 6 + "</Invoice>"))
    assert document.findings == findings


@pytest.mark.parametrize(("repeated", "findings"), [("31.95", ()), ("2.00", ("totals_mismatch",))])
def test_a_sum_of_the_tax_without_its_breakdown_may_be_the_same_again(repeated: str, findings: tuple[str, ...]) -> None:
    again = f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{repeated}</cbc:TaxAmount></cac:TaxTotal>'
    document = _ubl(("<cac:TaxTotal>", again + "<cac:TaxTotal>"))
    assert document.findings == findings
    assert repeated == "2.00" or document.totals.tax == Decimal("31.95")


COLOMBIAN = (
    (f"<cbc:CustomizationID>urn:cen.eu:en16931:2017#{PEPPOL}<", "<cbc:CustomizationID>10<"),
    ("</cbc:CustomizationID>", "</cbc:CustomizationID><cbc:ProfileID>DIAN 2.1: Factura Electrónica de Venta</cbc:ProfileID>"),
    ("<cac:TaxScheme><cbc:ID>VAT<", "<cac:TaxScheme><cbc:ID>01<"),
    ("cac:PostalAddress>", "cac:Address>"),
    ("<cac:Address>", "<cac:PhysicalLocation><cac:Address>"),
    ("</cac:Address>", "</cac:Address></cac:PhysicalLocation>"),
    ("IdentificationCode>ES<", "IdentificationCode>CO<"),
    ('BaseQuantity unitCode="C62">100<', 'BaseQuantity unitCode="C62">10<'),
    ('PriceAmount currencyID="EUR">150.00<', 'PriceAmount currencyID="EUR">1.50<'),
    ('TaxInclusiveAmount currencyID="EUR">191.95<', 'TaxInclusiveAmount currencyID="EUR">196.50<'),
    (">31.95<", ">31.50<"),
    (">145.00</cbc:TaxableAmount>", ">150.00</cbc:TaxableAmount>"),
    (">30.45<", ">31.50<"),
    ('TaxExclusiveAmount currencyID="EUR">160.00', 'TaxExclusiveAmount currencyID="EUR">150.00'),
)  # fmt: skip


def test_in_colombia_what_is_taxed_is_not_the_net_and_allowances_come_after_the_tax() -> None:
    ten = UBL[UBL.rindex("<cac:TaxSubtotal>") : UBL.index("</cac:TaxTotal>")]
    excluded = UBL[UBL.rindex("<cac:ClassifiedTaxCategory>") : UBL.rindex("</cac:Item>")]
    untaxed = ((ten, ""), (excluded, ""), *COLOMBIAN)
    document = _ubl(*untaxed, (">91.95<", ">91.50<"))
    assert (document.totals.net, document.totals.gross, document.findings) == (Decimal("165.00"), Decimal("196.50"), ())
    assert [line.unit_price for line in document.lines] == [Decimal("1.50"), Decimal("1.50")]
    assert (document.country, document.supplier.address) == ("CO", "Rúa do Exemplo 4, 27001, Lugo")
    assert _ubl(*untaxed).findings == ("totals_mismatch",)


def test_in_peru_there_is_no_total_exclusive_of_tax_and_the_tax_number_is_an_identification() -> None:
    document = _ubl(
        COLOMBIAN[0],
        (">10</cbc:CustomizationID>", ">2.0</cbc:CustomizationID>"),
        ('<cbc:TaxExclusiveAmount currencyID="EUR">160.00</cbc:TaxExclusiveAmount>', ""),
        ('TaxInclusiveAmount currencyID="EUR">191.95', 'TaxInclusiveAmount currencyID="EUR">198.00'),
        (">31.95<", ">33.00<"),
        (">30.45<", ">31.50<"),
        (">145.00</cbc:TaxableAmount>", ">150.00</cbc:TaxableAmount>"),
        (">91.95<", ">93.00<"),
        ("<cbc:ID>8412345000005<", '<cbc:ID schemeID="6">20123456786<'),
        ("<cac:PartyTaxScheme><cbc:CompanyID>ESB76543214</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>", ""),
    )  # fmt: skip
    assert (document.totals.net, document.supplier.tax_id, document.findings) == (Decimal("165.00"), "20123456786", ())
