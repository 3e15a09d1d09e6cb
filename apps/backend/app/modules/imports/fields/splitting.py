"""Tells where on the pages of one file a document ends and the next begins; unsure, it keeps them together and says so.

A delivery note among the pages of an invoice belongs to it, and is left out when the invoice is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.page_facts import PageFacts, read_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.domain.page import Page

SUSPECTED: Final = "several_documents_suspected"
_ENOUGH: Final = 2
_SHORT: Final = 4
_MOST_PAGES: Final = 300
"""Each is read on its own, which takes a twentieth of a second; the stage has thirty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The pages of one document."""

    first: int
    last: int
    """Numbers of its first and last page in the file."""
    pages: tuple[Page, ...]
    """Those that state its values: without the delivery notes that come with an invoice."""
    suspected: bool
    """There may be more than one document on them."""


class _Verdict(Enum):
    SAME = "same"
    NEW = "new"
    UNSURE = "unsure"


@dataclass(slots=True)
class _Draft:
    """A document while its pages are being gathered."""

    facts: list[PageFacts] = field(default_factory=list)
    suspected: bool = False

    def stating(self) -> list[PageFacts]:
        """Without what is only attached."""
        trade = any(each.is_trade for each in self.facts)
        return [each for each in self.facts if not (trade and each.kind is DocumentType.DELIVERY_NOTE)]

    def bundle(self) -> Bundle:
        return Bundle(
            first=self.facts[0].page.number,
            last=self.facts[-1].page.number,
            pages=tuple(each.page for each in self.stating()),
            suspected=self.suspected,
        )


def split_pages(pages: Sequence[Page]) -> tuple[Bundle, ...]:
    """The documents on the pages of a file, in order; never none."""
    if not 1 < len(pages) <= _MOST_PAGES:
        many = len(pages) > 1
        return (Bundle(first=pages[0].number, last=pages[-1].number, pages=tuple(pages), suspected=many),)
    drafts = [_Draft()]
    for facts in map(read_facts, pages):
        verdict = _judge(drafts[-1], facts) if drafts[-1].facts else _Verdict.SAME
        if verdict is _Verdict.NEW:
            drafts.append(_Draft())
        drafts[-1].facts.append(facts)
        drafts[-1].suspected |= verdict is _Verdict.UNSURE
    return tuple(draft.bundle() for draft in drafts)


def _judge(draft: _Draft, page: PageFacts) -> _Verdict:
    """Whether a page begins another document than the one gathered so far."""
    before = draft.stating()
    keys = {each.key for each in before if each.key}
    if page.key and keys and page.key not in keys:
        return _Verdict.NEW
    attached = page.kind is DocumentType.DELIVERY_NOTE and any(each.is_trade for each in before)
    only_attachments = all(each.kind is DocumentType.DELIVERY_NOTE for each in draft.facts)
    if attached or (only_attachments and page.is_trade):
        return _Verdict.SAME
    apart = _apart(before, page)
    if not apart:
        return _Verdict.SAME
    if _belongs(draft.facts[-1], before, page):
        return _Verdict.UNSURE if apart >= _ENOUGH else _Verdict.SAME
    return _Verdict.NEW if apart >= _ENOUGH else _Verdict.UNSURE


def _belongs(last: PageFacts, before: Sequence[PageFacts], page: PageFacts) -> bool:
    """Same number or code, the page counted on, or a sum carried over."""
    same_number = page.number is not None and any(_same(page.number, each.number) for each in before)
    same_key = page.key is not None and any(page.key == each.key for each in before)
    return same_number or same_key or _counts_on(last, page) or page.brings or last.carries


def _counts_on(last: PageFacts, page: PageFacts) -> bool:
    if last.marker is None or page.marker is None:
        return False
    return page.marker == (last.marker[0] + 1, last.marker[1])


def _apart(before: Sequence[PageFacts], page: PageFacts) -> int:
    """How much speaks for another document; two are enough."""
    return (
        _restarted(before, page)
        + _other_number(before, page)
        + _other_supplier(before, page)
        + _other_account(before, page)
        + _other_total(before, page)
    )


def _restarted(before: Sequence[PageFacts], page: PageFacts) -> int:
    if page.marker is None or page.marker[0] != 1:
        return 0
    return _ENOUGH if any(each.marker for each in before) else 1


def _other_number(before: Sequence[PageFacts], page: PageFacts) -> int:
    """Enough where a document has come to its total and no digit can be misread: in a text layer."""
    numbers = [each.number for each in before if each.number]
    if page.number is None or not numbers or any(_same(page.number, each) for each in numbers):
        return 0
    ended = any(each.ends for each in before)
    printed = page.page.source == "text" and before[-1].page.source == "text"
    return _ENOUGH if ended and printed and page.is_trade else 1


def _other_supplier(before: Sequence[PageFacts], page: PageFacts) -> int:
    suppliers = {each.supplier for each in before if each.supplier}
    if page.supplier is None or not suppliers or page.supplier in suppliers:
        return 0
    return _ENOUGH if page.total is not None or page.number else 1


def _other_account(before: Sequence[PageFacts], page: PageFacts) -> int:
    accounts = {each.account for each in before if each.account}
    return _ENOUGH if page.account and accounts and page.account not in accounts else 0


def _other_total(before: Sequence[PageFacts], page: PageFacts) -> int:
    """A second total that is the sum of its parts, where one has stood already."""
    totals = {each.total for each in before if each.proven}
    return 1 if page.proven and totals and page.total not in totals else 0


def _same(one: str, other: str | None) -> bool:
    """Equal, or the same with its series left out."""
    if other is None:
        return False
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= _SHORT and longer.endswith(shorter))
