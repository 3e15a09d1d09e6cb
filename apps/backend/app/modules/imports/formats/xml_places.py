"""Where the elements of one XML file stand, by local names: ``/Invoice/InvoiceLine[2]/Item``.

Rows are numbered while they are walked and then known, so that an invoice of many lines costs one walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.formats.xml import find_all, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.formats.xml import Element


class Places:
    """Shared by the readings of all documents of a file."""

    def __init__(self) -> None:
        self._known: dict[Element, str] = {}

    def rows(self, at: Element, path: str) -> Iterator[Element]:
        """Every element at a path of local names, in document order."""
        way, _, name = path.rpartition("/")
        for parent in find_all(at, way) if way else [at]:
            yield from self.children(parent, name)

    def children(self, parent: Element, *names: str) -> Iterator[Element]:
        """Children of any of the local names."""
        around, counted = self.of(parent), dict.fromkeys(names, 0)
        for child in parent.iterchildren(*("{*}" + name for name in names)):
            name = local_name(child)
            counted[name] += 1
            self._known[child] = _joined(around, name, counted[name])
            yield child

    def of(self, element: Element) -> str:
        """The place of any element."""
        place = self._known.get(element)
        if place is not None:
            return place
        parent, name = element.getparent(), local_name(element)
        ahead = sum(1 for _ in element.itersiblings("{*}" + name, preceding=True))
        return _joined("" if parent is None else self.of(parent), name, ahead + 1)


def _joined(around: str, name: str, count: int) -> str:
    return f"{around}/{name}[{count}]" if count > 1 else f"{around}/{name}"
