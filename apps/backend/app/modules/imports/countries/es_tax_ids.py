"""Spanish tax ids: NIF, NIE and the former CIF, each with its check digit (RD 1065/2007; Orden EHA/451/2008)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from stdnum.es import cif, dni, nie

SHAPE: Final = re.compile(r"[0-9A-Z][0-9]{7}[0-9A-Z]")
"""What looks like a Spanish tax id, valid or not."""
_SEPARATORS: Final = re.compile(r"[\s.\-/]")
_PERSON: Final = re.compile(r"[0-9]{8}[A-Z]")
_SHORT_PERSON: Final = re.compile(r"[0-9]{7}[A-Z]")
"""A number below ten million, as it stands on old cards: without the leading zero."""
_FOREIGNER: Final = re.compile(r"[XYZ][0-9]{7}[A-Z]")
_OTHER_PERSON: Final = re.compile(r"[KLM][0-9]{7}[A-Z]")
_ENTITY: Final = re.compile(r"[ABCDEFGHJNPQRSUVW][0-9]{7}[0-9A-J]")
_LETTER_CONTROL: Final = frozenset("PQRSNW")
_DIGIT_CONTROL: Final = frozenset("ABEH")
_NOT_RESIDENT: Final = "00"
"""First digits of an entity of another country; until Orden EHA/451/2008 such shared the kinds of the Spanish ones, and
a letter as control told them apart.
"""
_PREFIXED_LENGTH: Final = 11


def bare(text: str) -> str:
    """Upper case, without separators and without the ``ES`` of a VAT number."""
    number = _SEPARATORS.sub("", text).upper()
    return number[2:] if len(number) == _PREFIXED_LENGTH and number.startswith("ES") else number


@lru_cache(maxsize=16_384)
def tax_id(text: str) -> str | None:
    """The normal form of a Spanish tax id whose check digit holds; None for anything else."""
    number = bare(text)
    if _SHORT_PERSON.fullmatch(number):
        number = f"0{number}"
    return number if _holds(number) else None


def _holds(number: str) -> bool:
    # python-stdnum computes the check digits; its own validate() is not used, because it lets a trailing line end pass
    # and takes digit or letter as control of any entity, where the law says which of the two.
    if _PERSON.fullmatch(number):
        return bool(dni.calc_check_digit(number[:-1]) == number[-1])
    if _FOREIGNER.fullmatch(number):
        return bool(nie.calc_check_digit(number[:-1]) == number[-1])
    if _OTHER_PERSON.fullmatch(number):
        return bool(dni.calc_check_digit(number[1:-1]) == number[-1])
    return bool(_ENTITY.fullmatch(number)) and number[-1] in _entity_controls(number)


def _entity_controls(number: str) -> str:
    digit_and_letter = str(cif.calc_check_digits(number[:-1]))
    if number[0] in _LETTER_CONTROL:
        return digit_and_letter[1:]
    one_of_both = number[0] not in _DIGIT_CONTROL or number[1:].startswith(_NOT_RESIDENT)
    return digit_and_letter if one_of_both else digit_and_letter[:1]
