"""Tells what the columns of a bank's export are: by their headings, and by what their cells can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_headings import (
    UNRANKED,
    fold_heading,
    heading_kinds,
    heading_roles,
    is_foreign,
    is_ledger,
)
from app.modules.imports.mapping.bank_signs import code_signs, share_signed, sign_of
from app.modules.imports.mapping.bank_statuses import are_statuses
from app.modules.imports.mapping.conventions import read_date, read_number
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = tuple[object, ...]

__all__ = ["BankColumns", "find_columns", "sign_of"]

_MOSTLY: Final = 0.75
_MOSTLY_SIGNED: Final = 0.5
_DATES: Final = ("booking_date", "value_date")
_NO_TEXTS: Final = frozenset({"status", "sign", "party"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BankColumns:
    """Places of the columns in a row. ``descriptions`` by preference; ``signs`` holds words of debit and credit."""

    dates: tuple[int | None, int | None]
    """Booking date and value date."""
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    are_sides_told: bool = False
    """The headings say which way the money goes; debit and credit are the other way round in the books of a client."""
    signs: int | None = None
    sign_codes: tuple[tuple[str, int], ...] = ()
    """What the numbers in the column of signs mean, where it holds numbers instead of words."""
    is_net: bool = False
    """The amount is headed as what is left of it: no other column, nor a fee, can be meant."""
    fee: int | None = None
    fee_factor: int = 0
    """How often the fee is added to the amount to give what the balance follows: -1, 0 or 1."""
    balances: tuple[int, ...] = ()
    descriptions: tuple[int, ...] = ()
    fallback_texts: frozenset[int] = frozenset()
    """Those of the descriptions that name a kind of movement, the other party or a reference: for want of others."""
    reference: int | None = None
    reference2: int | None = None
    document_number: int | None = None
    currency: int | None = None
    account: int | None = None
    status: int | None = None
    parts: tuple[int, ...] = ()
    """What may name a part of the account with a balance of its own: a pocket, a currency."""
    more_dates: tuple[int, ...] = ()
    """Dates that stand in where both others are blank."""
    more_sums: tuple[int, ...] = ()
    """Other columns of money, any of which may be the amount."""

    @property
    def sums(self) -> tuple[int, ...]:
        """Every column that holds money."""
        return tuple(c for c in (*self.moved, *self.balances) if c is not None)

    @property
    def moved(self) -> tuple[int, ...]:
        """The columns whose money is the movement's."""
        return tuple(c for c in (self.amount, self.debit, self.credit) if c is not None)

    @property
    def all_dates(self) -> tuple[int, ...]:
        return tuple(c for c in (*self.dates, *self.more_dates) if c is not None)

    def direction(self, mark: object) -> int | None:
        """-1 or 1 by the cell in the column of signs; None when it does not say."""
        return dict(self.sign_codes).get(str(mark).strip()) if self.sign_codes else sign_of(mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    place: int
    heading: str
    roles: dict[str, int]
    """Role → rank of its heading among those of the role, 0 the most telling."""
    kinds: frozenset[str]
    dated: bool
    numeric: bool
    cells: tuple[object, ...]


def find_columns(header: Sequence[object], sample: Sequence[Row]) -> BankColumns | None:
    """The columns of a bank's export; None when this is no such table."""
    columns = [_column(place, name, sample) for place, name in enumerate(header)]
    dates = _dates(columns)
    balances = tuple(c.place for c in columns if c.numeric and "balance" in c.roles)
    sums = _sums(columns, has_balance=bool(balances))
    texts = _descriptions(columns, taken={*dates, *sums.values(), *balances})
    if not sums or not _is_bank_table(columns, dates, texts, has_balance=bool(balances)):
        return None
    signs, sign_codes = _signs(columns, sums["amount"]) if "amount" in sums else (None, ())
    labels = _labels(columns)
    is_net = "amount" in sums and "net" in columns[sums["amount"]].kinds
    others = {signs, labels["reference"], labels["document_number"]}
    return BankColumns(
        dates=dates,
        amount=sums.get("amount"),
        debit=sums.get("debit"),
        credit=sums.get("credit"),
        are_sides_told=any("way" in columns[sums[side]].kinds for side in ("debit", "credit") if side in sums),
        signs=signs,
        sign_codes=sign_codes,
        balances=tuple(sorted(balances, key=lambda place: columns[place].roles["balance"])),
        descriptions=texts,
        fallback_texts=frozenset(c.place for c in columns if c.kinds & _NO_TEXTS or c.place in others),
        is_net=is_net,
        fee=None if is_net else next((c.place for c in columns if c.numeric and "fee" in c.kinds), None),
        status=_status(columns),
        parts=tuple(c.place for c in columns if c.cells and ("part" in c.kinds or "currency" in c.roles)),
        more_dates=tuple(c.place for c in columns if c.dated and c.place not in dates),
        more_sums=_more_sums(columns, {*sums.values(), *dates}),
        reference=labels["reference"],
        reference2=labels["reference2"],
        document_number=labels["document_number"],
        currency=labels["currency"],
        account=labels["account"],
    )


def _is_bank_table(
    columns: Sequence[_Column],
    dates: tuple[int | None, int | None],
    texts: tuple[int, ...],
    *,
    has_balance: bool,
) -> bool:
    if dates == (None, None):
        return False
    if _is_traded(columns, has_balance=has_balance):
        return True
    is_plain = has_balance or (bool(texts) and _is_named_date(columns, dates))
    return is_plain and not _is_other_table(columns, has_balance=has_balance)


def _column(place: int, name: object, sample: Sequence[Row]) -> _Column:
    cells = tuple(row[place] for row in sample if place < len(row) and row[place] not in (None, ""))
    known = [cell for cell in cells if not isinstance(cell, str) or cell.strip(" -–—")]
    dated = sum(1 for cell in known if looks_dated(cell))
    numeric = sum(1 for cell in known if looks_numeric(cell) and not looks_dated(cell))
    roles = heading_roles(name)
    is_serial = not dated and _DATES[0] in roles and all(read_date(cell, None) for cell in known)
    return _Column(
        place=place,
        heading=fold_heading(name),
        roles=roles,
        kinds=heading_kinds(name),
        dated=bool(known) and (dated >= _MOSTLY * len(known) or is_serial),
        numeric=bool(known) and numeric >= _MOSTLY * len(known) and not is_serial,
        cells=cells,
    )


def _best(columns: Sequence[_Column], role: str) -> int | None:
    ranked = [(c.roles[role], c.place) for c in columns if role in c.roles and "other" not in c.roles]
    return min(ranked)[1] if ranked else None


def _dates(columns: Sequence[_Column]) -> tuple[int | None, int | None]:
    dated = [c for c in columns if c.dated]
    value = _best([c for c in dated if _is_value_date(c)], "value_date")
    booked = [c for c in dated if c.place != value]
    booking = _best(booked, "booking_date")
    if booking is None and booked:
        booking = booked[0].place
    spare = [c for c in dated if c.place not in (value, booking) and c.heading == "valor"]
    return booking, value if value is not None or not spare else spare[0].place


def _is_named_date(columns: Sequence[_Column], dates: tuple[int | None, int | None]) -> bool:
    """Without a balance to prove it, only a heading that banks write makes a date one of a movement."""
    ranks = [columns[d].roles.get(role, UNRANKED) for d, role in zip(dates, _DATES, strict=True) if d is not None]
    return min(ranks) < UNRANKED


def _is_value_date(column: _Column) -> bool:
    return "value_date" in column.roles


def _sums(columns: Sequence[_Column], *, has_balance: bool) -> dict[str, int]:
    traded = _net_or_gross(columns)
    if traded and _is_traded(columns, has_balance=has_balance):
        return traded
    return _pick_sums(columns) or (traded if has_balance else {})


def _pick_sums(columns: Sequence[_Column]) -> dict[str, int]:
    numeric = [c for c in columns if c.numeric and not c.dated and "balance" not in c.roles]
    both = _best(numeric, "both_sides")
    debit = _best([c for c in numeric if "both_sides" not in c.roles], "debit")
    credit = _best([c for c in numeric if "both_sides" not in c.roles], "credit")
    one_sided = _one_sided(columns, debit, credit)
    if one_sided:
        return one_sided
    amount = _best(numeric, "amount")
    chosen = amount if amount is not None else both
    return {"amount": chosen} if chosen is not None else {}


def _net_or_gross(columns: Sequence[_Column]) -> dict[str, int]:
    """Wallets and card acquirers state gross, fee and net: the net is what reaches the balance."""
    of_kind = {kind: c.place for c in reversed(columns) if c.numeric for kind in c.kinds & {"gross", "net"}}
    chosen = of_kind.get("net", of_kind.get("gross"))
    return {} if chosen is None else {"amount": chosen}


def _is_traded(columns: Sequence[_Column], *, has_balance: bool) -> bool:
    """Whether the columns are those of a wallet: the net beside a fee, of transactions with a balance or an id; or the
    net of what is paid out, which no tax makes part of an invoice.
    """
    kinds = {kind for c in columns for kind in c.kinds}
    identified = any(c.roles.get("reference", UNRANKED) < UNRANKED for c in columns)
    if "net" not in kinds or not (has_balance or identified):
        return False
    if has_balance:
        return "fee" in kinds
    is_paid_out = "status" in kinds and not any(is_foreign(c.heading) for c in columns)
    return "tax" not in kinds and ("fee" in kinds or is_paid_out)


def _one_sided(columns: Sequence[_Column], debit: int | None, credit: int | None) -> dict[str, int]:
    """Both columns, or the one of a period in which money only went one way: the other then is empty, not absent."""
    if debit is not None and credit is not None:
        return {"debit": debit, "credit": credit}
    empty = {role for c in columns if not c.cells or not c.numeric for role in ("debit", "credit") if role in c.roles}
    if debit is not None and "credit" in empty:
        return {"debit": debit}
    return {"credit": credit} if credit is not None and "debit" in empty else {}


def _descriptions(columns: Sequence[_Column], taken: set[int | None]) -> tuple[int, ...]:
    texts = [c for c in columns if c.place not in taken and not c.dated and c.cells]
    named = sorted((c.roles["description"], c.place) for c in texts if "description" in c.roles)
    worded = [(rank, place) for rank, place in named if not columns[place].numeric or rank < UNRANKED]
    if worded:
        return tuple(place for _, place in worded)
    loose = [c for c in texts if not c.numeric and not (c.roles.keys() - {"description", "other"})]
    longest = max(loose, key=lambda c: sum(len(str(cell)) for cell in c.cells), default=None)
    return (longest.place,) if longest else ()


def _signs(columns: Sequence[_Column], amount: int) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    """The column that says which way the money went: one of words that all say so; else one headed so of which most do.

    Where amounts have signs of their own, only words that all say so may decide.
    """
    is_signed = any((read_number(cell, ".") or 0) < 0 for cell in columns[amount].cells)
    for column in columns:
        share, both = share_signed(column.cells)
        if share == 1 and not column.numeric and (both or "description" not in column.roles):
            return column.place, ()
    headed = () if is_signed else [c for c in columns if "sign" in c.kinds and c.place != amount]
    for column in headed:
        codes = code_signs(column.cells) if "sign_code" in column.kinds else None
        if codes:
            return column.place, tuple(codes.items())
        if not column.numeric and share_signed(column.cells)[0] >= _MOSTLY_SIGNED:
            return column.place, ()
    return None, ()


def _status(columns: Sequence[_Column]) -> int | None:
    """The column that says whether a row was booked, by its heading or by its words."""
    headed = [c.place for c in columns if "status" in c.kinds and c.cells and not c.numeric]
    worded = [c.place for c in columns if "description" not in c.roles and are_statuses(c.cells)]
    return next(iter((*headed, *worded)), None)


def _more_sums(columns: Sequence[_Column], taken: set[int | None]) -> tuple[int, ...]:
    found = [c for c in columns if c.numeric and not c.dated and c.place not in taken and "balance" not in c.roles]
    return tuple(c.place for c in found if not c.roles.keys() & {"reference", "reference2", "document_number"})


def _labels(columns: Sequence[_Column]) -> dict[str, int | None]:
    loose = [c for c in columns if c.cells and not c.dated]
    account = _best(loose, "account_iban")
    return {
        "reference": _best(loose, "reference"),
        "reference2": _best(loose, "reference2"),
        "document_number": _best(loose, "document_number"),
        "currency": _best(loose, "currency"),
        "account": account if account is not None else _best(loose, "account_number"),
    }


def _is_other_table(columns: Sequence[_Column], *, has_balance: bool) -> bool:
    foreign = sum(1 for c in columns if is_foreign(c.heading))
    return is_ledger(c.heading for c in columns) or foreign > (1 if has_balance else 0)
