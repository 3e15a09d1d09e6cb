"""Turns the chosen reading of the totals into canonical totals, taxes, withholdings and lines with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Proof, Statement, Tax, Totals, Withholding
from app.modules.imports.fields.dates import find_dates
from app.modules.imports.fields.lines import find_lines, without_amounts
from app.modules.imports.fields.movements import find_movements
from app.modules.imports.fields.retentions import find_retentions
from app.modules.imports.fields.totals import solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.domain.canonical import Line
    from app.modules.imports.fields.closing import Solution
    from app.modules.imports.fields.evidence import Ledger
    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.lines import Table
    from app.modules.imports.fields.money import Money

_ZERO = Decimal(0)
_TAXES = ("IVA", "IGIC", "IPSI")
_HEADED = 0.8
"""What stands in a column with a heading is called so no more strongly than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figured:
    """The figures of a document; ``table`` is the first and last row of its lines."""

    totals: Totals = field(default_factory=Totals)
    taxes: tuple[Tax, ...] = ()
    withholdings: tuple[Withholding, ...] = ()
    lines: tuple[Line, ...] = ()
    table: tuple[int, int] = (1, 0)


def read_figures(sheet: Sheet, money: Sequence[Money], labels: Labels, ledger: Ledger) -> Figured:
    """Totals, taxes, withholdings and lines of an invoice or receipt."""
    solution = solve(money)
    proofs = [Proof.ARITHMETIC] if solution.proven else []
    totals = _totals(solution, ledger, proofs)
    found = _table(sheet, money, labels, solution, totals)
    _note_lines(found, ledger)
    return Figured(
        totals=totals,
        taxes=tuple(_taxes(solution, ledger)),
        withholdings=_withheld(solution, ledger),
        lines=found.lines if found else (),
        table=(found.amounts[0].row.number, found.amounts[-1].row.number) if found else (1, 0),
    )


def read_retentions(sheet: Sheet, money: Sequence[Money], labels: Labels, ledger: Ledger) -> Figured:
    """The rows of a comprobante de retención and their total."""
    rows, total = find_retentions(sheet, money, labels)
    if total is not None:
        proven = bool(rows) and sum((row.amount or _ZERO for row in rows), _ZERO) == total.value
        ledger.put("totals.withholding", total.amount, [Proof.ARITHMETIC] if proven else [])
    return Figured(totals=Totals(withholding=total.value if total else None), withholdings=rows)


def read_statement(sheet: Sheet, money: Sequence[Money], labels: Labels, ledger: Ledger) -> Statement:
    """The balances and movements of a bank statement; no movements where they do not lead from balance to balance."""
    found = find_movements(sheet, money, find_dates(sheet), labels)
    if found is None:
        return Statement()
    for path, balance in (("opening_balance", found.opening), ("closing_balance", found.closing)):
        if balance is not None:
            ledger.put(path, balance.amount, [Proof.ARITHMETIC])
    if found.closing is None and found.last is not None:
        ledger.put("closing_balance", found.last, [Proof.ARITHMETIC])
    for place, each in enumerate(found.rows):
        ledger.put(f"transactions.{place}.amount", each.amount, [Proof.ARITHMETIC])
    closing = found.closing.amount if found.closing is not None else found.last
    return Statement(
        opening_balance=found.opening.value if found.opening else None,
        closing_balance=closing.value if closing else None,
        period_start=found.period[0] if found.period else None,
        period_end=found.period[1] if found.period else None,
        entries=tuple(each.entry for each in found.rows),
    )


def _note_lines(found: Table | None, ledger: Ledger) -> None:
    for place, (line, amount) in enumerate(zip(found.lines, found.amounts, strict=True) if found else ()):
        if line.net_amount is not None:
            ledger.put(f"lines.{place}.net_amount", amount, [Proof.ARITHMETIC])


def _totals(solution: Solution, ledger: Ledger, proofs: Sequence[Proof]) -> Totals:
    gross, payable = _sides_of_the_total(solution)
    for path, each in (
        ("net", solution.net), ("tax", solution.tax), ("gross", gross), ("payable", payable),
        ("withholding", solution.withheld),
    ):  # fmt: skip
        if each is not None:
            ledger.put(f"totals.{path}", each.amount, proofs, labelled=bool(each.roles))
    net = solution.net.value if solution.net else _summed(solution, ledger, "net")
    tax = solution.tax.value if solution.tax else _summed(solution, ledger, "tax")
    return Totals(
        net=net,
        tax=tax,
        gross=gross.value if gross else None,
        payable=payable.value if payable else _payable(solution, ledger),
        withholding=_sum_withheld(solution),
        prepaid=abs(solution.prepaid.value) if solution.prepaid else None,
        tip=next((each.value for each in solution.extras if each.strength("tip")), None),
    )


def _sum_withheld(solution: Solution) -> Decimal | None:
    """What is withheld makes less of what is to be paid, so in a corrective invoice it is negative like the rest."""
    if solution.withheld is None:
        return None
    paid = solution.payable or solution.gross
    value = abs(solution.withheld.value)
    return -value if paid is not None and paid.value < 0 else value


def _sides_of_the_total(solution: Solution) -> tuple[Money | None, Money | None]:
    """What is invoiced and what is to be paid. Sums paid in the customer's name (suplidos: Ley 37/1992, art. 78.3) are
    no part of what is invoiced: a total that holds them is what is to be paid.
    """
    if any(each.strength("passed_on") for each in solution.extras):
        return None, solution.payable or solution.gross
    return solution.gross, solution.payable


def _payable(solution: Solution, ledger: Ledger) -> Decimal | None:
    """Nothing withheld and nothing paid before: the total is what is to be paid."""
    if solution.gross is None or solution.withheld is not None or solution.unsettled:
        return None
    ledger.entries["totals.payable"] = ledger.entries["totals.gross"]
    return solution.gross.value


def _summed(solution: Solution, ledger: Ledger, part: str) -> Decimal | None:
    """Where only the rows of the tax table are printed, their sum, which the printed total has proven."""
    if not (solution.rows or solution.several) or not solution.proven:
        return None
    pieces = [row.base for row in solution.rows] if part == "net" else [row.tax for row in solution.rows if row.tax]
    pieces += list(solution.several) if part == "tax" else []
    pieces += list(solution.exempt) if part == "net" else [row.surcharge for row in solution.rows if row.surcharge]
    if not pieces:
        return None
    amounts = [piece.amount for piece in pieces]
    text = " + ".join(amount.text for amount in amounts)
    worst = min(amount.confidence for amount in amounts)
    ledger.place(f"totals.{part}", amounts[0].row.page, amounts[0].box, text, (worst, (Proof.ARITHMETIC,), True))
    return sum((amount.value for amount in amounts), _ZERO)


def _taxes(solution: Solution, ledger: Ledger) -> list[Tax]:
    taxes = []
    for place, row in enumerate(solution.rows):
        if row.tax is not None:
            ledger.put(f"taxes.{place}.amount", row.tax.amount, [Proof.ARITHMETIC])
        ledger.put(f"taxes.{place}.base", row.base.amount, [Proof.ARITHMETIC])
        taxes.append(
            Tax(
                tax_code=row.tax_code, rate=row.rate, base=row.base.value, amount=row.tax.value if row.tax else _ZERO,
                surcharge_rate=row.surcharge_rate, surcharge_amount=row.surcharge.value if row.surcharge else None,
            ),
        )  # fmt: skip
    taxes += [Tax(rate=each.rate, amount=each.value) for each in solution.several if not each.strength("surcharge")]
    code = _common_code(solution)
    taxes += [Tax(tax_code=code, rate=_ZERO, base=each.value, amount=_ZERO) for each in solution.exempt]
    if not taxes and solution.tax is not None and solution.tax.value == 0 and solution.net is not None:
        taxes.append(Tax(tax_code=code, rate=_ZERO, base=solution.net.value, amount=_ZERO))
    return taxes


def _common_code(solution: Solution) -> str | None:
    """The tax whose zero rate it is: that of the other rows, else the one that the labels name."""
    codes = {row.tax_code for row in solution.rows}
    if len(codes) == 1:
        return codes.pop()
    labels = [each.label for each in (solution.tax, *solution.exempt) if each is not None]
    return next((code for code in _TAXES if any(code.casefold() in label for label in labels)), None)


def _withheld(solution: Solution, ledger: Ledger) -> tuple[Withholding, ...]:
    if solution.withheld is None:
        return ()
    ledger.put("withholdings.0.amount", solution.withheld.amount, [Proof.ARITHMETIC] if solution.proven else [])
    return (
        Withholding(
            tax_code="IRPF" if "irpf" in solution.withheld.label else None,
            rate=solution.withheld_rate,
            base=solution.net.value if solution.net and solution.withheld_rate else None,
            amount=_sum_withheld(solution),
        ),
    )


def _table(
    sheet: Sheet, money: Sequence[Money], labels: Labels, solution: Solution, totals: Totals,
) -> Table | None:  # fmt: skip
    """Lines that add up to the net; failing that, to the total, as those with the tax inside do."""
    if not solution.proven:
        return None
    # What is called a base or a tax on its own row sums up to the net as well as the lines do.
    unnamed = [each for each in money if each.strength("net", "tax", "surcharge") <= _HEADED]
    if totals.net is not None:
        # Where each rate has one line, its base may have been found among the lines.
        for top in (solution.top, solution.top_without_bases):
            found = find_lines(sheet, unnamed, labels, totals.net, top)
            if found is not None:
                return found
    gross = solution.unrounded or solution.gross
    if gross is None:
        return None
    found = find_lines(sheet, unnamed, labels, gross.value, min(solution.top, gross.amount.row.number))
    return without_amounts(found) if found and totals.net != gross.value else found
