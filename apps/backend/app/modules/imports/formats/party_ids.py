"""Numbers by which an electronic invoice knows a party."""

from __future__ import annotations

from typing import Final

from app.modules.imports.formats.printed_values import tax_id_form

_LONGEST_WITHOUT_DIGIT: Final = 4
"""What stands where a number was masked (``XX``, ``n/a``) is shown as it is; words of the law are longer."""


def party_id(text: str | None) -> str | None:
    """A tax or register number in normal form. Where one may stand, Norway and Sweden also want words of the law
    ("Foretaksregisteret", "Godkänd för F-skatt"; Peppol NO-R-002, SE-R-005), which have no digit.
    """
    form = tax_id_form(text)
    return form if form and (len(form) <= _LONGEST_WITHOUT_DIGIT or any(map(str.isdigit, form))) else None
