"""A bank's sheet, once its columns and movements are known, as one statement with its findings and evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Evidence,
    Proof,
    Statement,
)
from app.modules.imports.mapping.balances import follow_balance
from app.modules.imports.mapping.bank_descriptions import describe_movements
from app.modules.imports.mapping.bank_movements import Money, Movement, Survey, cell
from app.modules.imports.mapping.bank_preamble import Preamble, find_currency, find_iban
from app.modules.imports.mapping.bank_totals import contradicts_closing, contradicts_totals
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.conventions import Decided, read_date, read_number

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.mapping.balances import Trail
    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.dates import Order

    Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was found of a statement in a sheet, values still as printed."""

    header: tuple[object, ...]
    columns: BankColumns
    survey: Survey
    money: Money
    order: Decided[Order]
    preamble: Preamble
    heading: int = 0
    """The row of the headings, of the first movement where there are none; counted as the movements are."""
    first_row: int = 0
    """The row of the sheet that the places of the movements count from."""
    is_rivalled: bool = False
    """Other columns are proved as well, and say something else of the oldest movement."""

    @property
    def movements(self) -> tuple[Movement, ...]:
        return self.survey.movements

    @property
    def opening(self) -> object:
        """The opening balance that a row of it states, or what stands around the table."""
        return self.survey.opening if self.survey.opening is not None else self.preamble.opening

    @property
    def closing(self) -> object:
        return self.survey.closing if self.survey.closing is not None else self.preamble.closing


def make_statement(sheet: Sheet) -> CanonicalDocument:
    """The statement, its movements in the file's own order."""
    texts = describe_movements(sheet.movements, sheet.columns)
    entries = tuple(_entry(sheet, i, text) for i, text in enumerate(texts))
    days = [day for entry in entries if (day := entry.booking_date or entry.value_date)]
    money = sheet.money
    trail = follow_balance(money.amounts, money.balances, dates_fall=bool(days) and days[0] > days[-1])
    opening, closing = _ends(sheet, trail)
    currency, mixed = _currency(sheet)
    statement = Statement(
        **_account(sheet),
        holder=sheet.preamble.holder,
        period_start=read_date(sheet.preamble.period_start, sheet.order.value),
        period_end=read_date(sheet.preamble.period_end, sheet.order.value),
        opening_balance=opening,
        closing_balance=closing,
        entries=entries,
    )
    document = CanonicalDocument(
        doc_type=DocumentType.BANK_STATEMENT, currency=currency, statement=statement, format="bank_sheet"
    )
    findings = _findings(sheet, statement, trail, mixed=mixed)
    return replace(document, findings=findings, evidence=_evidence(sheet, statement, trail))


def _entry(sheet: Sheet, place: int, description: str | None) -> BankEntry:
    movement, columns = sheet.movements[place], sheet.columns
    booking, value = columns.dates
    booked = movement.day if booking is not None else None
    return BankEntry(
        booking_date=read_date(booked, sheet.order.value),
        value_date=read_date(cell(movement.row, value), sheet.order.value),
        amount=sheet.money.amounts[place],
        description=description,
        reference=_text(movement.row, columns.reference),
        reference2=_text(movement.row, columns.reference2),
        document_number=_text(movement.row, columns.document_number),
        balance=sheet.money.balances[place],
    )


def _text(row: Row, place: int | None) -> str | None:
    return " ".join(printed(cell(row, place)).split()) or None


def _ends(sheet: Sheet, trail: Trail) -> tuple[Decimal | None, Decimal | None]:
    """What the balance column gives; without one, what the sheet states around the movements."""
    mark = sheet.money.mark.value
    opening = trail.opening if trail.opening is not None else read_number(sheet.opening, mark)
    closing = trail.closing if trail.closing is not None else read_number(sheet.closing, mark)
    return opening, closing


def _currency(sheet: Sheet) -> tuple[str | None, bool]:
    """The one currency of the account, and whether the rows name several."""
    columns = sheet.columns
    column = [text for m in sheet.movements if (text := _text(m.row, columns.currency))]
    named = {find_currency(text) or text.upper()[:3] for text in column if text[:3].isalpha() or find_currency(text)}
    amount = columns.amount
    headed = find_currency(sheet.header[amount]) if amount is not None and amount < len(sheet.header) else None
    if headed and len(named) > 1:
        return headed, False
    if named:
        return (named.pop(), False) if len(named) == 1 else (None, True)
    cells = [sheet.header[c] for c in columns.sums if c < len(sheet.header)]
    cells += [cell(m.row, c) for m in sheet.movements[:10] for c in columns.sums]
    found = {code for c in cells if isinstance(c, str) and (code := find_currency(c))}
    return (found.pop() if len(found) == 1 else sheet.preamble.currency), False


def _account(sheet: Sheet) -> dict[str, str | None]:
    column = {_text(m.row, sheet.columns.account) for m in sheet.movements}
    named = column.pop() if len(column) == 1 else None
    stated = named if named and any(map(str.isdigit, named)) else None  # words alone are those of a category
    iban = sheet.preamble.iban or find_iban(stated or "")
    number = sheet.preamble.account_number or stated
    return {"account_iban": iban, "account_number": None if number and iban and number in iban else number}


def _findings(sheet: Sheet, statement: Statement, trail: Trail, *, mixed: bool) -> tuple[str, ...]:
    entries = statement.entries
    stated = read_number(sheet.opening, sheet.money.mark.value)
    sums_up = (
        statement.opening_balance is None
        or statement.closing_balance is None
        or (statement.opening_balance + sum(sheet.money.amounts) == statement.closing_balance)
    )
    says_otherwise = None not in (stated, trail.opening) and stated != trail.opening
    reached = statement.opening_balance is not None and statement.closing_balance is not None and sums_up
    found = (
        ("balance_mismatch", trail.held < trail.checks or not sums_up or says_otherwise),
        ("printed_total_differs", _contradicts_print(sheet, trail)),
        ("ambiguous_dates", not sheet.order.proved),
        ("ambiguous_numbers", not sheet.money.mark.proved),
        ("bad_date", any(entry.booking_date is None and entry.value_date is None for entry in entries)),
        ("rows_unread", sheet.survey.unread > 0),
        ("unbooked_left_out", sheet.survey.unbooked > 0),
        ("mixed_currencies", mixed),
        ("unsigned_amounts", _are_signs_open(sheet.money, trail, reached=reached and stated is not None)),
        ("oldest_amount_open", sheet.is_rivalled),
        ("several_accounts", len({_text(m.row, sheet.columns.account) for m in sheet.movements} - {None}) > 1),
    )
    return tuple(code for code, holds in found if holds)


def _contradicts_print(sheet: Sheet, trail: Trail) -> bool:
    """Totals are asked where no balance proves the movements: printed ones may count in what is only held back."""
    return contradicts_closing(sheet.survey, sheet.money, trail.closing) or (
        not trail.is_proved and contradicts_totals(sheet.survey, sheet.money, sheet.columns)
    )


def _are_signs_open(money: Money, trail: Trail, *, reached: bool) -> bool:
    """Whether nothing says, and no balance proves, which way some of the money went."""
    return money.first_sign_guessed or (money.signs_unstated and not trail.is_proved and not reached)


def _evidence(sheet: Sheet, statement: Statement, trail: Trail) -> dict[str, Evidence]:
    evidence = {
        f"transactions.{i}.amount": Evidence(
            source="cell",
            path=f"row {sheet.first_row + movement.place + 1}",
            text=_printed_sum(sheet, movement),
            proofs=_proofs(proved=trail.proves(i)),
        )
        for i, movement in enumerate(sheet.movements)
    }
    for path, is_stated in (("opening_balance", trail.opens_stated), ("closing_balance", trail.closes_stated)):
        if getattr(statement, path) is not None:
            proofs = _proofs(proved=trail.is_proved and is_stated)
            evidence[path] = Evidence(source="cell", path=_balance_path(sheet), proofs=proofs)
    if statement.account_iban:
        evidence["account_iban"] = Evidence(
            source="cell", text=statement.account_iban, proofs=(Proof.STRUCTURED, Proof.CHECK_DIGIT)
        )
    return evidence


def _proofs(*, proved: bool) -> tuple[Proof, ...]:
    return (Proof.STRUCTURED, Proof.ARITHMETIC) if proved else (Proof.STRUCTURED,)


def _printed_sum(sheet: Sheet, movement: Movement) -> str | None:
    columns = sheet.columns
    found = (cell(movement.row, c) for c in columns.moved)
    return next((printed(value) for value in found if value not in (None, "")), None)


def _balance_path(sheet: Sheet) -> str | None:
    column = sheet.money.balance_column
    return printed(sheet.header[column]) if column is not None and column < len(sheet.header) else None
