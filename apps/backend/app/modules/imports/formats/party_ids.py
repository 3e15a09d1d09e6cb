"""Numbers by which an electronic invoice knows a party."""

from __future__ import annotations

from app.modules.imports.formats.printed_values import tax_id_form


def party_id(text: str | None) -> str | None:
    """A tax or register number in normal form. Where one may stand, Norway and Sweden also want words of the law
    ("Foretaksregisteret", "Godkänd för F-skatt"; Peppol NO-R-002, SE-R-005); a number has a digit.
    """
    form = tax_id_form(text)
    return form if form and any(map(str.isdigit, form)) else None
