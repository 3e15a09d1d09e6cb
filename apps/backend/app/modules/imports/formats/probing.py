"""What a file is, from its first 64 KiB and its bytes alone, and which reader knows it best."""

from __future__ import annotations

import json
import os
import re
import struct
from typing import TYPE_CHECKING, BinaryIO

import filetype

from app.modules.imports import plugins
from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.cms_armour import cms_kind
from app.modules.imports.formats.encoding import decode_head
from app.modules.imports.formats.xml_prolog import LONGEST_HEAD, ends_in_comment, read_prolog, without_comments
from app.modules.imports.formats.zip_directory import read_names
from app.modules.imports.ports import Probe

if TYPE_CHECKING:
    from app.modules.imports.ports import Reader

HEAD = 64 * 1024
OOXML = "application/vnd.openxmlformats-officedocument."

_ZIP = b"PK\3\4"
_SPANNED_ZIP = b"PK00PK\3\4"  # meant for several disks and found to fit on one, APPNOTE 8.5.4
_EMPTY_ZIP = b"PK\5\6"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS = (
    ("xl/workbook.xml", OOXML + "spreadsheetml.sheet"),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    ("word/document.xml", OOXML + "wordprocessingml.document"),
    ("ppt/presentation.xml", OOXML + "presentationml.presentation"),
)
_OLE_STREAMS = (
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("WordDocument", "application/msword"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)
_HEADER_LINE = re.compile(r"([!-9;-~]{1,100})[ \t]*:[^\r\n]*(?:\r*\n[ \t]+[^\r\n]*)*(?:\r*\n|\r|\Z)")
_BEFORE_MAIL = re.compile(r"\ufeff?\s*(?:From [^\r\n]*\r*\n|\d{1,12}[ \t]*\r*\n)?")
"""Blanks, the separator of an mbox or the length that Apple Mail writes first."""
_MAIL_HEADERS = frozenset(["from", "to", "subject", "date", "delivered-to"])
_ONLY_MAIL_HEADERS = frozenset(
    ["message-id", "received", "mime-version", "return-path", "content-type", "dkim-signature"]
)
_ADDRESSED = re.compile(r"(?:from|to)[ \t]*:[^\r\n]*\w@\w", re.IGNORECASE)
_ENTITY_TYPE = re.compile(r"content-type[ \t]*:\s*[\w.+-]+/[\w.+-]+[ \t]*(?:[;\r\n(]|\Z)", re.IGNORECASE)
_TABLE_NAMES = (".csv", ".tsv", ".txt")
_HTML = re.compile(r"<(!doctype\s+html|html|head|body|table)[\s>]", re.IGNORECASE)
_JSON = re.compile(r"\s*(\{\s*[\"}]|\[\s*[\[{\"\]\-\d])")
# Other signatures in letters may also open a text ("BM;importe" is no bitmap): only these count before text is tried.
_SURE = (b"%PDF-", b"{\\rtf", b"%!PS", b"GIF87a", b"GIF89a")


def probe_file(file: BinaryIO, name: str) -> Probe:
    """Looks at the head of the file (and at a zip's directory); the file is left at its beginning."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise Unreadable("empty_file")
    file.seek(0)
    head = file.read(HEAD)
    try:
        return _probe(file, name, size, head)
    finally:
        file.seek(0)


def best_reader(probe: Probe) -> Reader | None:
    """The reader that scores the file highest; None when nobody knows it."""
    scored = [(reader.score(probe), reader.name, reader) for reader in plugins.readers().values()]
    score, _, reader = max(scored, default=(0, "", None), key=lambda entry: entry[:2])
    return reader if score > 0 else None


def _probe(file: BinaryIO, name: str, size: int, head: bytes) -> Probe:
    if head.startswith((_ZIP, _EMPTY_ZIP, _SPANNED_ZIP)):
        members = read_names(file, size)
        return Probe(name=name, size=size, head=head, media_type=_zip_type(head, members), members=members)
    if head.startswith(_OLE):
        return Probe(name=name, size=size, head=head, media_type=_ole_type(file, head))
    if head.startswith(_SURE) or cms_kind(head) is not None:
        return Probe(name=name, size=size, head=head, media_type=_binary_type(head))
    decoded = decode_head(head, complete=size <= HEAD)
    if decoded is None:
        return Probe(name=name, size=size, head=head, media_type=_binary_type(head))
    text, encoding = _past_comments(file, decoded)
    media_type, root = _text_type(text, name, complete=size <= HEAD)
    if media_type == "text/plain" and b"%PDF-" in head[:1024]:
        return Probe(name=name, size=size, head=head, media_type="application/pdf")
    return Probe(name=name, size=size, head=head, media_type=media_type, xml_root=root, text=text, encoding=encoding)


def _past_comments(file: BinaryIO, decoded: tuple[str, str]) -> tuple[str, str]:
    """The text of a head, without comments where one goes on beyond it: of markup, they hide what it is."""
    text, encoding = decoded
    if not (text.lstrip("\ufeff \t\r\n").startswith("<") and ends_in_comment(text)):
        return decoded
    file.seek(0)
    longer = decode_head(file.read(LONGEST_HEAD), complete=False)
    return decoded if longer is None else (without_comments(longer[0])[:HEAD], encoding)


def _zip_type(head: bytes, members: tuple[str, ...]) -> str:
    for part, media_type in _OFFICE_PARTS:
        if part in members:
            return media_type
    # OpenDocument and EPUB put an uncompressed "mimetype" first so that it can be read just so.
    name_length, extra_length = struct.unpack_from("<2H", head.ljust(30, b"\0"), 26)
    if head[30 : 30 + name_length] == b"mimetype":
        stated = re.match(rb"application/[\w.+\-]{1,100}?(?=PK|$)", head[30 + name_length + extra_length :][:120])
        if stated:
            return stated.group().decode("ascii")
    return "application/zip"


def _ole_type(file: BinaryIO, head: bytes) -> str:
    """[MS-CFB] §2.2: the header says where the directory of streams begins."""
    shift, first_sector = (
        struct.unpack_from("<H", head.ljust(76, b"\0"), 30)[0],
        struct.unpack_from("<L", head.ljust(76, b"\0"), 48)[0],
    )
    if shift in (9, 12):
        file.seek((first_sector + 1) << shift)
        directory = file.read(4096)
        for stream, media_type in _OLE_STREAMS:
            if stream.encode("utf-16-le") in directory:
                return media_type
    return "application/x-ole-storage"


def _binary_type(head: bytes) -> str:
    if cms_kind(head) is not None:
        return "application/pkcs7-mime"
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    return "application/pdf" if b"%PDF-" in head[:1024] else "application/octet-stream"


def _text_type(text: str, name: str, *, complete: bool) -> tuple[str, tuple[str, str] | None]:
    stripped = text.lstrip("\ufeff \t\r\n")
    if _HTML.match(stripped):
        return "text/html", None
    prolog = read_prolog(text)
    if prolog is not None:
        root = prolog.root
        if root is not None and root[1].lower() == "html":
            return "text/html", root
        return ("image/svg+xml" if root and root[1] == "svg" else "application/xml"), root
    if _is_json(text, complete=complete):
        return "application/json", None
    return ("message/rfc822" if _is_mail(text, name, complete=complete) else "text/plain"), None


def _is_json(text: str, *, complete: bool) -> bool:
    if not _JSON.match(text):
        return False
    if not complete:
        return True
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_mail(text: str, name: str, *, complete: bool) -> bool:
    """RFC 5322: begins with header lines, two of those that every mail has and one that nothing else has; or with a
    block of header lines that states a media type (a MIME entity, RFC 2045 §2.4, as it stands in a signed mail).

    A bank's export may begin with "From: 01/01/2026" too: without a header of mail's own, there has to be an address,
    and a file that is named as a table is one.
    """
    lines, at = [], _begin_of_mail(text)
    while (line := _HEADER_LINE.match(text, at)) is not None and line.end() > at:
        lines.append(line.group())
        at = line.end()
    names = {line.partition(":")[0].strip().lower() for line in lines}
    ends_well = at >= len(text) or text[at] in "\r\n"
    if ends_well and any(_ENTITY_TYPE.match(line) for line in lines):
        return True
    if at >= len(text) and not complete and names & _ONLY_MAIL_HEADERS:
        return True  # relays wrote more than fits into the head
    if len(names & (_MAIL_HEADERS | _ONLY_MAIL_HEADERS)) < 2:  # noqa: PLR2004  (one alone may open any note: "Date: …")
        return False
    is_addressed = any(_ADDRESSED.match(line) for line in lines) and not name.lower().endswith(_TABLE_NAMES)
    return bool(names & _ONLY_MAIL_HEADERS) or is_addressed


def _begin_of_mail(text: str) -> int:
    before = _BEFORE_MAIL.match(text)
    return 0 if before is None else before.end()
