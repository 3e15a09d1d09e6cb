"""Finds the table of lines: the column of amounts over the totals that sums up to the net."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from app.modules.imports.domain.canonical import Line
from app.modules.imports.fields.layout import overlap
from app.modules.imports.fields.money import heading_box
from app.modules.imports.fields.taxrows import CENT, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.fields.amounts import Amount
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet, Token
    from app.modules.imports.fields.money import Money

_HUNDRED = Decimal(100)
_LONGEST = 400
_SLIP = 2
_HIGHEST_RATE = 36


@dataclass(frozen=True, slots=True)
class Table:
    """Lines that add up, and the rows where they stand."""

    lines: tuple[Line, ...]
    amounts: tuple[Amount, ...]


def find_lines(sheet: Sheet, money: Sequence[Money], labels: Labels, net: Decimal, top: int) -> Table | None:
    """The lines above row ``top`` whose amounts sum up to ``net``; None where no column does."""
    above = [each.amount for each in money if each.amount.row.number < top and not each.amount.percent]
    columns = sorted(_columns(above), key=lambda column: (-len(column), -column[0].box.right))
    best = max(
        (run for column in columns for run in _runs(column, net)),
        key=lambda run: (_headed(run, labels), len(run), run[0].box.right),
        default=None,
    )
    if best is None or (len(best) == 1 and not _headed(best, labels)):
        return None
    numbers: defaultdict[int, list[Amount]] = defaultdict(list)
    for each in money:
        numbers[each.amount.row.number].append(each.amount)
    heads = _heads(best[0], labels)
    rows = {each.row.number for each in best}
    lines = tuple(_line(sheet, each, numbers, heads, rows) for each in best)
    return Table(lines, best)


def without_amounts(table: Table) -> Table:
    """Lines whose amounts include the tax say nothing of the net."""
    return Table(tuple(replace(line, net_amount=None, unit_price=None) for line in table.lines), table.amounts)


def _columns(amounts: Sequence[Amount]) -> Iterator[list[Amount]]:
    """Amounts of two decimals with their right edges in line, page by page together."""
    columns: list[list[Amount]] = []
    for each in amounts:
        if not each.cents:
            continue
        edge = each.box.right
        column = next((known for known in columns if abs(known[-1].box.right - edge) < 0.8 * each.row.height), None)
        if column is None:
            columns.append([each])
        else:
            column.append(each)
    yield from columns


def _runs(column: list[Amount], net: Decimal) -> Iterator[tuple[Amount, ...]]:
    """Stretches of a column that sum up to the net. Carried sums of a page are skipped over by starting anew."""
    for start in range(min(len(column), _LONGEST)):
        total = Decimal(0)
        for end in range(start, min(len(column), start + _LONGEST)):
            total += column[end].value
            if total == net:
                yield tuple(column[start : end + 1])
        if start == 0 and len(column) > 1:
            carried = tuple(_without_carried(column))
            if len(carried) < len(column) and sum((each.value for each in carried), Decimal(0)) == net:
                yield carried


def _without_carried(column: list[Amount]) -> Iterator[Amount]:
    """The column without amounts that repeat the sum so far (suma y sigue, subtotals)."""
    total = Decimal(0)
    for index, each in enumerate(column):
        if index > 1 and each.value == total:
            continue
        total += each.value
        yield each


def _heads(first: Amount, labels: Labels) -> Mapping[str, Label]:
    """The headings over the table, by role."""
    heads: dict[str, Label] = {}
    for label in labels.all:
        if label.row.page == first.row.page and label.row.number < first.row.number:
            for role in label.roles & {"rate", "tax"}:
                heads[role] = label
    return heads


def _headed(run: tuple[Amount, ...], labels: Labels) -> bool:
    first = run[0]
    return any(
        label.roles & {"total", "net", "gross"}
        and label.row.page == first.row.page
        and label.row.number < first.row.number
        and overlap(heading_box(label), first.box) > 0
        for label in labels.all
    )


def _line(
    sheet: Sheet, amount: Amount, numbers: Mapping[int, list[Amount]], heads: Mapping[str, Label], rows: set[int]
) -> Line:
    row = amount.row
    others = [each for each in numbers[row.number] if each is not amount]
    quantity, price = _factors(amount, others)
    used = [each for each in (amount, quantity, price) if each is not None]
    return Line(
        description=_description(row, amount, others) or _neighbouring(sheet, row, rows),
        quantity=quantity.value if quantity else None,
        unit_price=price.value if price else None,
        net_amount=amount.value,
        tax_rate=_rate([each for each in others if all(each is not other for other in used)], heads),
    )


def _factors(amount: Amount, others: Sequence[Amount]) -> tuple[Amount | None, Amount | None]:
    """Quantity and price: quantity × price, less a discount printed on the row, is the amount."""
    left = [each for each in others if each.tokens[0].start < amount.tokens[0].start and each.value]
    plain = [each for each in left if not each.percent]
    for quantity, price in product(plain, plain):
        if quantity is price or (price.tokens[0].start < quantity.tokens[0].start and quantity.decimals == 0):
            continue
        if any(abs(value - amount.value) <= CENT for value in _results(quantity, price, left)):
            if quantity.tokens[0].start > price.tokens[0].start and price.decimals < quantity.decimals:
                return price, quantity
            return quantity, price
    return None, None


def _results(quantity: Amount, price: Amount, left: Sequence[Amount]) -> Iterator[Decimal]:
    full = quantity.value * price.value
    yield rounded(full)
    for discount in left:
        if discount is not quantity and discount is not price and 0 < discount.value < _HUNDRED:
            yield rounded(full * (1 - discount.value / _HUNDRED))
            yield rounded(full - discount.value)


def _rate(others: Sequence[Amount], heads: Mapping[str, Label]) -> Decimal | None:
    """The tax rate of a line: the percentage under a heading of a rate or a tax."""
    for role in ("rate", "tax"):
        label = heads.get(role)
        for each in others:
            if label is not None and overlap(label.box, each.box) > 0 and 0 <= each.value < _HIGHEST_RATE:
                return each.value
    percents = [each.value for each in others if each.percent]
    return percents[-1] if len(percents) == 1 else None


def _description(row: Row, amount: Amount, others: Sequence[Amount]) -> str | None:
    """The widest run of words left of the numbers."""
    groups: list[list[Token]] = []
    for cell in row.cells():
        words = [token for token in cell.tokens if token.start < amount.tokens[0].start]
        if sum(char.isalpha() for token in words for char in token.text) > _SLIP:
            groups.append(words)
    if not groups:
        return None
    widest = max(groups, key=_wordiness)
    edge = {each.tokens[0].start for each in others if each.decimals or each.percent}
    return _trimmed(widest, edge)


def _wordiness(words: Sequence[Token]) -> tuple[int, int]:
    """Letters in words; those of codes such as ART4886 come after."""
    plain = [token.text for token in words if not any(char.isdigit() for char in token.text)]
    return sum(char.isalpha() for text in plain for char in text), sum(len(token.text) for token in words)


def _neighbouring(sheet: Sheet, row: Row, rows: set[int]) -> str | None:
    """Where the row has only figures, the words stand on the row above, as on tills."""
    if row.number == 0 or row.number - 1 in rows:
        return None
    above = sheet.rows[row.number - 1]
    if above.page != row.page or row.box.top - above.box.bottom > row.height:
        return None
    return above.text if any(char.isalpha() for char in above.text) else None


def _trimmed(words: Sequence[Token], edge: set[int]) -> str:
    """Without a leading count and without the numbers that end it."""
    tokens = list(words)
    while len(tokens) > 1 and not any(char.isalpha() for char in tokens[0].text):
        tokens = tokens[1:]
    while len(tokens) > 1 and tokens[-1].start in edge:
        tokens = tokens[:-1]
    return " ".join(token.text for token in tokens)
