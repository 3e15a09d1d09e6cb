"""What stands before the content of an XML document: encoding, document type declaration and the root's name.

XML 1.0 §2.8, https://www.w3.org/TR/xml/#sec-prolog-dtd. Read from the first bytes, without an XML parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_HEAD = 1024 * 1024
"""How far the root element is looked for where a comment fills what is mostly enough."""
_DECLARATION = re.compile(r"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.\-]{0,40})[\"']")
_MISC = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(
    r"<(?:([^\s<>/:!?\"'=]+):)?([^\s<>/:!?\"'=]+)((?:\s+[^\s=<>\"']+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*/?>"
)
_DOCTYPE = "<!DOCTYPE"
_INTERNAL_SUBSET = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prolog:
    """The prolog of a document whose head looks like XML."""

    encoding: str | None
    """As declared."""
    doctype: bool
    root: tuple[str, str] | None
    """(namespace or "", local name); None when no start tag is in sight."""


def read_prolog(text: str) -> Prolog | None:
    """The prolog of a decoded head; None when it does not begin like XML."""
    text = text.removeprefix("\ufeff")
    start = _skip_misc(text, 0)
    if not text.startswith("<", start):
        return None
    doctype = text[start : start + len(_DOCTYPE)].upper() == _DOCTYPE
    if doctype:
        subset = _INTERNAL_SUBSET.match(text, start)
        start = _skip_misc(text, subset.end()) if subset else start
    declared = _DECLARATION.match(text.lstrip())
    root = _ROOT.match(text, start)
    if root is None and not (declared or doctype or text.lstrip().startswith("<?xml")):
        return None
    return Prolog(declared.group(1).lower() if declared else None, doctype, _name(root) if root else None)


def ends_in_comment(text: str) -> bool:
    """Whether a head is cut within a comment: a licence or a log of kilobytes, before what the file is."""
    return text.rfind("<!--") > text.rfind("-->")


def without_comments(text: str) -> str:
    """The rest; a comment without an end takes all that follows."""
    before, *opened = text.split("<!--")
    return before + "".join(part.partition("-->")[2] for part in opened)


def _skip_misc(text: str, start: int) -> int:
    while (misc := _MISC.match(text, start)) is not None:
        start = misc.end()
    return start


def _name(root: re.Match[str]) -> tuple[str, str]:
    prefix, local, attributes = root.groups()
    wanted = f"xmlns:{re.escape(prefix)}" if prefix else "xmlns"
    declared = re.search(rf"\s{wanted}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", attributes)
    return ((declared.group(1) or declared.group(2) or "") if declared else "", local)
