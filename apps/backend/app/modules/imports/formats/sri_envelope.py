"""Finds the vouchers in a file of the SRI, whatever they come wrapped in.

Bare; in an autorizacion as CDATA, as escaped text or as elements; in a SOAP answer or a lot with many of those.
One that cannot be read does not hide the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.sri_codes import VOUCHERS
from app.modules.imports.formats.sri_wrapping import holds_voucher, parse_voucher, states_voucher
from app.modules.imports.formats.xml import Element, ParsedXml, find, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_WRAPPINGS: Final = 4
_AUTHORISED: Final = "AUTORIZADO"
_NUMBER_LENGTHS: Final = frozenset({37, 49})
"""Digits of an authorisation: given by the SRI when it was asked on line, the clave de acceso since."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """What the envelope says of the voucher in it."""

    number: Element | None
    state: str | None

    @property
    def finding(self) -> str | None:
        """``not_authorised`` if the SRI says so, ``not_proven_authorised`` if it says nothing or of no voucher."""
        if self.state not in (None, _AUTHORISED):
            return "not_authorised"
        return None if self.state == _AUTHORISED and self._is_number() else "not_proven_authorised"

    def _is_number(self) -> bool:
        number = "".join((text_of(self.number) or "").split())
        return number.isdigit() and len(number) in _NUMBER_LENGTHS


@dataclass(frozen=True, slots=True)
class Found:
    """One voucher."""

    root: Element
    authorization: Authorization
    findings: tuple[str, ...]
    source: bytes
    """As in ``ParsedXml``."""


def find_vouchers(parsed: ParsedXml) -> tuple[Found, ...]:
    """Every voucher once: the SRI answers with all attempts to authorise one, and the authorised one counts.

    Raises ``Unreadable`` where none is left beside those that cannot be read.
    """
    chosen: dict[str, Found] = {}
    unread: list[_Unread] = []
    for position, found in enumerate(_walk(parsed, Authorization(None, None), 0, unread)):
        key = text_of(find(found.root, "infoTributaria/claveAcceso")) or str(position)
        if key not in chosen or (chosen[key].authorization.finding and not found.authorization.finding):
            chosen[key] = found
    if unread and not chosen:
        raise unread[0].reason
    if any(each.voucher for each in unread):
        return tuple(replace(found, findings=(*found.findings, "part_unreadable")) for found in chosen.values())
    return tuple(chosen.values())


@dataclass(frozen=True, slots=True)
class _Unread:
    """Text that looks like a document and is none."""

    reason: Unreadable
    voucher: bool


def _walk(parsed: ParsedXml, around: Authorization, depth: int, unread: list[_Unread]) -> Iterator[Found]:
    if depth > _MAX_WRAPPINGS:
        unread.append(_Unread(Unreadable("xml_too_deep", "envelopes within envelopes"), voucher=True))
        return
    for element in _candidates(parsed.root):
        authorization = _authorization_around(element) or around
        if local_name(element) in VOUCHERS:
            yield Found(element, authorization, parsed.findings, parsed.source)
            continue
        text = element.text or ""
        try:
            inner = parse_voucher(text)
        except Unreadable as error:
            unread.append(_Unread(error, states_voucher(text)))
            continue
        findings = tuple(dict.fromkeys((*parsed.findings, *inner.findings)))
        yield from _walk(replace(inner, findings=findings), authorization, depth + 1, unread)


def _candidates(root: Element) -> Iterator[Element]:
    """Vouchers, and elements outside of them whose text is a voucher again."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        if local_name(element) in VOUCHERS and (element is root or find(element, "infoTributaria") is not None):
            walk.skip_subtree()
            yield element
        elif len(element) == 0 and holds_voucher(element.text or ""):
            yield element


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
