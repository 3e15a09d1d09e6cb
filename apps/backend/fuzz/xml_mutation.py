"""Changes XML as XML: elements left out, doubled, moved and filled with values that are hard to read.

Bytes changed at random are nearly always no XML at all, so that a reader of XML would refuse them at its door.
"""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

_HARD: Final = (
    "", " ", "0", "-0", "-1", "1e400", "NaN", "Infinity", "1,5", "1.234,56", "9" * 40, "0." + "1" * 40, "٣", "½",
    "2026-02-30", "0000-00-00", "9999-12-31", "2026-03-15T25:00:00Z", "31/12/2026", "15032026", "true", "EUR", "XXX",
    "B29423548", "9999999999999", "0" * 49, "1" * 48, "ñ" * 300, "\ufffd", "]]>", "&amp;", "<a/>",
)  # fmt: skip
_MOST_CHANGES: Final = 4
_SAFE: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def mutated_xml(data: bytes, most_bytes: int, seed: int) -> bytes | None:
    """The document with a few changes; None when it is no XML, or has become too long."""
    chance = Random(seed)  # noqa: S311  (repeatable on purpose)
    try:
        root = etree.fromstring(data, _SAFE)
        for _ in range(chance.randint(1, _MOST_CHANGES)):
            chance.choice(_CHANGES)(root, chance)
        changed: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    except (etree.LxmlError, ValueError):
        return None
    return changed if len(changed) <= most_bytes else None


def _any(root: etree._Element, chance: Random) -> etree._Element:
    return chance.choice([element for element in root.iter() if isinstance(element.tag, str)])


def _fill(root: etree._Element, chance: Random) -> None:
    _any(root, chance).text = chance.choice(_HARD)


def _fill_with_text_of_another(root: etree._Element, chance: Random) -> None:
    _any(root, chance).text = _any(root, chance).text


def _change_attribute(root: etree._Element, chance: Random) -> None:
    element = _any(root, chance)
    names = list(element.attrib)
    if names:
        element.set(chance.choice(names), chance.choice(_HARD))


def _leave_out(root: etree._Element, chance: Random) -> None:
    element = _any(root, chance)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(root: etree._Element, chance: Random) -> None:
    element = _any(root, chance)
    if element is not root:
        element.addnext(deepcopy(element))


def _move(root: etree._Element, chance: Random) -> None:
    element, into = _any(root, chance), _any(root, chance)
    if element is not root and element not in into.iterancestors() and element is not into:
        into.append(element)


def _rename(root: etree._Element, chance: Random) -> None:
    _any(root, chance).tag = _any(root, chance).tag


_CHANGES: Final[tuple[Callable[[etree._Element, Random], None], ...]] = (
    *(_fill, _fill, _fill_with_text_of_another, _change_attribute, _leave_out, _leave_out, _double, _move, _rename),
)
