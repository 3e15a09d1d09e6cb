"""Bank statements: Norma 43 with two accounts, CAMT.053, and a bank's own CSV export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from sources.check_digits import iban
from sources.companies import BANK, WORKSHOP
from sources.markup import Element, maker, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDTH: Final = 80
_EURO: Final = "978"
_DEBIT, _CREDIT = "1", "2"
_CAMT: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_E: Final = maker(namespace=_CAMT, nsmap={None: _CAMT})


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement; money out is negative."""

    day: date
    value: date
    amount: Decimal
    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account with the movements of a period."""

    branch: str
    number: str
    opening: Decimal
    period: tuple[date, date]
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> Decimal:
        return sum((movement.amount for movement in self.movements), self.opening)


def _march(day: int) -> date:
    return date(2026, 3, day)


def _movement(day: int, amount: str, text: str, reference: str = "") -> Movement:
    return Movement(_march(day), _march(day), Decimal(amount), text, reference)


_MARCH: Final = (_march(1), _march(31))
_CURRENT: Final = Account(
    branch="0101",
    number="0000314159",
    opening=Decimal("4210.55"),
    period=_MARCH,
    movements=(
        _movement(2, "-835.00", "ALQUILER NAVE MARZO", "RECIBO 0326"),
        _movement(9, "1815.00", "TRANSFERENCIA HOSTAL MIRADOR", "FRA 2026-021"),
        _movement(12, "-1181.90", "TRANSFERENCIA NURIA VEGA SOLANO", "NV2026-007"),
        _movement(27, "-1340.12", "NOMINAS MARZO"),
    ),
)
_SAVINGS: Final = Account(
    branch="0101",
    number="0000926535",
    opening=Decimal("12000.00"),
    period=_MARCH,
    movements=(_movement(15, "3.08", "INTERESES"), _movement(31, "-500.00", "TRASPASO A CUENTA CORRIENTE")),
)
_CARDS: Final = Account(
    branch="0707",
    number="0000358979",
    opening=Decimal("915.20"),
    period=(date(2026, 2, 1), date(2026, 2, 28)),
    movements=(
        Movement(date(2026, 2, 4), date(2026, 2, 3), Decimal("-49.90"), "Compra con tarjeta, ferretería", "C-5521"),
        Movement(date(2026, 2, 11), date(2026, 2, 11), Decimal("1210.00"), "Cobro factura 2026-018", "2026-018"),
        Movement(date(2026, 2, 27), date(2026, 2, 27), Decimal("-6.50"), "Comisión de mantenimiento", "COM-02"),
    ),
)
_BRANCH: Final = Account(
    branch="0808",
    number="0000979323",
    opening=Decimal("2480.00"),
    period=(date(2026, 1, 1), date(2026, 1, 31)),
    movements=(
        Movement(date(2026, 1, 7), date(2026, 1, 7), Decimal("-118.40"), "RECIBO TELEFONIA"),
        Movement(date(2026, 1, 13), date(2026, 1, 13), Decimal("1694.00"), "TRANSFERENCIA TALLER PEÑA"),
        Movement(date(2026, 1, 20), date(2026, 1, 21), Decimal("-1250.75"), "LIQUIDACION TARJETA"),
        Movement(date(2026, 1, 30), date(2026, 1, 30), Decimal("-12.00"), "COMISION TRANSFERENCIA"),
    ),
)


def norma43() -> bytes:
    """Two accounts in one file; Latin-1, one record a line."""
    records = [record for account in (_CURRENT, _SAVINGS) for record in _account_records(account)]
    records.append(f"88{'9' * 18}{len(records):06d}")
    assert all(len(record) <= _WIDTH for record in records)
    return "".join(f"{record:<{_WIDTH}}\r\n" for record in records).encode("latin-1")


def _account_records(account: Account) -> Iterable[str]:
    first, last = account.period
    place = f"{BANK}{account.branch}{account.number}"
    holder = WORKSHOP.name.upper().replace(",", "").replace(".", "")[:26]
    yield f"11{place}{first:%y%m%d}{last:%y%m%d}{_signed(account.opening)}{_EURO}3{holder:<26}"
    for movement in account.movements:
        days = f"{movement.day:%y%m%d}{movement.value:%y%m%d}"
        yield f"22    {account.branch}{days}12345{_signed(movement.amount)}{0:010d}{'':12}{movement.reference:<16}"
        yield f"2301{movement.text:<38}{'':38}"
    paid = [m.amount for m in account.movements if m.amount < 0]
    received = [m.amount for m in account.movements if m.amount >= 0]
    sides = f"{_counted(paid)}{_counted(received)}"
    yield f"33{place}{sides}{_signed(account.closing)}{_EURO}"


def _counted(amounts: Sequence[Decimal]) -> str:
    return f"{len(amounts):05d}{_cents(abs(sum(amounts, Decimal(0))))}"


def _signed(amount: Decimal) -> str:
    return f"{_DEBIT if amount < 0 else _CREDIT}{_cents(abs(amount))}"


def _cents(amount: Decimal) -> str:
    return f"{int(amount * 100):014d}"


def camt053() -> bytes:
    """One statement in version 8."""
    account = _CARDS
    first, last = account.period
    statement = _E.Stmt(
        _E.Id("2026-02"),
        _E.CreDtTm("2026-03-01T06:00:00+01:00"),
        _E.FrToDt(_E.FrDtTm(f"{first}T00:00:00+01:00"), _E.ToDtTm(f"{last}T23:59:59+01:00")),
        _E.Acct(
            _E.Id(_E.IBAN(iban(BANK, account.branch, account.number))), _E.Ccy("EUR"), _E.Ownr(_E.Nm(WORKSHOP.name))
        ),
        _balance("OPBD", account.opening, first),
        _balance("CLBD", account.closing, last),
        *(_entry(movement) for movement in account.movements),
    )
    header = _E.GrpHdr(_E.MsgId("STMT-2026-02"), _E.CreDtTm("2026-03-01T06:00:00+01:00"))
    root = _E.Document(_E.BkToCstmrStmt(header, statement))
    return written(root)


def _balance(code: str, amount: Decimal, day: date) -> Element:
    return _E.Bal(_E.Tp(_E.CdOrPrtry(_E.Cd(code))), *_money(amount), _E.Dt(_E.Dt(day.isoformat())))


def _entry(movement: Movement) -> Element:
    return _E.Ntry(
        *_money(movement.amount),
        _E.Sts(_E.Cd("BOOK")),
        _E.BookgDt(_E.Dt(movement.day.isoformat())),
        _E.ValDt(_E.Dt(movement.value.isoformat())),
        _E.AcctSvcrRef(movement.reference),
        _E.BkTxCd(_E.Prtry(_E.Cd("012"))),
        _E.NtryDtls(_E.TxDtls(_E.Refs(_E.EndToEndId("NOTPROVIDED")), _E.RmtInf(_E.Ustrd(movement.text)))),
    )


def _money(amount: Decimal) -> tuple[Element, Element]:
    return _E.Amt(str(abs(amount)), Ccy="EUR"), _E.CdtDbtInd("DBIT" if amount < 0 else "CRDT")


def csv_export() -> bytes:
    """As many Spanish banks export it: a preamble, ``;``, decimal comma, newest first, Latin-1."""
    account = _BRANCH
    balances = list(accumulate((m.amount for m in account.movements), initial=account.opening))[1:]
    first, last = account.period
    lines = [
        "Consulta de movimientos;;;;",
        f"Cuenta:;{iban(BANK, account.branch, account.number)};;;",
        f"Titular:;{WORKSHOP.name};;;",
        f"Periodo:;{first:%d/%m/%Y} - {last:%d/%m/%Y};;;",
        ";;;;",
        "Fecha operación;Fecha valor;Concepto;Importe;Saldo",
    ]
    for movement, balance in reversed(list(zip(account.movements, balances, strict=True))):
        days = f"{movement.day:%d/%m/%Y};{movement.value:%d/%m/%Y}"
        lines.append(f"{days};{movement.text};{_comma(movement.amount)};{_comma(balance)}")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def _comma(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
