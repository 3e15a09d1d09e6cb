"""The day of the supply, wherever a structured invoice may state it."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from app.modules.imports import plugins
from app.modules.imports.domain.canonical import CanonicalDocument, Proof
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Documents

SAMPLES = Path(__file__).parent / "samples"

FACTURAE = ("facturae/exempt.xml", "<IssueDate>2014-05-06</IssueDate>")
UBL = ("ubl/allowance-charge-prepaid.xml", "<cbc:IssueDate>2026-02-03</cbc:IssueDate>")
CII = ("cii/allowance-charge-two-currencies.xml", "<ram:ApplicableHeaderTradeDelivery/>")
CII_TERMS = (CII[0], "<ram:SpecifiedTradePaymentTerms>")
FATTURA = ("fatturapa/totals-that-do-not-add-up.xml", "</DatiGeneraliDocumento>")


def _period(start: str, end: str) -> str:
    return f"<InvoicingPeriod><StartDate>{start}</StartDate><EndDate>{end}</EndDate></InvoicingPeriod>"


def _ubl_period(start: str, end: str) -> str:
    dates = f"<cbc:StartDate>{start}</cbc:StartDate><cbc:EndDate>{end}</cbc:EndDate>"
    return f"<cac:InvoicePeriod>{dates}</cac:InvoicePeriod>"


def _delivered(*days: str) -> str:
    tag = "cbc:ActualDeliveryDate"
    return "".join(f"<cac:Delivery><{tag}>{day}</{tag}></cac:Delivery>" for day in days)


def _day(tag: str, text: str) -> str:
    return f'<ram:{tag}><udt:DateTimeString format="102">{text}</udt:DateTimeString></ram:{tag}>'


_EVENT = (
    f"<ram:ActualDeliverySupplyChainEvent>{_day('OccurrenceDateTime', '20260130')}</ram:ActualDeliverySupplyChainEvent>"
)
_NOTES = "".join(f"<DatiDDT><NumeroDDT>{n}</NumeroDDT><DataDDT>2026-04-29</DataDDT></DatiDDT>" for n in (1, 2))


def _read(sample: tuple[str, str], addition: str, *, before: bool = False) -> CanonicalDocument:
    path, place = sample
    text = (SAMPLES / path).read_text(encoding="utf-8")
    assert place in text
    data = text.replace(place, addition + place if before else place + addition, 1).encode()
    content = plugins.readers()[path.partition("/")[0]].read(io.BytesIO(data), probe_file(io.BytesIO(data), "f.xml"))
    assert isinstance(content, Documents)
    return content.documents[0]


@pytest.mark.parametrize(
    ("sample", "addition", "day", "path"),
    [
        (FACTURAE, "<OperationDate>2014-04-30</OperationDate>", "2014-04-30", "InvoiceIssueData/OperationDate"),
        (FACTURAE, _period("2014-04-01", "2014-04-30"), "2014-04-30", "InvoicingPeriod/EndDate"),
        (
            FACTURAE,
            f"<OperationDate>2014-04-15</OperationDate>{_period('2014-04-01', '2014-04-30')}",
            "2014-04-15",
            "InvoiceIssueData/OperationDate",
        ),
        (UBL, "<cbc:TaxPointDate>2026-01-20</cbc:TaxPointDate>" + _delivered("2026-01-31"), "2026-01-20", "TaxPointDate"),
        (UBL, _delivered("2026-01-31"), "2026-01-31", "Delivery/ActualDeliveryDate"),
        (UBL, _ubl_period("2026-01-01", "2026-01-31"), "2026-01-31", "InvoicePeriod/EndDate"),
        (FATTURA, "</DatiGenerali><DatiGenerali>" + _NOTES, "2026-04-29", "DataDDT"),
    ],
)  # fmt: skip
def test_the_day_of_the_supply_is_read_where_it_is_stated(
    sample: tuple[str, str], addition: str, day: str, path: str
) -> None:
    document = _read(sample, addition)
    evidence = document.evidence["operation_date"]
    assert document.operation_date == date.fromisoformat(day)
    assert path in (evidence.path or "")
    assert evidence.proofs == (Proof.STRUCTURED,)


def test_a_cross_industry_invoice_states_its_delivery_and_its_period() -> None:
    delivery = "<ram:ApplicableHeaderTradeDelivery>" + _EVENT + "</ram:ApplicableHeaderTradeDelivery><ram:Ignored>"
    assert _read(CII, "").operation_date is None
    assert _read(CII, f"{delivery}</ram:Ignored>", before=True).operation_date == date(2026, 1, 30)
    ended = f"<ram:BillingSpecifiedPeriod>{_day('EndDateTime', '20260131')}</ram:BillingSpecifiedPeriod>"
    assert _read(CII_TERMS, ended, before=True).operation_date == date(2026, 1, 31)
    point = '<ram:TaxPointDate><udt:DateString format="102">20260129</udt:DateString></ram:TaxPointDate>'
    assert _read((CII[0], "<ram:BasisAmount>110.00</ram:BasisAmount>"), point).operation_date == date(2026, 1, 29)


@pytest.mark.parametrize(
    ("sample", "addition"),
    [
        (FACTURAE, ""),
        (FACTURAE, _period("2014-05-01", "2015-04-30")),
        (UBL, _ubl_period("2026-02-01", "2027-01-31")),
        (UBL, _delivered("2026-01-30", "2026-01-31")),
    ],
)
def test_several_days_or_a_period_that_is_billed_ahead_state_none(sample: tuple[str, str], addition: str) -> None:
    assert _read(sample, addition).operation_date is None


def test_the_lines_state_the_day_when_they_agree() -> None:
    text = (SAMPLES / FACTURAE[0]).read_text(encoding="utf-8")
    line = text[text.index("<InvoiceLine>") : text.index("</InvoiceLine>") + len("</InvoiceLine>")]
    dated = "<TransactionDate>2014-05-02</TransactionDate></InvoiceLine>"
    place = (FACTURAE[0], "<InvoiceLine>")
    added = line.removeprefix("<InvoiceLine>").replace("</InvoiceLine>", dated) + "<InvoiceLine>"
    assert _read(place, added).operation_date == date(2014, 5, 2)
    other = added.replace("2014-05-02", "2014-05-03")
    assert _read(place, other + added).operation_date is None
