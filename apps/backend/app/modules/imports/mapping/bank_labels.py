"""Texts that name a balance or a total instead of a movement, so that they stand for no movement of their own."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from app.modules.imports.mapping.vocabulary import fold_header

_LOOSE: Final = re.compile(r"\s*(sub)?total|\s*suma|\s*saldo|\s*(opening|closing|ending) balance", re.IGNORECASE)
OPENING: Final = re.compile(
    r"\b(saldo|balance)\b.*\b(inicial|anterior|previo|opening|start\w*|apertura)\b"
    r"|\b(opening|starting|beginning|initial|previous) balance\b"
)
CLOSING: Final = re.compile(
    r"^(saldo|balance|(saldo|balance)( al| at)? (actual|final|contable|cierre|fecha|fin|end)"
    r"|(closing|ending|current|final) balance)( periodo| period| cuenta)?$"
)
_TELLING: Final = re.compile(r"total|suma|saldo|balance", re.IGNORECASE)
_TOTAL: Final = re.compile(r"\b(sub)?total(es|s)?\b|\bsumas?\b")
_DATE: Final = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_LONGEST: Final = 60
_VOCABULARY: Final = (
    "total totales totals subtotal subtotales suma sumas saldo saldos balance importe importes movimientos operaciones"
    " transacciones cargo cargos abono abonos debito debitos credito creditos debe haber ingresos gastos pagos retiros"
    " depositos entradas salidas general generales final inicial anterior previo actual apertura cierre contable"
    " disponible sigue siguen fecha al pagina hoja cuenta extracto dia diario mes mensual semana ano periodo parcial"
    " acumulado transporte arrastre opening closing ending starting beginning initial previous current available period"
    " month day page account debit debits credit credits amount transactions movements brought carried forward"
    " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_WORDS: Final = frozenset(_VOCABULARY.split())
_DAY_OR_YEAR: Final = re.compile(r"[0-9]{1,2}|(19|20)[0-9]{2}")


class Label(Enum):
    """What a text names."""

    OPENING = auto()
    CLOSING = auto()
    TOTAL = auto()
    BALANCE = auto()
    """Another balance: what is available, what a page carries over."""


def read_label(text: object) -> Label | None:
    """What a text of nothing but words of balances and totals names: a movement may begin with one of them
    (``TOTAL ENERGIES``, ``SUMA GESTION TRIBUTARIA``), but says more.
    """
    words = _fold(text)
    if words and _is_label(words):
        named = ((Label.OPENING, OPENING), (Label.CLOSING, CLOSING), (Label.TOTAL, _TOTAL))
        return next((label for label, pattern in named if pattern.search(words)), Label.BALANCE)
    return None


def is_opening(cell: object) -> bool:
    """Whether the text announces an opening balance."""
    return bool(OPENING.search(fold_header(cell))) if isinstance(cell, str) else False


def begins_as_label(cell: object) -> bool:
    """Whether a text at least begins as a balance or a total: enough where nothing else makes its row a movement."""
    return isinstance(cell, str) and bool(_LOOSE.match(cell))


def _is_label(words: str) -> bool:
    split = words.split()
    named = any(word in ("saldo", "saldos", "balance") for word in split) or bool(_TOTAL.search(words))
    return named and all(word in _WORDS or _DAY_OR_YEAR.fullmatch(word) for word in split)


def _fold(text: object) -> str:
    if not isinstance(text, str) or len(text) > _LONGEST or not _TELLING.search(text):
        return ""
    return fold_header(_DATE.sub(" ", text))
