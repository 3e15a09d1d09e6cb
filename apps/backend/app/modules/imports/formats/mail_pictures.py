"""Which pictures of a mail are its decoration: logos and banners that the text shows, and no photographed receipts."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import Message

_REFERENCE: Final = re.compile(
    r"""(?:\b(?:src|background|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))|url\(\s*['"]?([^'")]+)""", re.IGNORECASE
)
_SHORT_SIDE: Final = 400
"""Pixels. A receipt that can be read has more."""
_BANNER: Final = 3
"""As many times wider than high; pages are not."""
_TALL: Final = 2
"""As many times higher than wide is a strip from a till, which may be narrow."""
_STRIP: Final = 700
_UNREADABLE: Final = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, Image.DecompressionBombError)


def references(texts: Iterable[str]) -> frozenset[str]:
    """What HTML texts show: content ids and locations."""
    found = (next(filter(None, groups), "") for text in texts for groups in _REFERENCE.findall(text))
    return frozenset(_plain(reference) for reference in found)


def is_decoration(part: Message, content: bytes, shown: frozenset[str]) -> bool:
    """Shown by a text and too small, or too much of a banner, to be a document. The disposition says nothing."""
    names = (str(part.get("Content-ID", "")).strip().strip("<>"), str(part.get("Content-Location", "")).strip())
    is_shown = any(_plain(name) in shown for name in names if name)
    return is_shown and part.get_content_maintype() == "image" and _is_small(content)


def _plain(reference: str) -> str:
    text = unquote(html.unescape(reference)).strip()
    return (text[4:] if text[:4].lower() == "cid:" else text).casefold()


def _is_small(content: bytes) -> bool:
    """By its header alone; what cannot be measured is kept."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
    except _UNREADABLE:
        return False
    is_strip = height >= max(_STRIP, _TALL * width)
    return not is_strip and (min(width, height) < _SHORT_SIDE or width >= _BANNER * height)
