"""Amounts of a FatturaPA body, and whether they agree (controls 00419, 00422 and 00423 of the exchange system)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import CanonicalDocument, Line, Tax, Totals, Withholding
from app.modules.imports.formats import arithmetic
from app.modules.imports.formats.line_amounts import line_agrees
from app.modules.imports.formats.xml import Element, find, find_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.formats.xml_reading import XmlReading

_GENERAL: Final = "DatiGenerali/DatiGeneraliDocumento"
_SUMMARY: Final = "DatiBeniServizi/DatiRiepilogo"
_LINES: Final = "DatiBeniServizi/DettaglioLinee"
_FUNDS: Final = f"{_GENERAL}/DatiCassaPrevidenziale"
_CONTRIBUTION: Final = "ImportoContributoCassa"
_WITHHELD: Final = f"{_GENERAL}/DatiRitenuta"
_TOTAL: Final = f"{_GENERAL}/ImportoTotaleDocumento"
_PAID: Final = "ImportoPagamento"
_ADVANCE: Final = "TP03"
_SPLIT: Final = "S"
_LINES_ROUNDING: Final = arithmetic.VAT_ROUNDING
"""Control 00422: a base may miss its lines by up to one euro."""
_STAMP_DUTY: Final = Decimal("2.00")
"""Of an invoice without VAT (D.P.R. 642/1972, tariffa, art. 13), where the file says only that it is paid."""
_ENASARCO: Final = "TC07"
"""The fund of agents, whose share the principal keeps back and pays itself (Law 12/1973, art. 7)."""
_CONTRIBUTIONS: Final = frozenset(["RT03", "RT04", "RT05", "RT06"])
"""Kinds of withholding that are a contribution to a fund, and no tax."""


def taxes(reading: XmlReading, body: Element) -> tuple[Tax, ...]:
    rows = enumerate(reading.places.rows(body, _SUMMARY))
    return tuple(_tax(reading, row, f"taxes.{i}") for i, row in rows)


def withholdings(reading: XmlReading, body: Element) -> tuple[Withholding, ...]:
    rows = enumerate(reading.places.rows(body, _WITHHELD))
    return tuple(_withholding(reading, row, f"withholdings.{i}") for i, row in rows)


def lines(reading: XmlReading, body: Element) -> tuple[Line, ...]:
    rows = enumerate(reading.places.rows(body, _LINES))
    return tuple(_line(reading, row, f"lines.{i}") for i, row in rows)


def totals(reading: XmlReading, body: Element, summed: tuple[Tax, ...], withheld: tuple[Withholding, ...]) -> Totals:
    net, tax = arithmetic.total(row.base for row in summed), arithmetic.total(row.amount for row in summed)
    held = arithmetic.total(row.amount for row in withheld)
    for field in ("totals.net", "totals.tax"):
        reading.prove(field, find(body, "DatiBeniServizi"))
    payments = list(find_all(body, "DatiPagamento/DettaglioPagamento"))
    payable = reading.amount(payments[0], _PAID, "totals.payable") if len(payments) == 1 else None
    return Totals(
        net=net,
        tax=tax,
        gross=_gross(reading, body, arithmetic.moved(net, None, tax), held),
        withholding=held,
        payable=payable,
        invoice_total_stated=reading.amount(body, _TOTAL),
    )


def compare(reading: XmlReading, body: Element, document: CanonicalDocument) -> None:
    """Notes what the lines, the summary, the total and the payment contradict of each other."""
    stated = document.totals
    computed = arithmetic.moved(stated.net, None, stated.tax)
    beside = _beside(reading, body, computed)
    agreed = arithmetic.agree_with_some(computed, stated.gross, beside) and all(
        arithmetic.rate_agrees(row.base, row.rate, row.amount) for row in document.taxes
    )
    if not agreed:
        reading.note("totals_mismatch")
    _compare_lines(reading, body, document)
    kept = (
        -_withheld_funds(reading, body),
        -abs(stated.withholding or arithmetic.ZERO),
        *_kept_tax(reading, body, stated),
    )
    left_out = [*(abs(amount) for amount in beside), *kept]
    _compare_payments(reading, body, stated, left_out)


def _tax(reading: XmlReading, row: Element, field: str) -> Tax:
    return Tax(
        tax_code="IVA",
        category=reading.text(row, "Natura"),
        rate=reading.amount(row, "AliquotaIVA", f"{field}.rate", required=True),
        base=reading.amount(row, "ImponibileImporto", f"{field}.base", required=True),
        amount=reading.amount(row, "Imposta", f"{field}.amount", required=True),
    )


def _withholding(reading: XmlReading, row: Element, field: str) -> Withholding:
    return Withholding(
        tax_code=reading.text(row, "TipoRitenuta"),
        withholding_code=reading.text(row, "CausalePagamento"),
        rate=reading.amount(row, "AliquotaRitenuta", f"{field}.rate"),
        amount=reading.amount(row, "ImportoRitenuta", f"{field}.amount", required=True),
    )


def _line(reading: XmlReading, row: Element, field: str) -> Line:
    return Line(
        description=reading.text(row, "Descrizione", f"{field}.description"),
        code=reading.text(row, "CodiceArticolo/CodiceValore", f"{field}.code"),
        quantity=reading.amount(row, "Quantita", f"{field}.quantity"),
        unit_price=reading.amount(row, "PrezzoUnitario", f"{field}.unit_price"),
        net_amount=reading.amount(row, "PrezzoTotale", f"{field}.net_amount", required=True),
        tax_rate=reading.amount(row, "AliquotaIVA", f"{field}.tax_rate"),
    )


def _gross(reading: XmlReading, body: Element, computed: Decimal | None, held: Decimal | None) -> Decimal | None:
    """The total as stated; where it is stated after withholding, or not at all, what it is before."""
    stated, beside = reading.amount(body, _TOTAL), _beside(reading, body, computed)
    before = arithmetic.moved(stated, None, held)
    if stated is None:
        before = computed
    elif arithmetic.agree_with_some(computed, stated, beside) or not arithmetic.agree_with_some(
        computed, before, beside
    ):
        return reading.amount(body, _TOTAL, "totals.gross")
    reading.prove("totals.gross", find(body, "DatiBeniServizi"))
    return before


def _beside(reading: XmlReading, body: Element, computed: Decimal | None) -> list[Decimal]:
    """What may stand between net + tax and the total: stamp duty, rounding, discounts on the whole document, and
    contributions that are among the bases and not in the total.
    """
    rounded = reading.amount(body, f"{_GENERAL}/Arrotondamento")
    of_bases = arithmetic.total(reading.amount(row, "Arrotondamento") for row in find_all(body, _SUMMARY))
    amounts = (_stamp(reading, body), rounded, of_bases, -_withheld_funds(reading, body))
    single = [amount for amount in amounts if amount]
    discounts = _document_discounts(reading, body, computed)
    return single + [sign * amount for amount in discounts for sign in (1, -1)]


def _stamp(reading: XmlReading, body: Element) -> Decimal | None:
    """The duty whose amount need not be stated."""
    stated = reading.amount(body, f"{_GENERAL}/DatiBollo/ImportoBollo")
    paid = reading.text(body, f"{_GENERAL}/DatiBollo/BolloVirtuale") == "SI"
    return _STAMP_DUTY if stated is None and paid else stated


def _withheld_funds(reading: XmlReading, body: Element) -> Decimal:
    """Contributions to funds that the buyer keeps back: by their nature, or as they stand among the withholdings."""
    held = (row for row in find_all(body, _WITHHELD) if reading.text(row, "TipoRitenuta") in _CONTRIBUTIONS)
    kept = {reading.amount(row, "ImportoRitenuta") for row in held}
    funds = ((reading.text(row, "TipoCassa"), reading.amount(row, _CONTRIBUTION)) for row in find_all(body, _FUNDS))
    return arithmetic.total(amount for fund, amount in funds if fund == _ENASARCO or amount in kept) or arithmetic.ZERO


def _document_discounts(reading: XmlReading, body: Element, computed: Decimal | None) -> list[Decimal]:
    """Discounts and surcharges on the whole document; writers differ on whether the bases already have them."""
    rows = list(find_all(body, f"{_GENERAL}/ScontoMaggiorazione"))[:3]
    amounts = (_discount(reading, row, computed) for row in rows)
    return [amount for amount in amounts if amount is not None]


def _discount(reading: XmlReading, row: Element, computed: Decimal | None) -> Decimal | None:
    """As an amount; stated as a percentage alone, it is one of net + tax, or of the price of a line."""
    stated, percentage = reading.amount(row, "Importo"), reading.amount(row, "Percentuale")
    if stated is not None or percentage is None or computed is None:
        return stated
    return computed * percentage / 100


def _compare_lines(reading: XmlReading, body: Element, document: CanonicalDocument) -> None:
    off, kept = _off_bases(reading, body, document), _withheld_funds(reading, body)
    whole = _made(sum(off.values(), arithmetic.ZERO), kept)
    if not whole:
        reading.note("lines_mismatch")
    if not _rates_of(document.lines) <= {row.rate for row in document.taxes}:
        reading.note("line_rate_not_in_summary")
    elif whole and not all(_made(amount, kept) for amount in off.values()):
        reading.note("line_taxes_mismatch")
    rows = zip(find_all(body, _LINES), document.lines, strict=True)
    priced = ((_counted(line), _price(reading, row)) for row, line in rows)
    if not all(price is None or line_agrees(line, price) for line, price in priced):
        reading.note("line_amount_mismatch")


def _off_bases(reading: XmlReading, body: Element, document: CanonicalDocument) -> Mapping[Decimal | None, Decimal]:
    """By rate, what the lines make, with contributions to funds and rounding, less the bases of the summary."""
    off: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    if not document.lines or document.totals.net is None:
        return off
    for path, name in ((_FUNDS, _CONTRIBUTION), (_SUMMARY, "Arrotondamento")):
        for row in find_all(body, path):
            off[reading.amount(row, "AliquotaIVA")] += reading.amount(row, name) or arithmetic.ZERO
    for line in document.lines:
        off[line.tax_rate] += line.net_amount or arithmetic.ZERO
    for tax in document.taxes:
        off[tax.rate] -= tax.base or arithmetic.ZERO
    return off


def _made(off: Decimal, kept: Decimal) -> bool:
    """Whether a base is that of its lines; contributions that the buyer keeps back need not be in it."""
    return min(abs(off), abs(off - kept)) <= _LINES_ROUNDING


def _counted(line: Line) -> Line:
    """Without a quantity it is one, says control 00423."""
    return line if line.quantity is not None else replace(line, quantity=Decimal(1))


def _price(reading: XmlReading, row: Element) -> Decimal | None:
    """That of a piece after its discounts and surcharges, each on what the one before it left."""
    price = reading.amount(row, "PrezzoUnitario")
    for change in find_all(row, "ScontoMaggiorazione"):
        amount = _discount(reading, change, price)
        sign = 1 if reading.text(change, "Tipo") == "MG" else -1
        price = None if price is None or amount is None else price + sign * amount
    return price


def _rates_of(rows: Sequence[Line]) -> set[Decimal]:
    """Of lines that amount to something: a line of text alone is taxed with nothing."""
    return {line.tax_rate for line in rows if line.tax_rate is not None and line.net_amount}


def _compare_payments(reading: XmlReading, body: Element, stated: Totals, beside: list[Decimal]) -> None:
    """Notes ``payable_mismatch`` of the only payment, ``payments_mismatch`` of several: instalments, which have to make
    the total together, or several ways to pay it, each of them the whole. An advance (TP03) need not be all of it.
    """
    blocks = list(find_all(body, "DatiPagamento"))
    paid = [[reading.amount(row, _PAID) for row in find_all(block, "DettaglioPagamento")] for block in blocks]
    amounts = [amount for block in paid for amount in block]
    if len(amounts) == 1:
        if not _is_payable(stated, amounts[0], beside):
            reading.note("payable_mismatch")
        return
    if None in amounts or any(reading.text(block, "CondizioniPagamento") == _ADVANCE for block in blocks):
        return
    each = ({arithmetic.total(block) for block in paid}, {*amounts})
    ways = [arithmetic.total(amounts), *(way for same in each if len(same) == 1 for way in same)]
    if not any(_is_payable(stated, way, beside) for way in ways):
        reading.note("payments_mismatch")


def _is_payable(stated: Totals, payable: Decimal | None, beside: list[Decimal]) -> bool:
    """Credit notes state amounts of any sign, or that nothing is to be paid."""
    if stated.gross is None or payable is None or (stated.gross < 0 and not payable):
        return True
    return arithmetic.agree_with_some(abs(stated.gross), abs(payable), beside)


def _kept_tax(reading: XmlReading, body: Element, stated: Totals) -> list[Decimal]:
    """Public bodies keep the tax back and pay it themselves (split payment): all, or that of the rows marked so."""
    rows = (row for row in find_all(body, _SUMMARY) if reading.text(row, "EsigibilitaIVA") == _SPLIT)
    marked = arithmetic.total(reading.amount(row, "Imposta") for row in rows)
    below = stated.gross is not None and stated.gross < 0
    return [amount if below else -amount for amount in {marked, stated.tax} if amount is not None]
