"""Several accounts in one sheet: one below the other, or mixed in the rows and told apart by a column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_movements import cell, read_money
from app.modules.imports.mapping.bank_preamble import find_iban, read_preamble
from app.modules.imports.mapping.bank_readings import is_proved, meanings
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.mapping.bank_document import Sheet
    from app.modules.imports.mapping.bank_movements import Movement

    Row = tuple[object, ...]

_PREAMBLE: Final = 15
_LEAST_FILLED: Final = 3
_ROWS_OF_AN_ACCOUNT: Final = 2
"""On average at least: a column in which nearly every row has another account names those of other people."""


def split_at_headings(rows: Sequence[Row], headers: Sequence[Row]) -> list[tuple[int, int]]:
    """The parts of a sheet, from row to row: a new one begins where headings come again below another account."""
    known = set(headers)
    begins, account = [0], None
    for place, row in enumerate(rows):
        if row not in known:
            continue
        above = _preamble_above(rows, place, begins[-1])
        stated = _account_in(rows[above:place])
        if stated is not None and account is not None and stated != account:
            begins.append(above)
        account = stated or account
    return list(zip(begins, [*begins[1:], len(rows)], strict=True))


def split_by_account(sheet: Sheet) -> tuple[Sheet, ...]:
    """A sheet for each account that a column names; the sheet itself where its balance is that of all together.

    Pockets and currencies of an account are told apart only where each has a balance of its own.
    """
    if is_proved(sheet.money):
        return (sheet,)
    columns = sheet.columns
    if columns.account is not None:
        split = _split(sheet, (columns.account,))
        if _are_accounts(sheet, split):
            return split
    meant = [sheet, *(replace(sheet, columns=other) for other in meanings(columns, sheet.survey))]
    for places in (*((part,) for part in columns.parts), columns.parts):
        splits = (_split(one, places) for one in meant)
        proved = next((split for split in splits if len(split) > 1 and _are_proved(split)), None)
        if proved:
            return proved
    return (sheet,)


def _preamble_above(rows: Sequence[Row], place: int, least: int) -> int:
    """The first row of what stands above headings, below the movements of another account."""
    first = place
    while first > max(least, place - _PREAMBLE) and not _is_movement(rows[first - 1]) and any(_filled(rows[first - 1])):
        first -= 1
    return first


def _is_movement(row: Row) -> bool:
    filled = list(_filled(row))
    return len(filled) >= _LEAST_FILLED and any(map(looks_dated, filled)) and any(map(looks_numeric, filled))


def _filled(row: Row) -> Iterator[object]:
    return (value for value in row if value not in (None, ""))


def _account_in(rows: Sequence[Row]) -> str | None:
    found = read_preamble(rows)
    return found.iban or found.account_number


def _split(sheet: Sheet, places: Sequence[int]) -> tuple[Sheet, ...]:
    groups: dict[tuple[str, ...], list[Movement]] = {}
    for movement in sheet.movements:
        key = tuple(printed(cell(movement.row, place)).strip() for place in places)
        groups.setdefault(key, []).append(movement)
    if len(groups) < 2 or any(not all(key) for key in groups):  # noqa: PLR2004
        return (sheet,)
    is_account = places == (sheet.columns.account,)
    return tuple(_of_account(sheet, key[0] if is_account else None, movements) for key, movements in groups.items())


def _of_account(sheet: Sheet, account: str | None, movements: Sequence[Movement]) -> Sheet:
    """The movements of one account, with nothing of the sheet that is of all of them."""
    survey = replace(sheet.survey, movements=tuple(movements), opening=None, closing=None, totals=())
    preamble = replace(sheet.preamble, opening=None, closing=None)
    if account is not None:
        iban = find_iban(account)
        preamble = replace(preamble, iban=iban, account_number=None if iban else account)
    money = read_money(survey.movements, sheet.columns, None)
    # Signs that are stated in the column are stated for each account, though one has none that is negative.
    are_unstated = money.signs_unstated and sheet.money.signs_unstated
    return replace(sheet, survey=survey, preamble=preamble, money=replace(money, signs_unstated=are_unstated))


def _are_accounts(sheet: Sheet, split: Sequence[Sheet]) -> bool:
    if len(split) == 1:
        return False
    if sheet.columns.balances:
        return _are_proved(split)
    return len(sheet.movements) >= _ROWS_OF_AN_ACCOUNT * len(split)


def _are_proved(split: Sequence[Sheet]) -> bool:
    """Whether some balance follows, and none of one account contradicts it."""
    proved = [is_proved(one.money) for one in split]
    alone = [len(one.movements) == 1 for one in split]
    return any(proved) and all(held or single for held, single in zip(proved, alone, strict=True))
