"""Bank exports in the layouts that banks of Spain, Ecuador, Portugal and others use, with invented movements."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from app.modules.imports.ports import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Row = list[object]
    Number = Callable[[Decimal], object]
    Day = Callable[[date], object]

IBAN = "ES9121000418450200051332"
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One invented movement."""

    day: date
    valued: date
    amount: Decimal
    balance: Decimal
    text: str
    document: str

    @property
    def out(self) -> Decimal:
        return max(-self.amount, Decimal(0))

    @property
    def into(self) -> Decimal:
        return max(self.amount, Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Headings, and a row of a movement under them."""

    header: tuple[str, ...]
    row: Callable[[Moved, Number, Day], Sequence[object]]


def invent(seed: int, count: int = 14) -> tuple[Decimal, list[Moved]]:
    """An opening balance and movements, oldest first; some day is over 12, so that the order of dates shows."""
    chance = random.Random(seed)
    opening = balance = Decimal(chance.randint(100_000, 900_000)) / 100
    day = date(2024, chance.randint(1, 12), 9)
    moved = []
    for place in range(count):
        day += timedelta(days=chance.choice((0, 1, 1, 2)))
        amount = Decimal(chance.randint(100, 190_000)) / 100 * chance.choice((1, -1, -1))
        balance += amount
        text = chance.choice(("Recibo luz", "Nómina", "Compra tarjeta; bar, Ñandú", "Transferencia recibida"))
        valued = day + timedelta(days=chance.choice((0, 1)))
        moved.append(Moved(day=day, valued=valued, amount=amount, balance=balance, text=text, document=f"{place:08d}"))
    return opening, moved


def european(number: Decimal) -> str:
    return american(number).translate(str.maketrans(",.", ".,"))


def american(number: Decimal) -> str:
    return f"{number:,.2f}"


def typed(value: object) -> object:
    return value


NUMBERS: dict[str, Number] = {
    "1.234,56": european,
    "1,234.56": american,
    "1234,56": lambda n: f"{n:.2f}".replace(".", ","),
    "1234.56": lambda n: f"{n:.2f}",
    "cells": typed,
}
DAYS: dict[str, Day] = {
    "dd/mm/yyyy": lambda d: d.strftime("%d/%m/%Y"),
    "mm/dd/yyyy": lambda d: d.strftime("%m/%d/%Y"),
    "dd-mm-yy": lambda d: d.strftime("%d-%m-%y"),
    "dd.mm.yyyy": lambda d: d.strftime("%d.%m.%Y"),
    "iso": date.isoformat,
    "named": lambda d: f"{d.day:02d}-{_MONTHS[d.month - 1]}-{d.year}",
    "with time": lambda d: f"{d.year}-{d.month}-{d.day}, 9:34 PM",
    "cells": typed,
}
PREAMBLES: dict[str, list[Row]] = {
    "none": [],
    "es": [
        ["Extracto de movimientos"],
        ["Titular:", "TALLERES INVENTADOS SL"],
        ["Cuenta:", "ES91 2100 0418 4502 0005 1332"],
        ["Divisa:", "EUR"],
        [],
    ],
    "en": [["Account statement"], ["Account number", IBAN], ["Currency", "EUR"]],
    "ec": [["Banco Inventado"], ["Cliente: COMERCIAL INVENTADA S.A."], ["Cuenta: 2201234567"], ["Movimientos"]],
}
FOOTERS: dict[str, list[Row]] = {
    "none": [],
    "total": [[], ["Total", None, "1.234,00"]],
    "note": [[], ["Documento sin validez a efectos fiscales"]],
}


def _one(*header: str) -> Layout:
    """Date, value date where there are five headings, text, amount, balance."""
    if len(header) == 4:
        return Layout(header=header, row=lambda m, n, d: [d(m.day), m.text, n(m.amount), n(m.balance)])
    return Layout(header=header, row=lambda m, n, d: [d(m.day), d(m.valued), m.text, n(m.amount), n(m.balance)])


def _two(*header: str, blank: object = None, sign: int = 1) -> Layout:
    def row(moved: Moved, number: Number, day: Day) -> Sequence[object]:
        sides = (number(sign * moved.out) if moved.out else blank, number(moved.into) if moved.into else blank)
        dates = [day(moved.day), day(moved.valued)][: len(header) - 4]
        return [*dates, moved.text, *sides, number(moved.balance)]

    return Layout(header=header, row=row)


LAYOUTS: dict[str, Layout] = {
    "amount es": _one("Fecha", "Concepto", "Importe", "Saldo"),
    "amount es two dates": _one("F. Operativa", "F. Valor", "Concepto", "Importe", "Saldo"),
    "amount es upper": _one("FECHA OPERACIÓN", "FECHA VALOR", "CONCEPTO", "IMPORTE EUR", "SALDO"),
    "amount es after": _one("Fecha ctble", "Fecha valor", "Descripción", "Importe (€)", "Saldo tras movimiento"),
    "amount en": _one("Booking date", "Value date", "Description", "Amount", "Balance"),
    "amount ca": _one("Data", "Data valor", "Concepte", "Import", "Saldo"),
    "amount pt": _one("Data da operação", "Data valor", "Descritivo", "Montante", "Saldo"),
    "one column for both": _one("Fecha", "Concepto", "Cargo/Abono", "Saldo"),
    "sides es": _two("Fecha", "Concepto", "Debe", "Haber", "Saldo"),
    "sides es dash": _two("Fecha", "Fecha valor", "Descripción", "Cargos", "Abonos", "Saldo", blank="-"),
    "sides es negative": _two("FECHA", "CONCEPTO", "CARGO", "ABONO", "SALDO", sign=-1),
    "sides ec zero": _two("Fecha", "Detalle", "Débitos", "Créditos", "Saldo contable", blank="0.00"),
    "sides ca": _two("Data operació", "Data valor", "Descripció", "Càrrec", "Abonament", "Saldo"),
    "sides pt": _two("Data Mov.", "Data Valor", "Descrição", "Débito", "Crédito", "Saldo contabilístico"),
    "sides en": _two("Date", "Details", "Money out", "Money in", "Balance"),
    "signs in a column": Layout(
        header=("FECHA", "CODIGO", "CONCEPTO", "TIPO", "DOCUMENTO", "OFICINA", "MONTO", "SALDO"),
        row=lambda m, n, d: [
            d(m.day),
            "01",
            m.text,
            "C" if m.into else "D",
            m.document,
            "AG. NORTE",
            n(abs(m.amount)),
            n(m.balance),
        ],
    ),
    "signs in words": Layout(
        header=("Fecha", "Descripción", "Tipo de movimiento", "Monto", "Saldo"),
        row=lambda m, n, d: [d(m.day), m.text, "Crédito" if m.into else "Débito", n(abs(m.amount)), n(m.balance)],
    ),
    "signs as marks": Layout(
        header=("FECHA", "REFERENCIA", "DESCRIPCION", "+/-", "VALOR", "SALDO CONTABLE", "SALDO DISPONIBLE"),
        row=lambda m, n, d: [
            d(m.day),
            m.document,
            m.text,
            "(+)" if m.into else "(-)",
            n(abs(m.amount)),
            n(m.balance),
            n(m.balance - 5),
        ],
    ),
    "many columns es": Layout(
        header=(
            "F.Valor",
            "Fecha",
            "Concepto",
            "Movimiento",
            "Importe",
            "Divisa",
            "Disponible",
            "Divisa",
            "Observaciones",
        ),
        row=lambda m, n, d: [
            d(m.valued),
            d(m.day),
            m.text,
            "Pago",
            n(m.amount),
            "EUR",
            n(m.balance),
            "EUR",
            "ninguna",
        ],
    ),
    "many columns en": Layout(
        header=(
            "Type",
            "Product",
            "Started Date",
            "Completed Date",
            "Description",
            "Amount",
            "Fee",
            "Currency",
            "Balance",
        ),
        row=lambda m, n, d: [
            "CARD",
            "Current",
            d(m.day),
            d(m.day),
            m.text,
            n(m.amount),
            n(Decimal(0)),
            "EUR",
            n(m.balance),
        ],
    ),
}


def table(*parts: Sequence[Sequence[object]]) -> Table:
    """A table out of blocks of rows."""
    rows = [tuple(row) for block in parts for row in block]
    return Table(name="extracto", rows=lambda: iter(rows))
