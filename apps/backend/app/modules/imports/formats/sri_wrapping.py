"""Vouchers of the SRI as the text of another document: plain, escaped again, behind a byte order mark, or in base64."""

from __future__ import annotations

import binascii
import html
from typing import TYPE_CHECKING, Final

from app.modules.imports.formats.sri_codes import VOUCHERS
from app.modules.imports.formats.xml import parse_text, parse_xml

if TYPE_CHECKING:
    from app.modules.imports.formats.xml import ParsedXml

_AROUND: Final = "\ufeff \t\r\n"
_MARK_AS_LATIN: Final = "ï»¿"
"""The byte order mark of UTF-8, read as Latin-1 by a program on the way."""
_ESCAPED: Final = "&lt;"
_CDATA: Final = ("<![CDATA[", "]]>")
"""Around the text of programs that write the mark themselves, and have it escaped with the rest."""
_BASE64: Final = (*(f"P{letter}" for letter in "ABCDEFGHIJKLMNOP"), "77u/P")
"""How ``<`` and what follows begins in base64, and how it does behind a byte order mark."""
_SIGN: Final = "infoTributaria"


def holds_voucher(text: str) -> bool:
    """Whether the text looks like a voucher, or like another envelope around one."""
    begun = _begun(text)
    if begun.startswith(_BASE64):
        return _SIGN.encode() in _decoded(begun)
    return begun.startswith(("<", _ESCAPED)) and any(name in begun for name in VOUCHERS)


def states_voucher(text: str) -> bool:
    """Whether one is missing when the text cannot be read: a message may quote the name of a voucher, and no more."""
    begun = _begun(text)
    return begun.startswith(_BASE64) or _SIGN in begun


def parse_voucher(text: str) -> ParsedXml:
    """The document that the text is. Raises only ``Unreadable``."""
    begun = _begun(text)
    if begun.startswith(_BASE64):
        return parse_xml(_decoded(begun))
    return parse_text(html.unescape(begun) if begun.startswith(_ESCAPED) else begun)


def _begun(text: str) -> str:
    within = text.strip(_AROUND)
    if within.startswith(_CDATA[0]):
        within = within.removeprefix(_CDATA[0]).removesuffix(_CDATA[1]).strip(_AROUND)
    return within.removeprefix(_MARK_AS_LATIN)


def _decoded(text: str) -> bytes:
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        return b""
