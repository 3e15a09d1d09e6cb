"""Says what a printed document states, in the shape that scoring expects: amounts as strings, dates in ISO."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.facts import Facts, Person

_WITHOUT_TRUTH = frozenset({"delivery_note", "proforma", "other"})


def truth_of(facts: Facts) -> dict[str, Any]:
    """Only what can be read on the page."""
    if facts.kind in _WITHOUT_TRUTH:
        return {"doc_type": facts.kind}
    if facts.kind == "bank_statement":
        return _statement(facts)
    truth: dict[str, Any] = {
        "doc_type": facts.kind,
        "country": facts.country,
        "invoice_number": facts.number,
        "issue_date": facts.issued.isoformat(),
        "supplier": _person(facts.supplier),
    }
    if facts.buyer is not None:
        truth["buyer"] = _person(facts.buyer)
    if facts.country == "ES":
        truth["currency"] = facts.currency
    for key, value in (
        ("due_date", facts.due and facts.due.isoformat()),
        ("iban", facts.iban),
        ("access_key", facts.access_key),
        ("corrected_invoice_number", facts.corrected),
    ):
        if value:
            truth[key] = value
    return truth | (_retentions(facts) if facts.retentions else _figures(facts))


def _person(person: Person) -> dict[str, Any]:
    stated: dict[str, Any] = {"name": person.name}
    if person.tax_id:
        stated["tax_id"] = person.tax_id
    if person.brand:
        stated["alt_names"] = [person.brand]
    return stated


def _figures(facts: Facts) -> dict[str, Any]:
    totals = {"payable": str(facts.payable)}
    if facts.gross_shown:
        totals["gross"] = str(facts.gross)
    if not facts.breakdown:
        return {"totals": totals}
    totals |= {"net": str(facts.net), "tax": str(facts.tax)}
    if facts.withheld:
        totals["withholding"] = str(facts.withheld)
    rows = [
        {"rate": _plain(row.rate), "amount": str(row.amount)}
        | ({"base": str(row.base)} if facts.bases_shown else {})
        | ({"surcharge_rate": str(row.surcharge_rate), "surcharge_amount": str(row.surcharge)} if row.surcharge else {})
        for row in facts.taxes
    ]
    inside = facts.kind == "simplified_invoice"
    lines = [
        {"description": each.description, "quantity": _plain(each.quantity)}
        | ({} if inside else {"unit_price": str(each.price), "net_amount": str(each.net)})
        for each in facts.items
    ]
    return {"totals": totals, "taxes": rows, "lines_count": len(lines), "lines": lines}


def _retentions(facts: Facts) -> dict[str, Any]:
    rows = [
        {
            "tax_code": row.tax,
            "rate": _plain(row.rate),
            "base": str(row.base),
            "amount": str(row.amount),
            "document_number": row.document_number,
        }
        for row in facts.retentions
    ]
    return {"totals": {"withholding": str(facts.withheld_in_all)}, "withholdings": rows}


def _statement(facts: Facts) -> dict[str, Any]:
    rows = [
        {
            "booking_date": each.booked.isoformat(),
            "value_date": each.valued.isoformat(),
            "amount": str(each.amount),
            "description": each.text,
        }
        for each in facts.entries
    ]
    return {
        "doc_type": facts.kind,
        "account_iban": facts.iban,
        "currency": facts.currency,
        "opening_balance": str(facts.opening),
        "closing_balance": str(facts.entries[-1].balance),
        "transactions_count": len(rows),
        "transactions": rows,
    }


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
