"""Recognises a bank's export (a table of dates, texts and amounts) and reads it as one statement.

Mark and order are deduced from whole columns; the running balance is the strongest proof of all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import (
    BankEntry,
    CanonicalDocument,
    DocumentType,
    Evidence,
    Proof,
    Statement,
)
from app.modules.imports.mapping.balances import follow_balance
from app.modules.imports.mapping.bank_columns import BankColumns, find_columns, heading_roles
from app.modules.imports.mapping.bank_movements import Money, Movement, cell, find_movements, read_money
from app.modules.imports.mapping.bank_preamble import Preamble, find_currency, find_iban, read_preamble
from app.modules.imports.mapping.bank_shapes import name_by_shape
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.conventions import Decided, decide_order, read_date, read_number
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.tables import HEAD_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from app.modules.imports.mapping.balances import Trail
    from app.modules.imports.mapping.dates import Order
    from app.modules.imports.ports import Table

    Row = tuple[object, ...]

MOST_ROWS: Final = 50_000
"""A longer sheet is no statement that a person would look at; its rows become items of their own."""
_SAMPLE: Final = 300
_FOOTER: Final = 15
_LEAST_ROLES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    header: tuple[object, ...]
    columns: BankColumns
    movements: tuple[Movement, ...]
    money: Money
    order: Decided[Order]
    preamble: Preamble
    opening: object


def read_bank_sheet(table: Table) -> CanonicalDocument | None:
    """The statement in a table, its movements in the file's own order; None when the table is no bank's export.

    Findings: ``balance_mismatch``, ``ambiguous_dates``, ``ambiguous_numbers``, ``bad_date``, ``mixed_currencies``,
    ``unsigned_amounts`` (the sign of the oldest movement is a guess), ``several_accounts``.
    """
    rows = list(islice(table.rows(), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        return None
    for place, header, start in _headings(rows):
        columns = find_columns(header, _sample(rows[start:]))
        if columns is not None:
            movements, opening = find_movements(rows, start, columns)
            if movements:
                around = [*rows[:place], *rows[movements[-1].place + 1 :][:_FOOTER]]
                return _document(_sheet(header, columns, movements, opening, read_preamble(around)))
    return None


def _headings(rows: Sequence[Row]) -> Iterator[tuple[int, tuple[object, ...], int]]:
    """Rows that may be the headings, the likeliest first: (row, headings, first row below)."""
    scored = sorted((-sum(1 for name in row if _is_heading(name)), place) for place, row in enumerate(rows[:HEAD_ROWS]))
    for count, place in scored:
        if -count < _LEAST_ROLES:
            break
        below = rows[place + 1] if place + 1 < len(rows) else ()
        if _goes_on(below):
            yield place, _merged(rows[place], below), place + 2
        yield place, rows[place], place + 1
    yield from _without_headings(rows)


def _goes_on(row: Row) -> bool:
    """Headings of two rows: what stands below is words only, where a movement has a date and an amount."""
    cells = [c for c in row if c not in (None, "")]
    return len(cells) >= _LEAST_ROLES and all(
        isinstance(c, str) and not looks_dated(c) and not looks_numeric(c) for c in cells
    )


def _without_headings(rows: Sequence[Row]) -> Iterator[tuple[int, tuple[object, ...], int]]:
    start = next((place for place, row in enumerate(rows[:HEAD_ROWS]) if any(map(looks_dated, row))), None)
    header = name_by_shape(rows[start : start + _SAMPLE]) if start is not None else None
    if start is not None and header is not None:
        yield start, header, start


def _is_heading(name: object) -> bool:
    return isinstance(name, str) and not looks_dated(name) and not looks_numeric(name) and bool(heading_roles(name))


def _merged(first: Row, second: Row) -> tuple[object, ...]:
    width = max(len(first), len(second))
    return tuple(
        " ".join(part for part in (cell(first, i), cell(second, i)) if isinstance(part, str)) for i in range(width)
    )


def _sample(rows: Sequence[Row]) -> list[Row]:
    filled = [row for row in rows[:_SAMPLE] if sum(1 for c in row if c not in (None, "")) >= _LEAST_ROLES]
    return [row for row in filled if any(looks_dated(c) for c in row)] or filled


def _sheet(
    header: tuple[object, ...],
    columns: BankColumns,
    movements: tuple[Movement, ...],
    opening: object,
    preamble: Preamble,
) -> _Sheet:
    days = [[m.day for m in movements], [cell(m.row, columns.dates[1]) for m in movements]]
    opening = opening if opening is not None else preamble.opening
    return _Sheet(
        header=header,
        columns=columns,
        movements=movements,
        money=read_money(movements, columns, opening),
        order=decide_order(days, preamble.dates),
        preamble=preamble,
        opening=opening,
    )


def _document(sheet: _Sheet) -> CanonicalDocument:
    entries = tuple(_entry(sheet, i) for i in range(len(sheet.movements)))
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


def _entry(sheet: _Sheet, place: int) -> BankEntry:
    movement, columns = sheet.movements[place], sheet.columns
    booking, value = columns.dates
    booked = movement.day if booking is not None else None
    return BankEntry(
        booking_date=read_date(booked, sheet.order.value),
        value_date=read_date(cell(movement.row, value), sheet.order.value),
        amount=sheet.money.amounts[place],
        description=next(filter(None, (_text(movement.row, c) for c in columns.descriptions)), None),
        reference=_text(movement.row, columns.reference),
        reference2=_text(movement.row, columns.reference2),
        document_number=_text(movement.row, columns.document_number),
        balance=sheet.money.balances[place],
    )


def _text(row: Row, place: int | None) -> str | None:
    return " ".join(printed(cell(row, place)).split()) or None


def _ends(sheet: _Sheet, trail: Trail) -> tuple[Decimal | None, Decimal | None]:
    """What the balance column gives; without one, what the sheet states around the movements."""
    mark = sheet.money.mark.value
    opening = trail.opening if trail.opening is not None else read_number(sheet.opening, mark)
    closing = trail.closing if trail.closing is not None else read_number(sheet.preamble.closing, mark)
    return opening, closing


def _currency(sheet: _Sheet) -> tuple[str | None, bool]:
    """The one currency of the account, and whether the rows name several."""
    columns = sheet.columns
    column = [text for m in sheet.movements if (text := _text(m.row, columns.currency))]
    named = {find_currency(text) or text.upper()[:3] for text in column}
    if named:
        return (named.pop(), False) if len(named) == 1 else (None, True)
    cells = [sheet.header[c] for c in columns.sums if c < len(sheet.header)]
    cells += [cell(m.row, c) for m in sheet.movements[:10] for c in columns.sums]
    found = {code for c in cells if isinstance(c, str) and (code := find_currency(c))}
    return (found.pop() if len(found) == 1 else sheet.preamble.currency), False


def _account(sheet: _Sheet) -> dict[str, str | None]:
    column = {_text(m.row, sheet.columns.account) for m in sheet.movements}
    stated = column.pop() if len(column) == 1 else None
    iban = sheet.preamble.iban or find_iban(stated or "")
    number = sheet.preamble.account_number or stated
    return {"account_iban": iban, "account_number": None if number and iban and number in iban else number}


def _findings(sheet: _Sheet, statement: Statement, trail: Trail, *, mixed: bool) -> tuple[str, ...]:
    entries = statement.entries
    stated = read_number(sheet.opening, sheet.money.mark.value)
    sums_up = (
        statement.opening_balance is None
        or statement.closing_balance is None
        or (statement.opening_balance + sum(sheet.money.amounts) == statement.closing_balance)
    )
    says_otherwise = None not in (stated, trail.opening) and stated != trail.opening
    found = (
        ("balance_mismatch", trail.held < trail.checks or not sums_up or says_otherwise),
        ("ambiguous_dates", not sheet.order.proved),
        ("ambiguous_numbers", not sheet.money.mark.proved),
        ("bad_date", any(entry.booking_date is None and entry.value_date is None for entry in entries)),
        ("mixed_currencies", mixed),
        ("unsigned_amounts", sheet.money.first_sign_guessed),
        ("several_accounts", len({_text(m.row, sheet.columns.account) for m in sheet.movements}) > 1),
    )
    return tuple(code for code, holds in found if holds)


def _evidence(sheet: _Sheet, statement: Statement, trail: Trail) -> dict[str, Evidence]:
    proofs = (Proof.STRUCTURED, Proof.ARITHMETIC) if trail.is_proved else (Proof.STRUCTURED,)
    evidence = {
        f"transactions.{i}.amount": Evidence(
            source="cell", path=f"row {movement.place + 1}", text=_printed_sum(sheet, movement), proofs=proofs
        )
        for i, movement in enumerate(sheet.movements)
    }
    for path in ("opening_balance", "closing_balance"):
        if getattr(statement, path) is not None:
            evidence[path] = Evidence(source="cell", path=_balance_path(sheet), proofs=proofs)
    if statement.account_iban:
        evidence["account_iban"] = Evidence(
            source="cell", text=statement.account_iban, proofs=(Proof.STRUCTURED, Proof.CHECK_DIGIT)
        )
    return evidence


def _printed_sum(sheet: _Sheet, movement: Movement) -> str | None:
    columns = sheet.columns
    found = (cell(movement.row, c) for c in (columns.amount, columns.debit, columns.credit))
    return next((printed(value) for value in found if value not in (None, "")), None)


def _balance_path(sheet: _Sheet) -> str | None:
    column = sheet.money.balance_column
    return printed(sheet.header[column]) if column is not None and column < len(sheet.header) else None
