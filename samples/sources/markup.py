"""Building XML: lxml's builder, which has no types, behind names that have."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree
from lxml.builder import ElementMaker  # type: ignore[import-not-found]  # [the stubs of lxml leave its builder out]

Element = Any
"""An element as the builder gives it."""
E: Final[Any] = ElementMaker()


def maker(namespace: str, nsmap: dict[str | None, str] | None = None) -> Any:  # noqa: ANN401 [the builder is untyped]
    """Makes elements of one namespace."""
    return ElementMaker(namespace=namespace, nsmap=nsmap)


def written(root: Element) -> bytes:
    """The document as a file."""
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text
