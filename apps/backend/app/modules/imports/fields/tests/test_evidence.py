"""Evidence says how a value was read: from the text layer, or drawn where the page has none."""

from __future__ import annotations

from dataclasses import replace

from app.modules.imports.domain.page_json import pages_from_json, pages_to_json
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_PAGE = """
Talleres Alba, S.L.
NIF B70403027
FACTURA Nº F-2025/118
Fecha 03/03/2025
Base imponible 100,00
IVA 21 % 21,00
Total 121,00
"""


def test_words_drawn_on_a_page_of_text_are_not_called_text() -> None:
    page = lines(_PAGE)
    letterhead = tuple(replace(word, drawn=word.box.top < 60) for word in page.words)
    evidence = find_fields([replace(page, words=letterhead)]).evidence
    assert evidence["supplier.name"].source == evidence["supplier.tax_id"].source == "ocr"
    assert evidence["invoice_number"].source == evidence["totals.gross"].source == "text"


def test_stored_pages_remember_which_words_were_drawn() -> None:
    page = lines(_PAGE)
    page = replace(page, words=(replace(page.words[0], drawn=True), *page.words[1:]))
    assert [word.drawn for word in pages_from_json(pages_to_json([page]))[0].words[:2]] == [True, False]
