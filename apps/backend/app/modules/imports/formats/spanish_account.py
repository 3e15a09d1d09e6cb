"""The Spanish account number: the control digits of the código cuenta cliente and the IBAN that follow from its parts.

Control digits: AEB, "Formato del código cuenta cliente"; IBAN: ISO 13616, mod 97 of ISO 7064.
"""

from __future__ import annotations

_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
_ES_AND_00 = "142800"
_LENGTHS = (4, 4, 10)


def iban_of(bank: str, branch: str, account: str) -> str | None:
    """The IBAN of bank (4 digits), branch (4) and account (10) without control digits; None when they are not that."""
    parts = (bank, branch, account)
    if not all(len(p) == n and p.isascii() and p.isdigit() for p, n in zip(parts, _LENGTHS, strict=True)):
        return None
    code = f"{bank}{branch}{_control(f'00{bank}{branch}')}{_control(account)}{account}"
    return f"ES{98 - int(code + _ES_AND_00) % 97:02d}{code}"


def _control(digits: str) -> int:
    rest = 11 - sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11
    return {10: 1, 11: 0}.get(rest, rest)
