"""Chooses what is made and in which layout, and writes it beside its truth."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import pypdfium2

from corpus import layouts, rides, statements, tickets
from corpus.bank import invent_statement
from corpus.chance import Chance
from corpus.ecuador import invent_comprobante
from corpus.full_page import print_full_page
from corpus.photograph import photograph
from corpus.spain import invent_invoice, invent_paper, invent_simplified
from corpus.truth import truth_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.facts import Facts

_SHARES: Final = {
    "page": 58,
    "ticket": 13,
    "ride": 18,
    "statement": 4,
    "proforma": 3,
    "delivery_note": 3,
    "letter": 1,
}
_PICTURE_SCALE: Final = 3.2
_FILED_APART: Final = {"proforma": "page", "delivery_note": "page", "letter": "letter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A printed document, what it states, and the layout that it is printed in."""

    layout: str
    pdf: bytes
    facts: Facts


def write_corpus(folder: Path, count: int, seed: int, *, held_out: bool, photographs: int) -> list[Path]:
    """``count`` PDFs and so many photographs of others, each with its truth; only held-out layouts, or only the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, document in enumerate(_documents(seed, count + photographs, held_out=held_out)):
        name = f"{number:04}-{document.layout}-{document.facts.kind}"
        if number >= count and len(pypdfium2.PdfDocument(document.pdf)) > 1:  # a photograph shows one page
            continue
        if number < count:
            path, content = folder / f"{name}.pdf", document.pdf
        else:
            path, content = folder / f"{name}.jpg", picture_of(document.pdf, Chance(f"photograph {seed} {number}"))
        path.write_bytes(content)
        truth = json.dumps(truth_of(document.facts), ensure_ascii=False, indent=1)
        path.with_name(f"{path.name}.truth.json").write_text(truth, encoding="utf-8")
        written.append(path)
    return written


def _documents(seed: int, count: int, *, held_out: bool) -> Iterator[Document]:
    for number in range(count):
        chance = Chance(f"document {seed} {number} {held_out}")
        yield print_document(chance, chance.weighted(_SHARES), held_out=held_out)


def print_document(chance: Chance, kind: str, *, held_out: bool) -> Document:
    """One document of a kind: page, ticket, ride, statement, proforma, delivery_note or letter."""
    if kind == "letter":
        facts = replace(invent_paper(chance, "other"), items=())
        return Document(layout="letter", pdf=statements.print_letter(facts), facts=facts)
    number = _layout_number(chance, kind, held_out=held_out)
    match kind:
        case "ticket":
            pdf, facts = tickets.print_ticket(invent_simplified(chance), number, chance)
        case "ride":
            pdf, facts = rides.print_ride(invent_comprobante(chance), number, chance)
        case "statement":
            pdf, facts = statements.print_statement(invent_statement(chance), number, chance)
        case _:
            pdf, facts = print_full_page(_for_page(chance, kind), layouts.layout_of(number), chance)
    return Document(layout=f"{_FILED_APART.get(kind, kind)}{number:02}", pdf=pdf, facts=facts)


def _for_page(chance: Chance, kind: str) -> Facts:
    return invent_paper(chance, kind) if kind in {"proforma", "delivery_note"} else invent_invoice(chance)


def _layout_number(chance: Chance, kind: str, *, held_out: bool) -> int:
    counts = {"ticket": tickets.COUNT, "ride": rides.COUNT, "statement": statements.COUNT}
    numbers = [each for each in range(counts.get(kind, layouts.COUNT)) if layouts.is_held_out(each) == held_out]
    return chance.choice(numbers)


def picture_of(pdf: bytes, chance: Chance) -> bytes:
    """The first page as a photograph."""
    bitmap = pypdfium2.PdfDocument(pdf)[0].render(scale=_PICTURE_SCALE)
    page = np.asarray(bitmap.to_pil().convert("RGB"), np.uint8)
    seen, quality = photograph(page, chance)
    _, content = cv2.imencode(".jpg", seen[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes()
