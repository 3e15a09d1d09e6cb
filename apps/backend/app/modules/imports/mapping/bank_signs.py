"""The words and codes by which a column of its own says whether money came in or went out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OUT: Final = (
    "d db dr debito debit debe cargo - − egreso retiro gasto salida s nd n/d n.d. pago out debitos carrec saida"
    " withdrawal dbit negativo cargos debits (-) (−) deudor deudora"
)
_IN: Final = (
    "c cr h credito credit haber abono + ingreso deposito entrada e nc n/c n.c. a in creditos abonament deposit crdt"
    " positivo abonos credits (+) acreedor acreedora"
)
_SIGNS: Final = {**dict.fromkeys(_OUT.split(), -1), **dict.fromkeys(_IN.split(), 1)}
_SHORTEST: Final = 3
_CODES: Final[tuple[Mapping[str, int], ...]] = ({"1": -1, "2": 1}, {"-1": -1, "1": 1})
"""The debit and credit keys of the banks' own formats (AEB norma 43), and signs written out."""


def sign_of(cell: object) -> int | None:
    """-1 for money out, 1 for money in; None when the cell does not say."""
    if not isinstance(cell, str):
        return None
    word = fold_sign(cell)
    return _SIGNS.get(word) or _abbreviated(word.rstrip("."))


def fold_sign(cell: str) -> str:
    """The word of a debit/credit column without accents and case."""
    return (
        cell.strip().lower().replace("é", "e").replace("è", "e").replace("í", "i").replace("ó", "o").replace("à", "a")
    )


def code_signs(cells: Sequence[object]) -> Mapping[str, int] | None:
    """What the numbers of a column mean as signs; None when they are other numbers, or all the same and so doubtful."""
    used = {str(cell).strip() for cell in cells}
    return next((codes for codes in _CODES if used == codes.keys()), None)


def share_signed(cells: Sequence[object]) -> tuple[float, bool]:
    """The share of the cells that say a sign, and whether both signs are among them."""
    words = Counter(sign_of(cell) for cell in cells)
    return (1 - words[None] / len(cells) if cells else 0.0), words[-1] > 0 and words[1] > 0


def _abbreviated(word: str) -> int | None:
    """``CRE``, ``DEB.``, ``HAB``: the beginning of words that all mean one side."""
    if len(word) < _SHORTEST:
        return None
    meant = {sign for known, sign in _SIGNS.items() if known.startswith(word)}
    return meant.pop() if len(meant) == 1 else None
