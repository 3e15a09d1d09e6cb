"""The two letters before a VAT number (Directive 2006/112/EC, art. 215): the member states, Greece and Northern Ireland
with letters of their own.
"""

from __future__ import annotations

from typing import Final

# fmt: off
EU_PREFIXES: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
})
# fmt: on
