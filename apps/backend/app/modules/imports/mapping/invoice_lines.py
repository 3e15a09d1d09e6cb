"""Joins the rows of one invoice, a line each, where the total that it prints proves that they are all of it.

What is proved is the whole table: one way to add its columns up has to lead to the total of every invoice of several
rows. Where two ways do, or none does, nothing is joined, and the mapping is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, islice, product
from typing import TYPE_CHECKING, Final, Literal

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.cells import printed, printed_number
from app.modules.imports.mapping.conventions import decide_mark, read_number
from app.modules.imports.mapping.fields import Kind, field_kind
from app.modules.imports.mapping.headings import infer_mapping, match_columns
from app.modules.imports.mapping.kept_lines import LINES
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.other_tables import ANOTHER_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.modules.imports.mapping.numbers import Mark

    Row = dict[str, object]
    Placed = tuple[int | None, Row]
    Columns = Mapping[str, str]
    Adding = Literal["none", "once", "sum", "rate"]
    Added = tuple[str, Adding]

_IDENTITY: Final = ("invoice_number", "invoice_series", "issue_date", "doc_type")
_PARTIES: Final = ("supplier.tax_id", "supplier.name", "buyer.tax_id", "buyer.name")
_NEEDED: Final = ("invoice_number", "issue_date", "totals.gross")
_HUNDRED: Final = 100
_CENT: Final = Decimal("0.01")
_LEFT_OUT: Final[tuple[Added, ...]] = (("", "none"),)
_ZERO: Final = Decimal(0)
_LONGEST_SUM: Final = 1_000
_MOST_LOOKED_AT: Final = 500
_MOST_LINES: Final = 2_000
_EXACT_LENGTH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How the rows of one invoice add up to its total."""

    total: str
    net: str
    """The column of what each line comes to, before tax where the tax has a column."""
    printed_net: str | None
    """The column that repeats the sum of the lines, where there is one."""
    added: tuple[Added, Added]
    """The tax and what is withheld: printed once for the invoice, or with each line; or the rate of each."""
    unproved: tuple[str, ...]
    """Other sums of the invoice, which may be stated once, or say the total again."""
    parts: Columns
    """What a line is made of, by the names of a line's fields."""
    mark: Mark | None

    def holds(self, rows: Sequence[Row]) -> bool:
        """Whether the rows lead to the total that they print."""
        total = self._once(self.total, rows)
        lines = self._sum(self.net, rows)
        if total is None or lines is None:
            return False
        if self.printed_net is not None and self._once(self.printed_net, rows) != lines:
            return False
        return total - lines in self.others(rows) and all(
            self._says_nothing_else(column, rows) for column in self.unproved
        )

    def others(self, rows: Sequence[Row]) -> set[Decimal]:
        """What the tax less what is withheld may come to; nothing where a column of them does not tell."""
        taxes, withheld = (self._added(column, adding, rows) for column, adding in self.added)
        return {tax - abs(taken) for tax in taxes for taken in withheld}

    def _added(self, column: str, adding: Adding, rows: Sequence[Row]) -> set[Decimal]:
        if adding == "none":
            return {_ZERO}
        if adding == "rate":
            return self._taxes(column, rows)
        value = self._once(column, rows) if adding == "once" else self._sum(column, rows)
        if value is None and any(row.get(column) not in (None, "") for row in rows):
            return set()
        return {value or _ZERO}

    def _taxes(self, column: str, rows: Sequence[Row]) -> set[Decimal]:
        """The tax by its rates, rounded for each rate or for each line: suppliers do either."""
        bases: dict[Decimal, Decimal] = {}
        by_line = _ZERO
        for net, rate in zip(self._numbers(self.net, rows), self._numbers(column, rows), strict=True):
            if net is not None and rate is None:
                return set()
            share = (rate or _ZERO) * (_HUNDRED if rate and rate < 1 else 1)  # a sheet keeps 21 % as 0.21
            bases[share] = bases.get(share, _ZERO) + (net or _ZERO)
            by_line += _tax(net or _ZERO, share)
        return {by_line, sum((_tax(base, rate) for rate, base in bases.items()), _ZERO)}

    def _says_nothing_else(self, column: str, rows: Sequence[Row]) -> bool:
        stated = [number for number in self._numbers(column, rows) if number]
        return len(stated) <= 1 or set(stated) == {self._once(self.total, rows)}

    def _once(self, column: str, rows: Sequence[Row]) -> Decimal | None:
        """What the rows all repeat, or one of them states for all."""
        numbers = self._numbers(column, rows)
        stated = {number for number in numbers if number is not None}
        alone = sum(number is not None for number in numbers) == 1
        return stated.pop() if len(stated) == 1 and (alone or None not in numbers) else None

    def _sum(self, column: str, rows: Sequence[Row]) -> Decimal | None:
        numbers = [number for number in self._numbers(column, rows) if number is not None]
        return sum(numbers, _ZERO) if numbers else None

    def _numbers(self, column: str, rows: Sequence[Row]) -> list[Decimal | None]:
        return [read_number(row.get(column), self.mark) for row in rows]

    def join(self, rows: Sequence[Row]) -> Row:
        """What the rows have in common, their sums where they are added up, and the lines."""
        summed = {column for column, adding in (*self.added, (self.net, "sum")) if adding == "sum"}
        whole: Row = {}
        for column in dict.fromkeys(name for row in rows for name in row):
            cells = {_hashable(cell): cell for row in rows if (cell := row.get(column)) not in (None, "")}
            number = self._sum(column, rows) if column in summed else None
            whole[column] = _as_cell(number) if number is not None else next(iter(cells.values()), None)
            if column not in summed and len(cells) > 1:
                whole[column] = None
        lines = [{part: row.get(column) for part, column in self.parts.items()} for row in rows]
        sums = {column: _as_sum(row.get(column) for row in rows) for column in summed if whole.get(column) is not None}
        return {**whole, LINES: {"lines": lines, "sums": sums}}


def join_lines(rows: Iterator[Placed], sample: Iterable[Row]) -> Iterator[Placed]:
    """The rows, those of one invoice as one where the sample proves how, and marked where they do not add up so. Where
    the sample proves nothing they stay as they are: then the mapping of the whole table is asked for.
    """
    own = (row for row in sample if ANOTHER_TABLE not in row)
    first = next(own, None)
    columns = _columns(tuple(first)) if first is not None else {}
    if first is None or not columns:
        return rows
    looked_at = [first, *islice(own, _MOST_LOOKED_AT)]
    groups = _groups(looked_at, columns)
    if len(looked_at) > _MOST_LOOKED_AT and groups and groups[-1][-1] is looked_at[-1]:
        groups.pop()  # may go on below
    way = _only_way(list(_ways(looked_at, columns)), groups) if groups else None
    return rows if groups and way is None else _joined(rows, _keys(columns), way)


def _columns(header: tuple[str, ...]) -> Columns:
    """By field, the columns of a list of invoices that says whose each row is; none of another table."""
    mapping = infer_mapping(header)
    if mapping is None or mapping.target is not DocumentType.INVOICE:
        return {}
    columns = {path: rule.columns[0] for path, rule in mapping.columns.items()}
    is_told = all(path in columns for path in _NEEDED) and any(path in columns for path in _PARTIES)
    return columns if is_told else {}


def _joined(rows: Iterator[Placed], keys: tuple[str, ...], way: Joining | None) -> Iterator[Placed]:
    number = keys[0]
    for shared, group in groupby(rows, key=lambda placed: placed[1].get(number)):
        members = iter(group)
        placed = list(islice(members, _MOST_LINES))
        if len(placed) == 1 or shared in (None, ""):
            yield from placed
            yield from members
            continue
        is_whole = len(placed) < _MOST_LINES
        for _, same in groupby(placed, key=lambda one: _key_of(one[1], keys)):
            yield from _as_one(list(same), way if is_whole else None)
        yield from map(_marked, members)


def _as_one(placed: Sequence[Placed], way: Joining | None) -> Iterator[Placed]:
    lines = [row for _, row in placed]
    is_alone = len(lines) == 1 or ANOTHER_TABLE in lines[0]
    if is_alone or (way is None and all(row == lines[0] for row in lines)):
        yield from placed
    elif way is not None and way.holds(lines):
        yield placed[-1][0], way.join(lines)
    else:
        yield from map(_marked, placed)


def _marked(placed: Placed) -> Placed:
    return placed[0], {**placed[1], LINES: {}}


def _key_of(row: Row, keys: tuple[str, ...]) -> tuple[object, ...] | None:
    """What the rows of one invoice have in common; None for a row of another table."""
    return None if ANOTHER_TABLE in row else tuple(map(row.get, keys))


def _groups(sample: Sequence[Row], columns: Columns) -> list[list[Row]]:
    """The rows of each invoice that has several, save those that stand twice; none if an invoice goes on elsewhere."""
    number = columns["invoice_number"]
    keys = _keys(columns)
    named = [row for row in sample if row.get(number) not in (None, "")]
    found = [(key, list(rows)) for key, rows in groupby(named, key=lambda row: tuple(map(row.get, keys)))]
    if len({key for key, _ in found}) < len(found):
        return []
    return [rows for _, rows in found if any(row != rows[0] for row in rows)]


def _ways(sample: Sequence[Row], columns: Columns) -> Iterator[Joining]:
    """The ways in which the columns could be added up."""
    mapped = {column for path, column in columns.items() if path != "totals.net"}
    numeric = [name for name in sample[0] if name not in mapped and _is_numeric(name, sample)]
    parts = _parts(tuple(sample[0]), columns)
    counted = {parts[part] for part in ("quantity", "unit_price", "code") if part in parts}
    mark = decide_mark([[row.get(name) for row in sample] for name in (*numeric, columns["totals.gross"])], lambda _: 0)
    net = columns.get("totals.net")
    rate = columns.get("taxes.0.rate")
    taxes = _addings(columns.get("totals.tax")) or (((rate, "rate"),) if rate is not None else _LEFT_OUT)
    withholdings = (*_LEFT_OUT, *_addings(columns.get("totals.withholding")))
    sums = {column for path, column in columns.items() if field_kind(DocumentType.INVOICE, path) is Kind.NUMBER}
    for column, tax, withheld in product(numeric, taxes, withholdings):
        if column in counted and column != net:
            continue
        proved = {columns["totals.gross"], net, column, tax[0], withheld[0]}
        yield Joining(
            total=columns["totals.gross"],
            net=column,
            printed_net=net if net is not None and net != column else None,
            added=(tax, withheld),
            unproved=tuple(sums - proved),
            parts={**parts, "net_amount": column} if tax != _LEFT_OUT[0] or column == net else parts,
            mark=mark.value if mark.proved else None,
        )


def _addings(column: str | None) -> tuple[Added, ...]:
    return () if column is None else ((column, "once"), (column, "sum"))


def _only_way(ways: Sequence[Joining], groups: Sequence[Sequence[Row]]) -> Joining | None:
    """The one way in which all invoices add up; of several that come to the same in each, the first."""
    held = [way for way in ways if all(way.holds(rows) for rows in groups)]
    return held[0] if held and len({_outcome(way, groups) for way in held}) == 1 else None


def _outcome(way: Joining, groups: Sequence[Sequence[Row]]) -> tuple[object, ...]:
    return tuple(frozenset(way.others(rows)) for rows in groups)


def _keys(columns: Columns) -> tuple[str, ...]:
    return tuple(columns[path] for path in (*_IDENTITY, *_PARTIES) if path in columns)


def _parts(header: tuple[str, ...], columns: Columns) -> Columns:
    """The columns of a line: by the headings of goods, and of those of the invoice that may be its line's."""
    goods = match_columns(header, DocumentType.PRODUCT)
    of_line = {
        "code": goods.get("product.sku"),
        "description": columns.get("description") or goods.get("product.name") or goods.get("product.description"),
        "quantity": goods.get("product.stock"),
        "unit_price": goods.get("product.unit_price"),
        "tax_rate": columns.get("taxes.0.rate"),
    }
    others = {column for path, column in columns.items() if path not in ("description", "taxes.0.rate")}
    return {part: column for part, column in of_line.items() if column is not None and column not in others}


def _tax(base: Decimal, rate: Decimal) -> Decimal:
    return (base * rate / _HUNDRED).quantize(_CENT, ROUND_HALF_UP)


def _is_numeric(column: str, sample: Sequence[Row]) -> bool:
    cells = [cell for row in sample if (cell := row.get(column)) not in (None, "")]
    return bool(cells) and all(isinstance(cell, float) or looks_numeric(cell) for cell in cells)


def _hashable(cell: object) -> object:
    return cell if isinstance(cell, (str, float, int)) else repr(cell)


def _as_sum(cells: Iterable[object]) -> str:
    return " + ".join(printed(cell).strip() for cell in cells if cell not in (None, ""))[:_LONGEST_SUM]


def _as_cell(number: Decimal) -> object:
    """A sum as the rows of a table hold numbers: its point is no mark of thousands."""
    text = printed_number(number)
    return float(text) if "." in text and len(text) <= _EXACT_LENGTH else text
