"""The mapping of a bank's export that is too long for one statement, so that its rows are movements of their own.

The columns, the marks of debit and credit and what stands above the table are found as for a statement; what only the
whole of a statement tells (signs that the balance alone proves) no row can say by itself, and then there is no mapping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_columns import find_columns, sign_of
from app.modules.imports.mapping.bank_movements import cell, find_movements, read_money
from app.modules.imports.mapping.bank_preamble import find_currency, find_iban, read_preamble
from app.modules.imports.mapping.bank_shapes import name_by_shape
from app.modules.imports.mapping.conventions import decide_order, mark_to_declare, order_to_declare
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.headings import match_columns
from app.modules.imports.mapping.model import ColumnRule, TableMapping, Transform
from app.modules.imports.mapping.rows import RowError, compile_mapping
from app.modules.imports.mapping.tables import HEAD_ROWS, filled, find_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.bank_movements import Money, Movement
    from app.modules.imports.mapping.bank_preamble import Preamble

    Row = tuple[object, ...]
    Rules = Mapping[str, ColumnRule]

_LEAST_FILLED: Final = 2
_CURRENCY_SEEN_IN: Final = 10
_DECIDED: Final = frozenset({"entry.booking_date", "entry.amount", "entry.sign"})
_SIDES: Final = frozenset({"entry.debit", "entry.credit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRows:
    """A table of movements; ``mapping`` is None when its rows do not say by themselves what they amount to."""

    mapping: TableMapping | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    header: tuple[str, ...]
    columns: BankColumns
    movements: tuple[Movement, ...]
    money: Money
    preamble: Preamble

    def column(self, place: int | None) -> list[object]:
        return [cell(movement.row, place) for movement in self.movements]


def look_for_bank_rows(rows: Sequence[Row]) -> BankRows | None:
    """What the first rows of a sheet show of a bank's export; None when it is none."""
    export = _find_export(rows)
    if export is None:
        return None
    candidates = (_mapping(export, rules) for rules in _rules(export))
    return BankRows(mapping=next((found for found in candidates if _reads_alike(found, export)), None))


def _find_export(rows: Sequence[Row]) -> _Export | None:
    found = find_table(rows)
    if found is None:
        return None
    below = rows[found.data_start :]
    worded = [row for row in below if filled(row) >= _LEAST_FILLED]
    sample = [row for row in worded if any(map(looks_dated, row))] or worded
    named = found.header if found.header_row is not None else name_by_shape(sample)
    columns = find_columns(named, sample) if named else None
    if columns is None:
        return None
    movements, opening = find_movements(rows, found.data_start, columns)
    if not movements:
        return None
    preamble = read_preamble(rows[: min(found.header_row or found.data_start, HEAD_ROWS)])
    money = read_money(movements, columns, opening if opening is not None else preamble.opening)
    return _Export(header=found.header, columns=columns, movements=movements, money=money, preamble=preamble)


def _rules(export: _Export) -> Iterator[Rules]:
    """The columns of each field; without the marks of debit and credit where the amounts have signs of their own."""
    rules = dict(_plain_rules(export))
    signs = export.columns.signs
    marks = {"entry.sign": _sign_rule(export, signs)} if signs is not None else {}
    taken = {column for rule in (*rules.values(), *marks.values()) for column in rule.columns}
    rules = {**_headed_rules(export, taken), **rules}
    if marks:
        yield {**rules, **marks}
    yield rules


def _plain_rules(export: _Export) -> Iterator[tuple[str, ColumnRule]]:
    columns = export.columns
    places = {
        "entry.booking_date": columns.dates[0],
        "entry.value_date": columns.dates[1],
        "entry.amount": columns.amount,
        "entry.debit": columns.debit,
        "entry.credit": columns.credit,
        "entry.balance": export.money.balance_column,
        "entry.reference": columns.reference,
        "entry.reference2": columns.reference2,
        "entry.document_number": columns.document_number,
        "currency": columns.currency,
        _account_field(export): columns.account,
    }
    for path, place in places.items():
        if place is not None:
            yield path, ColumnRule(columns=(export.header[place],))
    texts = tuple(export.header[place] for place in columns.descriptions)
    if texts:
        first_filled = (Transform(name="coalesce"),) if len(texts) > 1 else ()
        yield "entry.description", ColumnRule(columns=texts, transforms=first_filled)


def _headed_rules(export: _Export, taken: Collection[str]) -> dict[str, ColumnRule]:
    """Columns that the first rows leave empty, and fields that a statement does not have: by their headings alone."""
    decided = _DECIDED if export.columns.amount is None else _DECIDED | _SIDES
    matched = match_columns(export.header, DocumentType.BANK_MOVEMENT)
    return {
        path: ColumnRule(columns=(column,))
        for path, column in matched.items()
        if path not in decided and column not in taken
    }


def _account_field(export: _Export) -> str:
    accounts = (str(value) for value in export.column(export.columns.account) if value not in (None, ""))
    return "account_iban" if find_iban(next(accounts, "")) else "account_number"


def _sign_rule(export: _Export, place: int) -> ColumnRule:
    """Where a column only marks what goes out, a blank is what comes in."""
    words = export.column(place)
    blank = any(word is None or not str(word).strip() for word in words)
    only_out = {sign_of(word) for word in words} <= {None, -1}
    transforms = (Transform(name="default", arguments=("C",)),) if blank and only_out else ()
    return ColumnRule(columns=(export.header[place],), transforms=transforms)


def _mapping(export: _Export, rules: Rules) -> TableMapping:
    days = [export.column(place) for place in export.columns.dates if place is not None]
    return TableMapping(
        target=DocumentType.BANK_MOVEMENT,
        columns=rules,
        stated={path: value for path, value in _stated(export).items() if value},
        decimal_mark=mark_to_declare(export.money.mark, map(export.column, export.columns.sums)),
        date_order=order_to_declare(decide_order(days, export.preamble.dates), days),
    )


def _stated(export: _Export) -> dict[str, str | None]:
    """Account and currency as they stand above the table, or with its sums."""
    preamble, sums = export.preamble, export.columns.sums
    cells = [export.header[place] for place in sums]
    cells += [str(cell(movement.row, place)) for movement in export.movements[:_CURRENCY_SEEN_IN] for place in sums]
    beside = {code for text in cells if (code := find_currency(text))}
    number, iban = preamble.account_number, preamble.iban
    return {
        "account_iban": iban,
        "account_number": None if number and iban and number in iban else number,
        "currency": beside.pop() if len(beside) == 1 else preamble.currency,
    }


def _reads_alike(mapping: TableMapping, export: _Export) -> bool:
    """Whether the rows, each by itself, amount to what they do in the statement; those that do not read are passed."""
    read = compile_mapping(mapping)
    amounts: list[tuple[Decimal | None, Decimal]] = []
    for movement, amount in zip(export.movements, export.money.amounts, strict=True):
        named = dict(zip(export.header, movement.row))  # noqa: B905  (rows may be shorter or longer than the heading)
        try:
            statement = read(named).statement
        except RowError:
            continue
        amounts += [(entry.amount, amount) for entry in (statement.entries if statement else ())]
    return bool(amounts) and all(alone == together for alone, together in amounts)
