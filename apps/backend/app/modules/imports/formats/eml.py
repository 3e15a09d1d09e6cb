"""E-mail messages (RFC 5322, MIME RFC 2045-2049): the attachments become members, the body is nobody's document.

A file of several messages (mbox) gives the messages. An attachment that cannot be decoded is a member too: a message of
its own with that part alone, so that its siblings are read and what is wrong with it is said of it.
"""

from __future__ import annotations

from email.errors import MessageError
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.litter import is_litter, is_other_half
from app.modules.imports.formats.mail_messages import messages
from app.modules.imports.formats.mail_parts import MESSAGE, Broken, attachments, content_of, name_of, parsed, written
from app.modules.imports.formats.mail_pictures import is_decoration, references
from app.modules.imports.formats.transfer_encoding import as_text
from app.modules.imports.ports import Member, Members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from email.message import Message

    from app.modules.imports.ports import Probe

_MOST_ATTACHMENTS: Final = 200
_MOST_BYTES: Final = 200 * 1024 * 1024
_SUFFIXES: Final = (".eml", ".emlx", ".mbox", ".mbx")


class _Mail:
    name = "eml"
    gives = Members

    def score(self, probe: Probe) -> int:
        if probe.media_type == MESSAGE:
            return 90
        return 40 if probe.media_type == "text/plain" and probe.name.lower().endswith(_SUFFIXES) else 0

    def read(self, file: BinaryIO, probe: Probe) -> Members:
        """Raises Unreadable (``mail_broken``, ``mail_too_deep``, ``too_many_entries``, ``attachments_too_large``)
        or Unsupported (``mail_without_attachments``).
        """
        if probe.size > 2 * _MOST_BYTES:
            raise Unreadable("attachments_too_large", f"more than {_MOST_BYTES} bytes")
        file.seek(0)
        found = messages(file.read())
        if len(found) > _MOST_ATTACHMENTS:
            raise Unreadable("too_many_entries", f"more than {_MOST_ATTACHMENTS}")
        if len(found) > 1:
            return Members(Member(f"message-{number}.eml", content) for number, content in enumerate(found, 1))
        try:
            return Members(_members(_documents(parsed(found[0]))))
        except RecursionError as error:
            raise Unreadable("mail_too_deep") from error
        except (MessageError, ValueError, LookupError) as error:
            raise Unreadable("mail_broken") from error


def _documents(message: Message) -> Sequence[Message]:
    """The attachments without litter; without decoration too, unless nothing else was sent."""
    parts = [part for part in attachments(message) if not is_litter(name_of(part))]
    if not parts:
        raise Unsupported("mail_without_attachments", "attach the document itself")
    if len(parts) > _MOST_ATTACHMENTS:
        raise Unreadable("too_many_entries", f"more than {_MOST_ATTACHMENTS}")
    shown = references(as_text(content_of(part)) for part in message.walk() if _is_html(part))
    return [part for part in parts if not _is_decoration(part, shown)] or parts


def _is_html(part: Message) -> bool:
    return part.get_content_type() == "text/html" and not part.get_filename()


def _is_decoration(part: Message, shown: frozenset[str]) -> bool:
    if part.get_content_maintype() != "image" or not shown:
        return False
    try:
        return is_decoration(part, content_of(part), shown)
    except Broken:
        return False


def _members(parts: Sequence[Message]) -> Iterator[Member]:
    left = _MOST_BYTES
    for part in parts:
        try:
            member = Member(name_of(part), content_of(part))
        except RecursionError as error:
            raise Unreadable("mail_too_deep") from error
        except (Broken, MessageError, ValueError, LookupError) as error:
            if len(parts) == 1:
                raise Unreadable("mail_broken", "an attachment cannot be decoded") from error
            member = Member(f"{name_of(part)}.eml", written(part))
        left -= len(member.content)
        if left < 0:
            raise Unreadable("attachments_too_large", f"more than {_MOST_BYTES} bytes")
        if len(parts) == 1 or not is_other_half(member.content):
            yield member


READER = _Mail()
