"""The mapping of a bank's export that is too long for one statement, so that its rows are movements of their own.

The columns, the marks of debit and credit and what stands above the table are found as for a statement; what only the
whole of a statement tells (signs that the balance alone proves) no row can say by itself, and then there is no mapping.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.bank_columns import find_columns
from app.modules.imports.mapping.bank_or_cash import is_no_banks
from app.modules.imports.mapping.bank_preamble import find_currency, find_iban
from app.modules.imports.mapping.bank_readings import build_sheet, is_proved, readings
from app.modules.imports.mapping.bank_row_kinds import cell
from app.modules.imports.mapping.bank_shapes import name_by_shape
from app.modules.imports.mapping.bank_statuses import is_unbooked
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.conventions import mark_to_declare, order_to_declare
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.headings import match_columns
from app.modules.imports.mapping.model import ColumnRule, TableMapping, Transform
from app.modules.imports.mapping.rows import RowError, compile_mapping
from app.modules.imports.mapping.tables import filled, find_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from decimal import Decimal

    from app.modules.imports.mapping.bank_columns import BankColumns
    from app.modules.imports.mapping.bank_document import Sheet
    from app.modules.imports.mapping.bank_movements import Movement

    Row = tuple[object, ...]
    Rules = Mapping[str, ColumnRule]

_LEAST_FILLED: Final = 2
_CURRENCY_SEEN_IN: Final = 10
_DECIDED: Final = frozenset({"entry.booking_date", "entry.amount", "entry.sign", "entry.status"})
_SIDES: Final = frozenset({"entry.debit", "entry.credit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRows:
    """A table of movements; ``mapping`` is None when its rows do not say by themselves what they amount to, or when
    nothing says that it is a bank's.
    """

    mapping: TableMapping | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    header: tuple[str, ...]
    sheet: Sheet

    @property
    def columns(self) -> BankColumns:
        return self.sheet.columns

    @property
    def movements(self) -> tuple[Movement, ...]:
        return self.sheet.movements

    def column(self, place: int | None) -> list[object]:
        return [cell(movement.row, place) for movement in self.movements]


def look_for_bank_rows(rows: Sequence[Row], name: str = "") -> BankRows | None:
    """What the first rows of a sheet show of a bank's export; None when it is none. ``name`` is the table's."""
    export = _find_export(rows)
    if export is None:
        return None
    if is_no_banks(export.sheet, name, rows[: export.sheet.heading]):
        return BankRows(mapping=None)
    candidates = (_mapping(export, rules) for rules in _rules(export))
    return BankRows(mapping=next((found for found in candidates if _reads_alike(found, export)), None))


def _find_export(rows: Sequence[Row]) -> _Export | None:
    """The sheet as the balance proves it, else as its headings usually mean it."""
    found = find_table(rows)
    if found is None:
        return None
    worded = [row for row in rows[found.data_start :] if filled(row) >= _LEAST_FILLED]
    sample = [row for row in worded if any(map(looks_dated, row))] or worded
    header = _as_wide(found.header, max(map(len, sample), default=0))
    named = _printed_names(header) if found.header_row is not None else name_by_shape(sample)
    columns = find_columns(named, sample) if named else None
    tried = list(readings(rows, found.data_start, columns)) if columns else []
    if not tried:
        return None
    reading = next((one for one in tried if one.is_proved), tried[0])
    above = found.data_start if found.header_row is None else found.header_row
    return _Export(header=header, sheet=build_sheet(rows, above, header, reading, 0))


def _as_wide(header: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The headings, and for columns beyond them the names by which their cells are kept in each row."""
    return (*header, *(f"column_{place}" for place in range(len(header) + 1, width + 1)))


def _printed_names(header: tuple[str, ...]) -> tuple[str, ...]:
    """The headings as the sheet has them: a column that has none was named by its place."""
    return tuple("" if name == f"column_{place}" else name for place, name in enumerate(header, 1))


def _rules(export: _Export) -> Iterator[Rules]:
    """The columns of each field; without the marks of debit and credit where the amounts have signs of their own."""
    rules = dict(_plain_rules(export))
    signs = export.columns.signs
    marks = {"entry.sign": _sign_rule(export, signs)} if signs is not None else {}
    taken = {column for rule in (*rules.values(), *marks.values()) for column in rule.columns}
    rules = {**_headed_rules(export, taken), **rules}
    if marks:
        yield {**rules, **marks}
    if not export.sheet.money.signs_unstated or is_proved(export.sheet.money):
        yield rules


def _plain_rules(export: _Export) -> Iterator[tuple[str, ColumnRule]]:
    columns = export.columns
    places = {
        "entry.booking_date": columns.dates[0],
        "entry.value_date": columns.dates[1],
        "entry.amount": columns.amount,
        "entry.debit": columns.debit,
        "entry.credit": columns.credit,
        "entry.balance": export.sheet.money.balance_column,
        "entry.reference": columns.reference,
        "entry.reference2": columns.reference2,
        "entry.document_number": columns.document_number,
        "currency": columns.currency,
        _account_field(export): columns.account,
    }
    for path, place in places.items():
        if place is not None:
            yield path, ColumnRule(columns=(export.header[place],))
    if columns.descriptions:
        yield "entry.description", _text_rule(export)
    if columns.status is not None and not any(map(is_unbooked, export.column(columns.status))):
        yield "entry.status", ColumnRule(columns=(export.header[columns.status],))


def _text_rule(export: _Export) -> ColumnRule:
    """Texts that differ from row to row are joined; of the others, the first that is filled."""
    places, fallback = export.columns.descriptions, export.columns.fallback_texts
    telling = [p for p in places if p not in fallback and len({printed(c).strip() for c in export.column(p)}) > 1]
    if len(telling) > 1:
        joined = tuple(export.header[place] for place in telling)
        return ColumnRule(columns=joined, transforms=(Transform(name="concat"),))
    columns = tuple(export.header[place] for place in dict.fromkeys((*telling, *places)))
    return ColumnRule(columns=columns, transforms=(Transform(name="coalesce"),) if len(columns) > 1 else ())


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
    """Where a column only marks what goes out, a blank is what comes in; numbers are codes of one side or the other."""
    words, columns = export.column(place), export.columns
    if columns.sign_codes:
        sides: dict[str, object] = {code: "D" if sign < 0 else "C" for code, sign in columns.sign_codes}
        return ColumnRule(columns=(export.header[place],), transforms=(Transform(name="lookup", arguments=(sides,)),))
    blank = any(not printed(word).strip() for word in words)
    only_out = {columns.direction(word) for word in words} <= {None, -1}
    transforms = (Transform(name="default", arguments=("C",)),) if blank and only_out else ()
    return ColumnRule(columns=(export.header[place],), transforms=transforms)


def _mapping(export: _Export, rules: Rules) -> TableMapping:
    days = [export.column(place) for place in export.columns.dates if place is not None]
    return TableMapping(
        target=DocumentType.BANK_MOVEMENT,
        columns=rules,
        stated={path: value for path, value in _stated(export).items() if value},
        decimal_mark=mark_to_declare(export.sheet.money.mark, map(export.column, export.columns.sums)),
        date_order=order_to_declare(export.sheet.order, days),
        headings=export.header,
    )


def _stated(export: _Export) -> dict[str, str | None]:
    """Account and currency as they stand above the table, or with its sums."""
    preamble, sums = export.sheet.preamble, export.columns.sums
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
    for movement, amount in zip(export.movements, export.sheet.money.amounts, strict=True):
        named = dict(zip(export.header, movement.row))  # noqa: B905  (rows may be shorter or longer than the heading)
        try:
            statement = read(named).statement
        except RowError:
            continue
        amounts += [(entry.amount, amount) for entry in (statement.entries if statement else ())]
    return bool(amounts) and all(alone == together for alone, together in amounts)
