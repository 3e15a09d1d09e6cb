"""Tells what the columns of a bank's export are: by their headings, and by what their cells can be."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.conventions import read_date
from app.modules.imports.mapping.dates import looks_dated
from app.modules.imports.mapping.numbers import looks_numeric
from app.modules.imports.mapping.vocabulary import fold_header, synonyms

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = tuple[object, ...]

_MOSTLY: Final = 0.75
_UNRANKED: Final = 1_000
_PATTERNS: Final = (
    ("other", re.compile(r"\b(original|cambio|exchange|rate|comision|fee|tax|iva|retenid\w*|hora|time zone)\b")),
    ("other", re.compile(r"^(amount|importe) (currency|moneda|divisa)$")),
    ("balance", re.compile(r"\b(saldo|saldos|balance)\b")),
    (
        "value_date",
        re.compile(r"\b(fecha|dia)\b.*\b(valor|value|valuta|efectiva)\b|\b(valor|value|valuta)\b.*\bfecha\b|valuta"),
    ),
    ("booking_date", re.compile(r"\b(fecha|dia|timestamp)\b")),
    ("both_sides", re.compile(r"\b(debit\w*|cargos?|debe|retiros?)\b.*\b(credit\w*|abonos?|haber|depositos?)\b")),
    ("both_sides", re.compile(r"\b(credit\w*|abonos?|haber|depositos?)\b.*\b(debit\w*|cargos?|debe|retiros?)\b")),
    (
        "debit",
        re.compile(
            r"\b(debit\w*|cargos?|debe|retiros?|egresos?|withdrawals?|salidas?|saidas?|carrecs?|paid out|out)\b"
        ),
    ),
    (
        "credit",
        re.compile(r"\b(credit\w*|abonos?|haber|depositos?|deposits?|ingresos?|entradas?|abonaments?|paid in|in)\b"),
    ),
    ("amount", re.compile(r"\b(importe|monto|amount|cantidad|montante|valor|value|quantia|quantitat|cuantia)\b")),
    (
        "description",
        re.compile(r"concept|descri|detall|detail|movim|label|narrat|motivo|glosa|benefici|observ|coment|memo"),
    ),
    ("reference", re.compile(r"\b(referencia|ref|reference)\b")),
    ("document_number", re.compile(r"\b(documento|cheque|comprobante|document)\b")),
    ("currency", re.compile(r"\b(moneda|divisa|currency|moeda)\b")),
)
_DATES: Final = ("booking_date", "value_date")
_NOT_A_BANK: Final = re.compile(
    r"\b(factura|invoice|base imponible|iva|vat|igic|proveedor|supplier|vendor|cliente|customer|sku|ean|pvp|stock"
    r"|subtotal|ruc|nif|cif|retencion|withholding|vencimiento|due)\b"
)
_OUT: Final = (
    "d db dr debito debit debe cargo - − egreso retiro gasto salida s nd n/d n.d. pago out debitos carrec saida"
    " withdrawal dbit negativo cargos debits (-) (−)"
)
_IN: Final = (
    "c cr h credito credit haber abono + ingreso deposito entrada e nc n/c n.c. a in creditos abonament deposit crdt"
    " positivo abonos credits (+)"
)
_SIGNS: Final = {**dict.fromkeys(_OUT.split(), -1), **dict.fromkeys(_IN.split(), 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class BankColumns:
    """Places of the columns in a row. ``descriptions`` by preference; ``signs`` holds words of debit and credit."""

    dates: tuple[int | None, int | None]
    """Booking date and value date."""
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    signs: int | None = None
    balances: tuple[int, ...] = ()
    descriptions: tuple[int, ...] = ()
    reference: int | None = None
    reference2: int | None = None
    document_number: int | None = None
    currency: int | None = None
    account: int | None = None

    @property
    def sums(self) -> tuple[int, ...]:
        """Every column that holds money."""
        return tuple(c for c in (self.amount, self.debit, self.credit, *self.balances) if c is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    place: int
    heading: str
    roles: dict[str, int]
    """Role → rank of its heading among those of the role, 0 the most telling."""
    dated: bool
    numeric: bool
    cells: tuple[object, ...]


def find_columns(header: Sequence[object], sample: Sequence[Row]) -> BankColumns | None:
    """The columns of a bank's export; None when this is no such table."""
    columns = [_column(place, name, sample) for place, name in enumerate(header)]
    dates = _dates(columns)
    sums = _pick_sums(columns)
    balances = tuple(c.place for c in columns if c.numeric and "balance" in c.roles)
    if dates == (None, None) or not sums or _is_other_table(columns, has_balance=bool(balances)):
        return None
    texts = _descriptions(columns, taken={*dates, *sums.values(), *balances})
    if not balances and (not texts or not _is_named_date(columns, dates)):
        return None
    return BankColumns(
        dates=dates,
        **sums,
        signs=_signs(columns) if "amount" in sums else None,
        balances=tuple(sorted(balances, key=lambda place: columns[place].roles["balance"])),
        descriptions=texts,
        **_labels(columns),
    )


def sign_of(cell: object) -> int | None:
    """-1 for money out, 1 for money in; None when the cell does not say."""
    return _SIGNS.get(fold_sign(cell)) if isinstance(cell, str) else None


def fold_sign(cell: str) -> str:
    """The word of a debit/credit column without accents and case."""
    return (
        cell.strip().lower().replace("é", "e").replace("è", "e").replace("í", "i").replace("ó", "o").replace("à", "a")
    )


def heading_roles(name: object) -> dict[str, int]:
    """What a heading may mean in a bank's export, by role → rank."""
    heading = fold_header(str(name)) if isinstance(name, str) else ""
    roles = {
        path.rpartition(".")[2]: ranked[heading]
        for path, ranked in synonyms(DocumentType.BANK_MOVEMENT).items()
        if heading in ranked
    }
    for role, pattern in _PATTERNS:
        if heading and pattern.search(heading):
            roles.setdefault(role, _UNRANKED)
            break
    return roles


def _column(place: int, name: object, sample: Sequence[Row]) -> _Column:
    cells = tuple(row[place] for row in sample if place < len(row) and row[place] not in (None, ""))
    known = [cell for cell in cells if not isinstance(cell, str) or cell.strip(" -–—")]
    dated = sum(1 for cell in known if looks_dated(cell))
    numeric = sum(1 for cell in known if looks_numeric(cell) and not looks_dated(cell))
    roles = heading_roles(name)
    is_serial = not dated and _DATES[0] in roles and all(read_date(cell, None) for cell in known)
    return _Column(
        place=place,
        heading=fold_header(str(name)) if isinstance(name, str) else "",
        roles=roles,
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
    ranks = [columns[d].roles.get(role, _UNRANKED) for d, role in zip(dates, _DATES, strict=True) if d is not None]
    return min(ranks) < _UNRANKED


def _is_value_date(column: _Column) -> bool:
    return "value_date" in column.roles


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
    worded = [(rank, place) for rank, place in named if not columns[place].numeric or rank < _UNRANKED]
    if worded:
        return tuple(place for _, place in worded)
    loose = [c for c in texts if not c.numeric and not (c.roles.keys() - {"description", "other"})]
    longest = max(loose, key=lambda c: sum(len(str(cell)) for cell in c.cells), default=None)
    return (longest.place,) if longest else ()


def _signs(columns: Sequence[_Column]) -> int | None:
    for column in columns:
        words = Counter(sign_of(cell) for cell in column.cells)
        if (
            column.cells
            and not words[None]
            and not column.numeric
            and (len(words) > 1 or "description" not in column.roles)
        ):
            return column.place
    return None


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
    foreign = sum(1 for c in columns if _NOT_A_BANK.search(c.heading))
    return foreign > (1 if has_balance else 0)
