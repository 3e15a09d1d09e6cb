"""What all readers of XML invoices promise, whatever they are given."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.modules.imports import plugins
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Proof
from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Documents

SAMPLES = Path(__file__).parent / "samples"
TRADE = "/CrossIndustryInvoice/SupplyChainTradeTransaction"
NAMES = ("facturae", "ubl", "cii", "fatturapa", "fatturapa_simplified", "sri_xml", "cms")
FILES = sorted(p for name in NAMES for p in (SAMPLES / name).glob("*") if not p.name.endswith(".expected.json"))


def _read(name: str, data: bytes) -> tuple[CanonicalDocument, ...]:
    content = plugins.readers()[name].read(io.BytesIO(data), probe_file(io.BytesIO(data), "f.xml"))
    return content.documents if isinstance(content, Documents) else ()


def _read_sample(path: str, old: str = "", new: str = "") -> CanonicalDocument:
    text = (SAMPLES / path).read_text(encoding="utf-8")
    assert old in text
    return _read(path.partition("/")[0], text.replace(old, new).encode())[0]


@st.composite
def _broken(draw: st.DrawFn) -> tuple[str, bytes]:
    path = draw(st.sampled_from(FILES))
    data = bytearray(path.read_bytes())
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 60))] = draw(
            st.binary(max_size=12) | st.sampled_from([b"<", b"-1", b"9" * 40, b"</"])
        )
        data = data or bytearray(b" ")
    return path.parent.name, bytes(data[: draw(st.integers(1, len(data)) | st.just(len(data)))])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_broken())
def test_broken_files_raise_only_what_is_allowed(case: tuple[str, bytes]) -> None:
    try:
        _read(*case)
    except (Unreadable, Unsupported) as error:
        assert error.code  # noqa: PT017  (both ways out are right; anything else fails the test by itself)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(NAMES), st.binary(min_size=1, max_size=300))
def test_random_bytes_raise_only_what_is_allowed(name: str, data: bytes) -> None:
    with pytest.raises((Unreadable, Unsupported)):
        _read(name, data)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "cms"])
def test_a_foreign_root_is_not_read(name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        _read(name, b"<recipe><Invoice/></recipe>")
    assert caught.value.code == "no_document"


@pytest.mark.parametrize("path", ["facturae/exempt.xml", "ubl/credit-note.xml", "cii/credit-note.xml"])
def test_a_doctype_is_refused(path: str) -> None:
    data = (SAMPLES / path).read_bytes().replace(b"?>", b"?><!DOCTYPE x>", 1)
    with pytest.raises(Unreadable) as caught:
        _read(path.partition("/")[0], data)
    assert caught.value.code == "xml_doctype"


def test_a_doctype_within_cdata_is_refused_too() -> None:
    text = (SAMPLES / "sri_xml/factura-ice-tip-cdata.xml").read_text(encoding="utf-8")
    evil = text.replace("<factura ", '<!DOCTYPE factura [<!ENTITY x SYSTEM "file:///etc/hostname">]><factura ')
    with pytest.raises(Unreadable) as caught:
        _read("sri_xml", evil.encode())
    assert caught.value.code == "xml_doctype"


def test_values_carry_where_they_stand_and_how_they_are_printed() -> None:
    document = _read_sample("facturae/three-invoices.xml")
    evidence = document.evidence["totals.net"]
    assert evidence.path == "/Facturae/Invoices/Invoice/InvoiceTotals/TotalGrossAmountBeforeTaxes"
    assert (evidence.source, evidence.text, evidence.proofs) == ("xml", "50.00", (Proof.STRUCTURED,))
    wanted = {
        "invoice_number",
        "issue_date",
        "currency",
        "supplier.tax_id",
        "buyer.tax_id",
        "totals.gross",
        "taxes.0.base",
    }
    assert wanted <= document.evidence.keys()


def test_a_malformed_value_is_left_out_and_the_rest_is_read() -> None:
    document = _read_sample("cii/credit-note.xml", ">14.28</ram:GrandTotalAmount>", ">14,28</ram:GrandTotalAmount>")
    assert document.totals.gross is None
    assert document.totals.net is not None
    assert document.findings == ("schema_invalid",)


def test_cents_of_rounding_are_no_mismatch() -> None:
    off_by_a_cent = _read_sample("facturae/exempt.xml", "<InvoiceTotal>340.00", "<InvoiceTotal>340.01")
    assert off_by_a_cent.findings == ()


def test_one_of_two_due_dates_is_not_chosen() -> None:
    assert _read_sample("facturae/irpf-total-before-withholding.xml").due_date is None
    assert _read_sample("cii/group-lines.xml").due_date is None


def test_the_currency_of_the_amounts_stands_in_for_one_that_is_not_stated() -> None:
    stated = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    document = _read_sample("ubl/allowance-charge-prepaid.xml", stated)
    assert (document.currency, document.findings) == ("EUR", ())


def test_a_self_billed_or_prepayment_invoice_is_an_invoice_and_a_proforma_is_not() -> None:
    kinds = {"389": DocumentType.INVOICE, "386": DocumentType.INVOICE, "325": DocumentType.PROFORMA}
    for code, kind in kinds.items():
        assert _read_sample("ubl/allowance-charge-prepaid.xml", ">380<", f">{code}<").doc_type is kind


def test_a_test_voucher_says_so() -> None:
    assert _read_sample("sri_xml/factura-test-environment-bare.xml").environment == "test"
    assert _read_sample("sri_xml/factura-ice-tip-cdata.xml").environment == "production"


def test_a_short_sequence_is_filled_up() -> None:
    document = _read_sample("sri_xml/factura-iva-12-escaped-old-number.xml")
    assert document.invoice_number == "001-002-000000045"
    assert len(document.authorization_number or "") == 37


def test_markup_in_the_additional_text_of_a_voucher_is_just_text() -> None:
    assert len(_read("sri_xml", (SAMPLES / "sri_xml/lot-of-two.xml").read_bytes())) == 2


@pytest.mark.parametrize(
    ("sample", "field", "path", "text"),
    [
        (
            "ubl/odd-prefixes-comments-cdata-rounding.xml",
            "lines.1.unit_price",
            "/Invoice/InvoiceLine[2]/Price/PriceAmount",
            "11.00",
        ),
        (
            "cii/group-lines.xml",
            "lines.1.description",
            f"{TRADE}/IncludedSupplyChainTradeLineItem[2]/SpecifiedTradeProduct/Name",
            None,
        ),
        (
            "facturae/three-invoices.xml",
            "lines.0.description",
            "/Facturae/Invoices/Invoice/Items/InvoiceLine/ItemDescription",
            None,
        ),
        (
            "fatturapa/two-bodies-no-total.xml",
            "lines.0.net_amount",
            "/FatturaElettronica/FatturaElettronicaBody/DatiBeniServizi/DettaglioLinee/PrezzoTotale",
            None,
        ),
        ("sri_xml/guia-remision.xml", "lines.0.quantity", None, "3.00"),
        ("sri_xml/nota-debito.xml", "lines.0.net_amount", "/notaDebito/motivos/motivo/valor", None),
    ],
)
def test_lines_carry_where_they_stand_and_how_they_are_printed(
    sample: str, field: str, path: str | None, text: str | None
) -> None:
    evidence = _read_sample(sample).evidence[field]
    assert path is None or evidence.path == path
    assert text is None or evidence.text == text
    assert evidence.proofs == (Proof.STRUCTURED,)


def test_the_second_invoice_of_a_batch_stands_at_its_own_place() -> None:
    documents = _read("facturae", (SAMPLES / "facturae/three-invoices.xml").read_bytes())
    place = "/Facturae/Invoices/Invoice[2]/Items/InvoiceLine/GrossAmount"
    assert documents[1].evidence["lines.0.net_amount"].path == place


def test_lines_that_miss_their_total_are_no_mismatch_of_totals() -> None:
    findings = _read_sample("cii/totals-that-do-not-add-up.xml").findings
    assert findings == ("lines_mismatch", "bases_mismatch")


def test_a_simplified_invoice_that_states_only_its_rate_leaves_net_and_tax_open() -> None:
    stated = "<Imposta>5.00</Imposta>"
    document = _read_sample("fatturapa_simplified/meal-and-stamp.xml", stated)
    assert (document.totals.gross, document.totals.net, document.totals.tax) == (Decimal("57.00"), None, None)
    wrong = _read_sample("fatturapa_simplified/meal-and-stamp.xml", stated, "<Imposta>9.00</Imposta>")
    assert wrong.findings == ("totals_mismatch",)


def test_a_guia_de_remision_is_a_delivery_note_of_the_day_in_its_clave() -> None:
    document = _read_sample("sri_xml/guia-remision.xml")
    assert (document.doc_type, str(document.issue_date)) == (DocumentType.DELIVERY_NOTE, "2026-05-04")


@pytest.mark.parametrize(
    ("kept", "codes"),
    [
        ("PrepaidAmount", ()),
        ("PayableRoundingAmount", ("totals_mismatch",)),
        ("TaxInclusiveAmount", ("schema_invalid",)),
    ],
)
def test_amounts_between_the_gross_and_what_is_payable_are_counted_in(kept: str, codes: tuple[str, ...]) -> None:
    text = (SAMPLES / "ubl/odd-prefixes-comments-cdata-rounding.xml").read_text(encoding="utf-8")
    if codes:
        before, _, rest = text.partition(f"<b:{kept}")
        text = before + rest.partition(f"</b:{kept}>")[2]
    assert _read("ubl", text.encode())[0].findings == codes
