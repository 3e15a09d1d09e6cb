"""Whether a table of days, texts and sums is a bank's: a cash book and a list of what was spent have the same columns.

A bank's export often names no account. So nothing is asked of it as long as nothing says otherwise; where something
does, the account, the value dates or the texts that only a bank writes still make it a bank's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.bank_headings import fold_heading
from app.modules.imports.mapping.bank_row_kinds import cell
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.mapping.bank_document import Sheet

    Row = tuple[object, ...]

_CASH_BOOK: Final = re.compile(
    r"\b(libro|diario|arqueo|control|hoja|movimientos|registro|planilla|parte) (diario )?caja\b"
    r"|\bcaja (chica|menor|fuerte|general|diaria|efectivo|metalico)\b|^caja( diario| \d+)*$|\b57\d* caja\b"
    r"|\b(fondo (fijo|rotativo|caja)|petty cash|cash ?book|cash box|llibre caixa|livro caixa|fundo maneio)\b"
)
_CASH: Final = re.compile(r"\b(caja|efectivo|cash|metalico)\b(?! (rural|ahorros?)\b)")
_BANK: Final = re.compile(
    r"\b(bancos?|bancari[oa]s?|banca|bank\w*|extracto|extracte|extrato|estado cuentas?"
    r"|cuentas? (corriente|ahorros?|bancaria)|movimientos (cuenta|cta)|statement|iban|swift|bic"
    r"|ahorros?|libreta|mutualista|credit union)\b"
)
_IN: Final = re.compile(
    r"^(importe |total )?(entradas?|ingresos?|cobros?|ingressos?|cash in|income)( caja| efectivo)?$"
)
_OUT: Final = re.compile(
    r"^(importe |total )?(salidas?|gastos?|egresos?|pagos?|despesas|despeses|saidas?|sortides|cash out|expenses?)"
    r"( caja| efectivo)?$"
)
_OF_BANKS: Final = re.compile(
    r"\b(transf\w*|trf|traspasos?|bizum|(compra|pago|cargo) (con )?tarj\w*|tarj\w* [0-9x]{4}|cajeros?|atm|sepa|swift"
    r"|iban|wire|comision\w*|fees?|interes(es)?|interests?|domicili\w*|adeudos?|nominas?|payroll|salary|remesas?|cheques?|check"
    r"|ach|spi|direct debit|standing order|notas? (debito|credito)|prestamo|hipoteca|withdrawal|bank\w*|banco)\b"
)
_ACCOUNT: Final = re.compile(r"[0-9]{4}.*[0-9]{4}|[*xX•]{2} ?[0-9]{3,4}")
"""Of a bank; the number of an account in the books is shorter."""
_ENOUGH: Final = 0.2
_LONGEST_TITLE: Final = 80
_FILE_ENDING: Final = re.compile(r"\.[A-Za-z]{2,5}$")


def is_no_banks(sheet: Sheet, name: str, above: Sequence[Row]) -> bool:
    """Whether something says that the table is not a bank's, and nothing that it is. ``name`` is the file's or the
    sheet's, ``above`` what stands over the headings.
    """
    titles = list(_titles(name, above))
    if sheet.preamble.iban is not None or _names_account(sheet):
        return False
    if any(map(_CASH_BOOK.search, titles)):
        return True
    if sheet.preamble.account_number is not None or any(map(_BANK.search, titles)) or _is_overdrawn(sheet):
        return False
    is_doubtful = any(map(_CASH.search, titles)) or _is_headed_as_cash(sheet) or _is_spent(sheet)
    return is_doubtful and not _is_worded_as_banks(sheet)


def are_cash_headings(headings: Sequence[str]) -> bool:
    """Whether folded headings have a column for what came into a cash box and one for what went out."""
    return any(map(_IN.search, headings)) and any(map(_OUT.search, headings))


def _titles(name: str, above: Sequence[Row]) -> Iterator[str]:
    yield fold_header(_FILE_ENDING.sub("", name).replace("_", " "))
    for row in above:
        yield from (fold_header(text) for text in row if isinstance(text, str) and len(text) <= _LONGEST_TITLE)


def _names_account(sheet: Sheet) -> bool:
    """A column of value dates, or one that names the account of each row."""
    booking, value = sheet.columns.dates
    named = (cell(movement.row, sheet.columns.account) for movement in sheet.movements)
    return (booking is not None and value is not None) or any(_ACCOUNT.search(printed(text)) for text in named)


def _is_overdrawn(sheet: Sheet) -> bool:
    """A cash box has never less than nothing in it."""
    return any(balance is not None and balance < 0 for balance in sheet.money.balances)


def _is_headed_as_cash(sheet: Sheet) -> bool:
    columns = sheet.columns
    if columns.amount is None:
        sides = (columns.debit, columns.credit)
        return are_cash_headings([fold_heading(cell(tuple(sheet.header), side)) for side in sides])
    words = {fold_heading(cell(movement.row, columns.signs)) for movement in sheet.movements} - {""}
    return bool(words) and all(_IN.search(word) or _OUT.search(word) for word in words)


def _is_spent(sheet: Sheet) -> bool:
    """Sums without signs and without a balance: what was spent, mostly."""
    is_bare = sheet.columns.signs is None and not sheet.columns.balances and sheet.opening is None
    return is_bare and sheet.money.signs_unstated


def _is_worded_as_banks(sheet: Sheet) -> bool:
    places = sheet.columns.descriptions
    texts = ([cell(movement.row, place) for place in places] for movement in sheet.movements)
    worded = sum(1 for row in texts if any(map(_is_of_banks, row)))
    return worded >= _ENOUGH * len(sheet.movements)


def _is_of_banks(text: object) -> bool:
    return isinstance(text, str) and bool(_OF_BANKS.search(fold_header(text)))
