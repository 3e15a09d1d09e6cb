"""The VAT number of a party of a FatturaPA, whose country stands apart from its code (IdPaese, IdCodice)."""

from __future__ import annotations

from typing import Final

from stdnum.eu import vat

_MEMBERS: Final = frozenset(member.upper() for member in vat.MEMBER_STATES)


def vat_number(country: str | None, code: str) -> str:
    """Country and code as one; a code that has its country in front again, as some writers put it, is that already.

    A code may begin with these letters by right (France has two of them as a key): then both together are a number.
    """
    prefix = (country or "").upper()
    number = prefix + code
    repeated = prefix in _MEMBERS and code.startswith(prefix) and not vat.is_valid(number)
    return code if repeated else number
