"""Tells the currency from the signs and codes printed with amounts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from app.modules.imports.fields.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.money import Money

_CODES = re.compile(r"\b(EUR|USD|GBP|CHF|MXN|COP|PEN|CLP|ARS|BRL|CAD|AUD|JPY|SEK|NOK|DKK|PLN|MYR)\b")
_WORDS = {"euro": "EUR", "euros": "EUR", "dolares": "USD", "dollars": "USD", "rm": "MYR"}
_SIGNED = {"€": "EUR", "£": "GBP", "$": "USD"}


def find_currency(sheet: Sheet, money: Iterable[Money]) -> str | None:
    """The currency printed most; None when none is printed."""
    counts = Counter(each.amount.currency for each in money if each.amount.currency)
    for row in sheet.rows:
        counts.update(_CODES.findall(row.text))
        counts.update(code for sign, code in _SIGNED.items() if sign in row.text)
        counts.update(_WORDS[word] for word in re.findall(r"[a-z]+", fold(row.text)) if word in _WORDS)
    return counts.most_common(1)[0][0] if counts else None
