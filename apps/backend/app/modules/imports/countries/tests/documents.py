"""Documents with invented names to judge in tests, and what was found in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.modules.imports.countries.judging import judge
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Line, Party, Tax, Totals
from app.modules.imports.domain.country import RuleContext

if TYPE_CHECKING:
    from app.modules.imports.domain.finding import Finding, Severity

CONTEXT = RuleContext(today=date(2026, 6, 30))


def money(text: str) -> Decimal:
    return Decimal(text)


SPANISH = CanonicalDocument(
    doc_type=DocumentType.INVOICE,
    country="ES",
    invoice_number="F-26/118",
    issue_date=date(2026, 5, 4),
    due_date=date(2026, 6, 3),
    currency="EUR",
    supplier=Party(name="Ferretería Duero, S.L.", tax_id="B29423548"),
    buyer=Party(name="Talleres Ulía, S.A.", tax_id="A58818501"),
    totals=Totals(net=money("200.00"), tax=money("42.00"), gross=money("242.00"), payable=money("242.00")),
    taxes=(Tax(rate=money("21"), base=money("200.00"), amount=money("42.00")),),
    lines=(Line(net_amount=money("150.00")), Line(net_amount=money("50.00"))),
)
ECUADORIAN = CanonicalDocument(
    doc_type=DocumentType.INVOICE,
    country="EC",
    invoice_number="001-002-000000345",
    issue_date=date(2026, 5, 4),
    currency="USD",
    supplier=Party(name="Ferretería Cotopaxi", tax_id="1714307103001"),
    buyer=Party(name="Talleres Imbabura", tax_id="1714307103"),
    totals=Totals(net=money("20.00"), tax=money("3.00"), gross=money("23.00")),
    taxes=(Tax(tax_code="IVA", rate=money("15"), base=money("20.00"), amount=money("3.00")),),
)


def found(document: CanonicalDocument, *, country: str | None = None) -> dict[str, Severity]:
    """Codes found, with their severity."""
    return {finding.code: finding.severity for finding in findings(document, country=country)}


def findings(document: CanonicalDocument, *, country: str | None = None) -> tuple[Finding, ...]:
    return judge(document, CONTEXT, country=country)


def with_totals(document: CanonicalDocument, **amounts: str | None) -> CanonicalDocument:
    """The document with other totals; tax rows and lines go, so that only the totals speak."""
    stated: dict[str, Any] = {name: None if text is None else money(text) for name, text in amounts.items()}
    return replace(document, totals=replace(document.totals, **stated), taxes=(), lines=())


def with_tax(document: CanonicalDocument, day: str, **tax: str) -> CanonicalDocument:
    """The document of a day with one row of tax, and nothing that the row could contradict."""
    codes = {"tax_code", "category"}
    row: dict[str, Any] = {name: text if name in codes else money(text) for name, text in tax.items()}
    return replace(
        document, issue_date=date.fromisoformat(day), due_date=None, totals=Totals(gross=money("1")), lines=(), taxes=(Tax(**row),)
    )  # fmt: skip
