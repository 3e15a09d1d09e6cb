"""The markup of OFX, where SGML leaves out the end tags of values and XML does not: one reading for both.

Nothing is expanded but the characters that OFX escapes, so declarations and entities in a file have no effect.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"<(/?)(?:\w+:)?([A-Za-z][\w.\-]*)[^<>]*>([^<]*)")
_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_STATEMENTS = ("STMTRS", "CCSTMTRS")
_PARENTS = {
    "STMTRS": (),
    "CCSTMTRS": (),
    "BANKACCTFROM": _STATEMENTS,
    "CCACCTFROM": _STATEMENTS,
    "BANKTRANLIST": _STATEMENTS,
    "LEDGERBAL": _STATEMENTS,
    "AVAILBAL": _STATEMENTS,
    "BALLIST": _STATEMENTS,
    "BANKTRANLISTP": _STATEMENTS,
    "STMTTRN": ("BANKTRANLIST", *_STATEMENTS),
    "PAYEE": ("STMTTRN",),
    "EXTDPAYEE": ("STMTTRN",),
    "BANKACCTTO": ("STMTTRN",),
    "CCACCTTO": ("STMTTRN",),
    "CURRENCY": ("STMTTRN",),
    "ORIGCURRENCY": ("STMTTRN",),
}
"""Aggregates that matter, and where each belongs; whatever else is open there was left open by mistake."""


@dataclass(slots=True)
class Aggregate:
    """An element that holds others. ``values`` are its elements with text, by name; the first of a name counts."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    children: list[Aggregate] = field(default_factory=list)

    def child(self, *names: str) -> Aggregate:
        """The first child of one of the names; an empty one when there is none."""
        return next((each for each in self.children if each.name in names), Aggregate(names[0]))

    def descendants(self) -> Iterator[Aggregate]:
        for each in self.children:
            yield each
            yield from each.descendants()


def read_statements(text: str) -> Iterator[Aggregate]:
    """Every statement in the file, in its order."""
    stack: list[Aggregate] = []
    for found in _TAG.finditer(_without_cdata(text)):
        closes, name, value = found.group(1), found.group(2).upper(), found.group(3)
        if name in _PARENTS:
            _leave(stack, name) if closes else _close_forgotten(stack, name)
            if not closes and (stack or name in _STATEMENTS):
                opened = Aggregate(name)
                if stack:
                    stack[-1].children.append(opened)
                else:
                    yield opened
                stack.append(opened)
        elif not closes and stack and value.strip():
            stack[-1].values.setdefault(name, _ESCAPED.sub(_character, value.strip()))


def _leave(stack: list[Aggregate], name: str) -> None:
    if any(each.name == name for each in stack):
        while stack.pop().name != name:
            pass


def _close_forgotten(stack: list[Aggregate], name: str) -> None:
    parents = _PARENTS[name]
    while stack and stack[-1].name not in parents:
        stack.pop()


def _character(escaped: re.Match[str]) -> str:
    return html.unescape(escaped.group())


def _without_cdata(text: str) -> str:
    pieces = text.split(_CDATA)
    for at, piece in enumerate(pieces[1:], start=1):
        inside, _, outside = piece.partition(_CDATA_END)
        pieces[at] = html.escape(inside, quote=False) + outside
    return "".join(pieces)
