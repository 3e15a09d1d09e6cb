"""Pages as JSON and back, small enough to keep for every document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Code, Page, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def pages_to_json(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """A word is ``[text, left, top, right, bottom, confidence, line]``, and ``true`` after it where it was drawn on
    a page of text; a code is ``[symbology, text, left … bottom]``.
    """
    return [
        {
            "number": page.number,
            "width": page.width,
            "height": page.height,
            "source": page.source,
            "words": [_word(w) for w in page.words],
            "codes": [[c.symbology, c.text, *_box(c.box)] for c in page.codes],
            "notes": list(page.notes),
        }
        for page in pages
    ]


def pages_from_json(data: Iterable[Mapping[str, Any]]) -> list[Page]:
    """What ``pages_to_json`` wrote."""
    return [
        Page(
            number=page["number"],
            width=page["width"],
            height=page["height"],
            source=page["source"],
            words=tuple(Word(w[0], Box(*w[1:5]), *w[5:8]) for w in page["words"]),
            codes=tuple(Code(c[0], c[1], Box(*c[2:6])) for c in page["codes"]),
            notes=tuple(page.get("notes", ())),
        )
        for page in data
    ]


def _word(word: Word) -> list[Any]:
    plain = [word.text, *_box(word.box), round(word.confidence, 3), word.line]
    return [*plain, True] if word.drawn else plain


def _box(box: Box) -> list[float]:
    return [round(edge, 1) for edge in (box.left, box.top, box.right, box.bottom)]
