"""Prints invoices and what looks like them on full pages: bands of parts from the head to the foot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpus.item_table import draw_items
from corpus.meta_parts import draw_meta, draw_title, draw_titled_meta
from corpus.paper import PAPERS, WHITE, Ink, Paper
from corpus.party_parts import (
    draw_brand,
    draw_buyer,
    draw_centred,
    draw_headed,
    draw_sender_line,
    draw_supplier,
    footer_line,
)
from corpus.setting import SMALL, Frame, Setting
from corpus.spelling import spanish
from corpus.totals_parts import draw_totals, height_of
from corpus.wording import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.chance import Chance
    from corpus.facts import Facts
    from corpus.layouts import Layout

_BANDS: Final[dict[str, tuple[tuple[tuple[str, float], ...], ...]]] = {
    "classic": ((("supplier", 0.55), ("titled", 0.45)), (("", 0.48), ("buyer", 0.52))),
    "mirror": ((("titled", 0.45), ("supplier", 0.55)), (("buyer", 0.55), ("", 0.45))),
    "letterhead": ((("supplier", 1.0),), (("titled", 0.48), ("buyer", 0.52))),
    "window": ((("sender", 1.0),), (("buyer", 0.52), ("titled", 0.48))),
    "beside": ((("title", 1.0),), (("supplier_headed", 0.5), ("buyer_headed", 0.5)), (("meta", 1.0),)),
    "centred": ((("centred", 1.0),), (("titled", 0.45), ("buyer", 0.55))),
    "brand": ((("brand", 0.5), ("titled", 0.5)), (("supplier", 0.5), ("buyer", 0.5))),
    "strip": ((("banner", 1.0),), (("supplier", 0.5), ("meta", 0.5)), (("buyer", 1.0),)),
    "meta_first": ((("titled", 1.0),), (("supplier", 0.5), ("buyer", 0.5))),
    "sidebar": ((("titled", 0.6), ("supplier", 0.4)), (("", 0.6), ("buyer", 0.4))),
    "footer_supplier": ((("brand", 0.5), ("titled", 0.5)), (("buyer", 0.6), ("", 0.4))),
    "buyer_first": ((("buyer", 0.5), ("titled", 0.5)), (("supplier", 1.0),)),
}
_NO_INVOICES: Final = frozenset({"delivery_note", "proforma"})
_IN_FOOTER: Final = frozenset({"window", "footer_supplier"})


def print_full_page(facts: Facts, layout: Layout, chance: Chance) -> tuple[bytes, Facts]:
    """The PDF, and the facts that it shows."""
    facts = _shown(facts, layout)
    setting = Setting(
        paper=Paper(PAPERS[layout.paper], layout.face),
        facts=facts,
        layout=layout,
        words=Words(chance, facts.language, held_out=layout.held_out, invoice=facts.kind not in _NO_INVOICES),
        spell=spanish(chance, facts.language),
    )
    y = _head(setting) + 14
    width = setting.paper.width - 2 * setting.paper.margin
    y = draw_items(setting, Frame(x=setting.paper.margin, y=y, width=width)) + 10
    _foot(setting, _totals(setting, y, width))
    return setting.paper.finish(), facts


def _shown(facts: Facts, layout: Layout) -> Facts:
    """Some layouts print only what is to be paid, and some no base of each rate."""
    withheld = bool(facts.withheld) and not facts.prepaid and not facts.passed_on
    bases = len(facts.taxes) == 1 or layout.totals in {"tax_table", "bottom_table"} or layout.prints_bases
    return replace(facts, gross_shown=not ((withheld and layout.id % 2 == 0) or facts.passed_on), bases_shown=bases)


def _head(setting: Setting) -> float:
    paper = setting.paper
    y, whole = paper.margin, paper.width - 2 * paper.margin
    for band in _BANDS[setting.layout.arrangement]:
        x, bottoms = paper.margin, [y]
        for part, share in band:
            if part:
                bottoms.append(_PARTS[part](setting, Frame(x=x, y=y, width=whole * share - 8)))
            x += whole * share
        y = max(bottoms) + 12
    return y


def _totals(setting: Setting, y: float, width: float) -> float:
    """At the foot of the page, or right under the lines, or on a page of their own."""
    needed = height_of(setting)
    if y + needed > setting.bottom:
        setting.paper.next_page()
        y = (
            setting.paper.text(
                setting.paper.margin, setting.paper.margin, f"{setting.title()} {setting.facts.number}", SMALL
            )
            + 10
        )
    if setting.layout.at_bottom:
        y = max(y, setting.bottom - needed)
    return draw_totals(setting, Frame(x=setting.paper.margin, y=y, width=width))


def _foot(setting: Setting, y: float) -> None:
    paper, facts, words = setting.paper, setting.facts, setting.words
    x, width = paper.margin, paper.width - 2 * paper.margin
    texts = list(facts.notes)
    if facts.iban:
        account = (
            facts.iban
            if setting.layout.id % 3
            else " ".join(facts.iban[at : at + 4] for at in range(0, len(facts.iban), 4))
        )
        texts.append(words.labelled("iban", account))
    for text in texts:
        y = paper.paragraph(x, y + 3, width * 0.6, text, SMALL)
    if facts.code and y + 70 < paper.height:
        paper.qr(x, min(y + 4, paper.height - 110), 66, facts.code)
        paper.text(x + 72, min(y + 20, paper.height - 90), "QR tributario - VERI*FACTU", SMALL)
    _last_line(setting)


def _last_line(setting: Setting) -> None:
    paper, person = setting.paper, setting.facts.supplier
    middle, y = paper.width / 2, paper.height - 34
    small = Ink(size=0.75, align="centre")
    if setting.layout.arrangement in _IN_FOOTER:
        y = paper.text(middle, y - 8, footer_line(setting), small)
    elif setting.layout.register:
        text = f"{person.name} - Inscrita en el Registro Mercantil de {person.province}, tomo 1.204, folio 88, hoja M-20311. {person.tax_id}"
        y = paper.text(middle, y - 8, text, small)
    page = setting.words("page")
    paper.text(middle, y, page.format(paper.page, paper.page), small)


def _banner(setting: Setting, frame: Frame) -> float:
    """A bar of colour with the heading in white."""
    bottom = frame.y + setting.paper.leading * 2
    setting.paper.box((frame.x, frame.y, frame.right, bottom), setting.layout.accent)
    setting.paper.text(frame.x + 6, frame.y + 4, setting.title(), Ink(size=1.5, bold=True, colour=WHITE))
    return bottom


def _supplier_headed(setting: Setting, frame: Frame) -> float:
    return draw_headed(setting, frame, "supplier")


def _buyer_headed(setting: Setting, frame: Frame) -> float:
    return draw_headed(setting, frame, "buyer")


_PARTS: Final[dict[str, Callable[[Setting, Frame], float]]] = {
    "supplier": draw_supplier,
    "buyer": draw_buyer,
    "titled": draw_titled_meta,
    "title": draw_title,
    "meta": draw_meta,
    "centred": draw_centred,
    "brand": draw_brand,
    "sender": draw_sender_line,
    "banner": _banner,
    "supplier_headed": _supplier_headed,
    "buyer_headed": _buyer_headed,
}
