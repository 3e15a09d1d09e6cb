"""Tickets as an OCR engine hands them over are read as a bookkeeper would."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical_json import to_json
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines
from app.modules.imports.fields.tests.tickets import TICKETS

if TYPE_CHECKING:
    from app.modules.imports.domain.page import Page

_MISREAD = """
Panificadora 0livo
0ct 3, 2016 12:16:25 PM
Bread 2.00
Total 2.00
Cash 2.00
Change 0.00
"""


def _roll(text: str) -> Page:
    page = lines(text)
    right, bottom = max(word.box.right for word in page.words), max(word.box.bottom for word in page.words)
    words = tuple(replace(word, confidence=0.98) for word in page.words)
    return replace(page, width=right + 50, height=bottom + 30, words=words, source="ocr")


@pytest.mark.parametrize("name", TICKETS)
def test_a_ticket_gives_what_it_states(name: str) -> None:
    text, stated = TICKETS[name]
    found = to_json(find_fields([_roll(text)]))
    for path, value in stated.items():
        head, _, rest = path.partition(".")
        part = found.get(head, {})
        assert (part.get(rest) if rest else part) == value, path


def test_a_zero_for_the_letter_o_spoils_neither_month_nor_name() -> None:
    document = find_fields([_roll(_MISREAD)])
    assert document.issue_date is not None
    assert document.issue_date.isoformat() == "2016-10-03"
    assert document.supplier.name == "Panificadora Olivo"
