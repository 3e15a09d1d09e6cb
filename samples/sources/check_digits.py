"""Check digits of the invented tax ids, accounts and access keys of the samples.

Written apart from the application on purpose: the samples are a second opinion on its arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NIF_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"


def nif(number: int) -> str:
    """A Spanish person's NIF."""
    return f"{number:08d}{_NIF_LETTERS[number % 23]}"


def cif(letter: str, number: int) -> str:
    """A Spanish company's NIF. Province code 00 is given to nobody, so ``number`` below 100 000 is safely invented."""
    digits = f"{number:07d}"
    doubled = (divmod(2 * int(digit), 10) for digit in digits[0::2])
    total = sum(int(digit) for digit in digits[1::2]) + sum(tens + units for tens, units in doubled)
    return f"{letter}{digits}{-total % 10}"


def ruc_of_company(stem: str) -> str:
    """An Ecuadorian company's RUC from its first nine digits (the third is 9): modulo 11."""
    remainder = _weighted(stem, (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if remainder == 1:
        raise ValueError(f"{stem} has no check digit")
    return f"{stem}{-remainder % 11}001"


def ruc_of_person(stem: str) -> str:
    """An Ecuadorian person's RUC from the first nine digits of the cédula: modulo 10."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(stem))
    return f"{stem}{-total % 10}001"


def iban(bank: str, branch: str, account: str) -> str:
    """A Spanish IBAN with both the national check digits and those of ISO 13616."""
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    control = "".join(
        {10: "1", 11: "0"}.get(check, str(check))
        for check in (11 - _weighted(part, weights) % 11 for part in (f"00{bank}{branch}", account))
    )
    bban = f"{bank}{branch}{control}{account}"
    return f"ES{98 - int(f'{bban}142800') % 97:02d}{bban}"


def access_key(digits: str) -> str:
    """The 49 digits of a clave de acceso from its first 48: modulo 11, weights 2 to 7 from the right."""
    check = 11 - _weighted(digits[::-1], (2, 3, 4, 5, 6, 7) * 8) % 11
    return digits + {11: "0", 10: "1"}.get(check, str(check))


def ean13(stem: str) -> str:
    """A GTIN-13 from its first twelve digits."""
    return f"{stem}{-_weighted(stem, (1, 3) * 6) % 10}"


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
