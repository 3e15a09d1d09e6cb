"""The parts of a mail: which of them are attachments, what they are called and what they hold."""

from __future__ import annotations

import email
import email.policy
import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.transfer_encoding import (
    BrokenEncodingError,
    as_text,
    decoded,
    normal_name,
    undone,
    uuencoded,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE: Final = "message/rfc822"
Broken = BrokenEncodingError

_DEEPEST: Final = 20
_MOST_FORWARDED: Final = 5
"""A message within a message is taken apart by itself later: only here is it seen how deep that goes."""
_SIGNATURES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_DATA: Final = {
    "text/xml": "attachment.xml",
    "text/csv": "attachment.csv",
    "text/comma-separated-values": "attachment.csv",
    "text/tab-separated-values": "attachment.tsv",
}
"""Texts that nobody writes as the body of a mail."""
_NAMELESS: Final = {
    **_DATA,
    "application/pdf": "attachment.pdf",
    "application/xml": "attachment.xml",
    "application/zip": "attachment.zip",
    "image/jpeg": "attachment.jpg",
    "image/png": "attachment.png",
    MESSAGE: "message.eml",
}
_ENCODED: Final = frozenset({"base64", "quoted-printable"})
_SURROGATE: Final = re.compile("[\udc80-\udcff]")


class _AsItCame(email.policy.Compat32):
    """Writes headers as they were read: the library folds them, and refuses those that it could not have written."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("utf-8", "surrogateescape")


_AS_IT_CAME: Final = _AsItCame(max_line_length=0, mangle_from_=False)


class _Part(Message):
    """What says that it has parts and has none is text. The library gives that with its foreign bytes replaced, and
    then cannot write it again.
    """

    def get_payload(self, i: Any = None, decode: Any = False) -> Any:  # noqa: ANN401, FBT002  [the library's]
        payload = super().get_payload(i, decode)
        if decode or not isinstance(payload, str) or self.get_content_maintype() != "multipart":
            return payload
        content = super().get_payload(decode=True)
        return content.decode("ascii", "surrogateescape") if isinstance(content, bytes) else payload


def parsed(content: bytes) -> Message:
    """Names in its headers are readable, whatever bytes they were written in."""
    message = email.message_from_bytes(content, _Part, policy=email.policy.compat32)
    for part in message.walk():
        _read_names(part)
    return message


def attachments(part: Message, depth: int = 0) -> Iterator[Message]:
    """Raises Unreadable (``mail_too_deep``)."""
    if depth > _DEEPEST:
        raise Unreadable("mail_too_deep", f"more than {_DEEPEST} parts within parts")
    if part.get_content_type() == MESSAGE and depth:
        if _forwarded(part) > _MOST_FORWARDED:
            raise Unreadable("mail_too_deep", f"more than {_MOST_FORWARDED} messages within messages")
        yield part
    elif part.is_multipart():
        for child in part.get_payload():
            if isinstance(child, Message):
                yield from attachments(child, depth + 1)
    elif _is_attachment(part):
        yield part
    elif part.get_content_type() == "text/plain":
        yield from _written_into(part)


def content_of(part: Message) -> bytes:
    """What the part holds; of a forwarded message, the message. Raises BrokenEncodingError."""
    if part.get_content_type() != MESSAGE:
        return decoded(part)
    inner = part.get_payload()
    message = inner[0] if isinstance(inner, list) and inner else None
    content = written(message) if isinstance(message, Message) else b""
    # RFC 2046 §5.2.1 forbids to encode a message. Who does it all the same is parsed as if he had not.
    encoding = normal_name(str(part.get("Content-Transfer-Encoding", "")))
    return undone(encoding, content) if is_encoded_message(part) else content


def is_encoded_message(part: Message) -> bool:
    """Whether it is a forwarded message that was encoded like a file."""
    encoding = normal_name(str(part.get("Content-Transfer-Encoding", "")))
    return part.get_content_type() == MESSAGE and encoding in _ENCODED


def written(part: Message) -> bytes:
    """The part as it came, with its headers."""
    return part.as_bytes(policy=_AS_IT_CAME)


def name_of(part: Message) -> str:
    """As its sender saw it."""
    raw = part.get_filename() or ""
    try:
        pieces = [_decoded_word(text, charset) for text, charset in decode_header(raw)]
    except (MessageError, ValueError):
        pieces = [raw]
    return "".join(pieces) or _NAMELESS.get(part.get_content_type(), "attachment")


def _decoded_word(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode(charset or "latin-1", "replace")
    except LookupError:
        return as_text(text)


def _read_names(part: Message) -> None:
    for header, value in list(part.raw_items()):
        if header.lower() in ("content-disposition", "content-type") and _SURROGATE.search(str(value)):
            part.replace_header(header, as_text(str(value).encode("utf-8", "surrogateescape")))


def _forwarded(message: Message) -> int:
    """How many messages stand within each other here."""
    deepest, waiting = 0, [(message, 0)]
    while waiting:
        part, above = waiting.pop()
        here = above + (part.get_content_type() == MESSAGE)
        deepest = max(deepest, here)
        children = part.get_payload() if part.is_multipart() else []
        waiting += [(child, here) for child in children if isinstance(child, Message)]
    return deepest


def _is_attachment(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return False
    if part.get_filename() or part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() in ("application", "image") or kind in _DATA


def _written_into(part: Message) -> Iterator[Message]:
    """Files that a mail program older than MIME wrote into the text."""
    try:
        text = decoded(part)
    except BrokenEncodingError:
        return
    for name, block in uuencoded(text):
        file = Message()
        file["Content-Type"] = "application/octet-stream"
        file.add_header("Content-Disposition", "attachment", filename=name)
        file["Content-Transfer-Encoding"] = "x-uuencode"
        file.set_payload(block.decode("ascii"))
        yield file
