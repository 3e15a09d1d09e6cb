"""Ecuadorian tax ids: cédula and RUC (Ley del RUC; Reglamento, art. 4), and the SRI's number of the final consumer."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from stdnum.ec import ci

FINAL_CONSUMER: Final = "9999999999999"
SHAPE: Final = re.compile(r"[0-9]{10}|[0-9]{13}")
"""What looks like a cédula or a RUC, valid or not."""
_SEPARATORS: Final = re.compile(r"[\s.\-/]")
_CEDULA: Final = re.compile(r"[0-9]{10}")
_RUC: Final = re.compile(r"[0-9]{10}(?!000)[0-9]{3}")
_PROVINCES: Final = frozenset(f"{province:02}" for province in (*range(1, 25), 30, 50))
"""24 provinces; 30 and 50 for the registered abroad (unconfirmed)."""
_PUBLIC_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_COMPANY_WEIGHTS: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def bare(text: str) -> str:
    """Upper case, without separators and without a leading ``EC``."""
    return _SEPARATORS.sub("", text).upper().removeprefix("EC")


@lru_cache(maxsize=16_384)
def tax_id(text: str) -> str | None:
    """The normal form of a cédula or RUC, the final consumer's number included; None for anything else.

    python-stdnum is asked for cédulas only: its RUC demands a check digit of companies, and the SRI issues RUCs that
    have none (its issue 497): third digits 6 and 9 are judged by structure, and ``check_digit_holds`` says the rest.
    """
    number = bare(text)
    if number == FINAL_CONSUMER or (_CEDULA.fullmatch(number) and _cedula_holds(number)):
        return number
    if not _RUC.fullmatch(number) or number[:2] not in _PROVINCES:
        return None
    if number[2] in "69":
        return number
    return number if number[2] in "012345" and _cedula_holds(number[:10]) else None


def check_digit_holds(number: str) -> bool:
    """Whether some published algorithm confirms a number in normal form; false is no proof that a RUC is wrong."""
    if _CEDULA.fullmatch(number) or number == FINAL_CONSUMER:
        return True
    if number[2] == "9":
        return _sums_to_zero(number, _COMPANY_WEIGHTS) or _sums_to_zero(number, _PUBLIC_WEIGHTS)
    return _cedula_holds(number[:10]) or (number[2] == "6" and _sums_to_zero(number, _PUBLIC_WEIGHTS))


def _cedula_holds(number: str) -> bool:
    return number[:2] in _PROVINCES and bool(ci.is_valid(number))


def _sums_to_zero(number: str, weights: tuple[int, ...]) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False)) % 11 == 0
