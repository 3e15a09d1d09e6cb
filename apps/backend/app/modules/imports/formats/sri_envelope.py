"""Finds the vouchers in a file of the SRI, whatever they come wrapped in.

Bare; in an autorizacion as CDATA, as escaped text or as elements; in a SOAP answer or a lot with many of those.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.sri_codes import VOUCHERS
from app.modules.imports.formats.xml import Element, ParsedXml, find, local_name, parse_xml, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_WRAPPINGS: Final = 4
_AUTHORISED: Final = "AUTORIZADO"
_AROUND: Final = "\ufeff \t\r\n"


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the envelope says of the voucher in it."""

    number: Element | None
    state: str | None

    @property
    def finding(self) -> str | None:
        """``not_authorised`` if the SRI says so, ``not_proven_authorised`` if it says nothing."""
        if self.state is None or self.number is None:
            return "not_proven_authorised" if self.state in (None, _AUTHORISED) else "not_authorised"
        return None if self.state == _AUTHORISED else "not_authorised"


@dataclass(frozen=True, slots=True)
class Found:
    """One voucher."""

    root: Element
    authorization: Authorization
    findings: tuple[str, ...]
    source: bytes
    """As in ``ParsedXml``."""


def find_vouchers(parsed: ParsedXml) -> tuple[Found, ...]:
    """Every voucher once: the SRI answers with all attempts to authorise one, and the authorised one counts."""
    chosen: dict[str, Found] = {}
    for position, found in enumerate(_walk(parsed, Authorization(None, None), 0)):
        key = text_of(find(found.root, "infoTributaria/claveAcceso")) or str(position)
        if key not in chosen or (chosen[key].authorization.finding and not found.authorization.finding):
            chosen[key] = found
    return tuple(chosen.values())


def _walk(parsed: ParsedXml, around: Authorization, depth: int) -> Iterator[Found]:
    if depth > _MAX_WRAPPINGS:
        raise Unreadable("xml_too_deep", "envelopes within envelopes")
    for element in _candidates(parsed.root):
        authorization = _authorization_around(element) or around
        if local_name(element) in VOUCHERS:
            yield Found(element, authorization, parsed.findings, parsed.source)
        else:
            inner = parse_xml(_as_file(element.text or ""))
            findings = tuple(dict.fromkeys((*parsed.findings, *inner.findings)))
            yield from _walk(replace(inner, findings=findings), authorization, depth + 1)


def _as_file(text: str) -> bytes:
    # The mark says that this is UTF-8 now, whatever encoding the voucher declared when it was a file of its own.
    return codecs.BOM_UTF8 + text.strip(_AROUND).encode("utf-8", errors="replace")


def _candidates(root: Element) -> Iterator[Element]:
    """Vouchers, and elements outside of them whose text is a voucher again."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local_name(element) in VOUCHERS and (element is root or find(element, "infoTributaria") is not None):
            walk.skip_subtree()
            yield element
        elif len(element) == 0 and _holds_voucher(element.text or ""):
            yield element


def _holds_voucher(text: str) -> bool:
    return text.lstrip(_AROUND).startswith("<") and any(name in text for name in VOUCHERS)


def _authorization_around(element: Element) -> Authorization | None:
    """The nearest element around that states a state or a number."""
    at = element.getparent()
    while at is not None:
        state, number = text_of(_either(at, "estado")), _either(at, "numeroAutorizacion")
        if state is not None or number is not None:
            return Authorization(number, state.upper() if state else None)
        at = at.getparent()
    return None


def _either(at: Element, name: str) -> Element | None:
    """Written as the SRI does, or with a capital, as programs that serialise their own classes do."""
    found = find(at, name)
    return find(at, name[0].upper() + name[1:]) if found is None else found
