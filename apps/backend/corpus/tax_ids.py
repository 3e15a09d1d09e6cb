"""Invents tax ids, claves de acceso and IBANs whose check digits hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stdnum.eu import vat

if TYPE_CHECKING:
    from datetime import date

    from corpus.chance import Chance

_NIF = "TRWAGMYFPDXBNJZSQVHLCKE"
_TWO_DIGITS, _TEN = 98, 10


def spanish_company(chance: Chance) -> str:
    """CIF of a limited company: control digit as of RD 2402/1985."""
    body = f"{chance.randint(1, 52):02}{chance.randint(0, 99_999):05}"
    doubled = sum(sum(divmod(2 * int(digit), _TEN)) for digit in body[::2])
    return f"{chance.choice('BBBAA')}{body}{-(doubled + sum(map(int, body[1::2]))) % _TEN}"


def spanish_person(chance: Chance) -> str:
    """NIF or, now and then, NIE."""
    if chance.likely(0.15):
        first = chance.randrange(3)
        body = f"{chance.randint(0, 9_999_999):07}"
        return "XYZ"[first] + body + _NIF[int(f"{first}{body}") % len(_NIF)]
    number = chance.randint(1_000_000, 79_999_999)
    return f"{number:08}{_NIF[number % len(_NIF)]}"


def european(chance: Chance) -> str:
    """A VAT number of a neighbouring country, found by trying."""
    shape, count = chance.choice((("DE", 9), ("PT", 9), ("FR", 11), ("IT", 11)))
    while True:
        number = shape + chance.digits(count)
        if vat.is_valid(number):
            return number


def ecuadorian_company(chance: Chance) -> str:
    """RUC of a company: third digit 9, modulo 11."""
    while True:
        body = f"{chance.randint(1, 24):02}9{chance.randint(0, 999_999):06}"
        check = -sum(int(digit) * weight for digit, weight in zip(body, (4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check < _TEN:
            return f"{body}{check}001"


def ecuadorian_person(chance: Chance) -> str:
    """Cédula: modulo 10 over alternating weights; with 001 it is a RUC."""
    body = f"{chance.randint(1, 24):02}{chance.randint(0, 5)}{chance.randint(0, 999_999):06}"
    doubled = sum(sum(divmod(int(digit) * (2 - place % 2), _TEN)) for place, digit in enumerate(body))
    return f"{body}{-doubled % _TEN}"


def clave(chance: Chance, issued: date, kind: str, ruc: str, number: str) -> str:
    """49 digits: date, type, RUC, ambiente, number, code, emission and a check digit modulo 11 (SRI ficha técnica)."""
    body = f"{issued:%d%m%Y}{kind}{ruc}2{number.replace('-', '')}{chance.digits(8)}1"
    check = -sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body))) % 11
    return f"{body}{1 if check == _TEN else check}"


def spanish_account(chance: Chance) -> str:
    """IBAN of a Spanish account with both of its own control digits."""
    bank = chance.choice(("2100", "0049", "0182", "2085", "0081", "3058", "1465"))
    branch, account = chance.digits(4), chance.digits(10)
    bban = f"{bank}{branch}{_control('00' + bank + branch)}{_control(account)}{account}"
    return f"ES{_TWO_DIGITS - int(bban + '142800') % 97:02}{bban}"


def _control(ten: str) -> int:
    rest = (
        11 - sum(int(digit) * weight for digit, weight in zip(ten, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6), strict=True)) % 11
    )
    return {11: 0, _TEN: 1}.get(rest, rest)
