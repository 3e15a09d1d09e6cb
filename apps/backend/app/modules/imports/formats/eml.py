"""E-mail messages (RFC 5322, MIME RFC 2045-2049): the attachments become members, the body is nobody's document."""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from email.header import decode_header
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.ports import Member, Members

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from app.modules.imports.ports import Probe

_MEDIA_TYPE: Final = "message/rfc822"
_MOST_ATTACHMENTS: Final = 200
_MOST_BYTES: Final = 200 * 1024 * 1024
_DEEPEST: Final = 20
_MOST_FORWARDED: Final = 5
"""A message within a message is taken apart by itself later: only here is it seen how deep that goes."""
_SMALL_IMAGE: Final = 64 * 1024
"""A picture that the body shows and that is no larger is a logo, not a photographed receipt."""
_SIGNATURES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_NAMELESS: Final = {
    "application/pdf": "attachment.pdf",
    "application/xml": "attachment.xml",
    "text/xml": "attachment.xml",
    "application/zip": "attachment.zip",
    "image/jpeg": "attachment.jpg",
    "image/png": "attachment.png",
    _MEDIA_TYPE: "message.eml",
}


class _Mail:
    name = "eml"
    gives = Members

    def score(self, probe: Probe) -> int:
        if probe.media_type == _MEDIA_TYPE:
            return 90
        return 40 if probe.media_type == "text/plain" and probe.name.lower().endswith(".eml") else 0

    def read(self, file: BinaryIO, probe: Probe) -> Members:
        """Raises Unreadable (``mail_broken``, ``mail_too_deep``, ``too_many_entries``, ``attachments_too_large``)
        or Unsupported (``mail_without_attachments``).
        """
        if probe.size > 2 * _MOST_BYTES:
            raise Unreadable("attachments_too_large", f"more than {_MOST_BYTES} bytes")
        file.seek(0)
        try:
            message = email.message_from_binary_file(file, policy=email.policy.compat32)
            parts = list(_attachments(message, depth=0))
        except RecursionError as error:
            raise Unreadable("mail_too_deep") from error
        except (MessageError, ValueError, LookupError) as error:
            raise Unreadable("mail_broken") from error
        if not parts:
            raise Unsupported("mail_without_attachments", "attach the document itself")
        if len(parts) > _MOST_ATTACHMENTS:
            raise Unreadable("too_many_entries", f"more than {_MOST_ATTACHMENTS}")
        return Members(members=_members(parts))


def _attachments(part: Message, depth: int) -> Iterator[Message]:
    if depth > _DEEPEST:
        raise Unreadable("mail_too_deep", f"more than {_DEEPEST} parts within parts")
    if part.get_content_type() == _MEDIA_TYPE and depth:
        if _forwarded(part) > _MOST_FORWARDED:
            raise Unreadable("mail_too_deep", f"more than {_MOST_FORWARDED} messages within messages")
        yield part
    elif part.is_multipart():
        for child in part.get_payload():
            if not isinstance(child, str):
                yield from _attachments(child, depth + 1)
    elif _is_attachment(part):
        yield part


def _forwarded(message: Message) -> int:
    """How many messages stand within each other here."""
    deepest, waiting = 0, [(message, 0)]
    while waiting:
        part, above = waiting.pop()
        here = above + (part.get_content_type() == _MEDIA_TYPE)
        deepest = max(deepest, here)
        children = part.get_payload() if part.is_multipart() else []
        waiting += [(child, here) for child in children if not isinstance(child, str)]
    return deepest


def _is_attachment(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return False
    if part.get_filename() or part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() in ("application", "image") or kind == "text/xml"


def _members(parts: list[Message]) -> Iterator[Member]:
    left = _MOST_BYTES
    for part in parts:
        content = _content(part)
        left -= len(content)
        if left < 0:
            raise Unreadable("attachments_too_large", f"more than {_MOST_BYTES} bytes")
        if not _is_shown_in_body(part, len(content)):
            yield Member(name=_name(part), content=content)


def _content(part: Message) -> bytes:
    try:
        if part.get_content_type() == _MEDIA_TYPE:
            return _inner_bytes(part)
        content = part.get_payload(decode=True)
    except RecursionError as error:
        raise Unreadable("mail_too_deep") from error
    except (MessageError, ValueError, LookupError) as error:
        raise Unreadable("mail_broken") from error
    return content if isinstance(content, bytes) else b""


def _inner_bytes(part: Message) -> bytes:
    inner = part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    return b"" if message is None or isinstance(message, str) else message.as_bytes()


def _is_shown_in_body(part: Message, size: int) -> bool:
    is_picture = part.get_content_maintype() == "image" and part.get("Content-ID") is not None
    return is_picture and part.get_content_disposition() != "attachment" and size <= _SMALL_IMAGE


def _name(part: Message) -> str:
    raw = part.get_filename() or ""
    try:
        pieces = [
            text.decode(charset or "latin-1", "replace") if isinstance(text, bytes) else text
            for text, charset in decode_header(raw)
        ]
    except (MessageError, ValueError, LookupError):
        pieces = [raw]
    return "".join(pieces) or _NAMELESS.get(part.get_content_type(), "attachment")


READER = _Mail()
