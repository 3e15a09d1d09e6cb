"""Signed files in every dress that senders give them."""

from __future__ import annotations

import base64
import io

import pytest

from app.modules.imports.formats.cms import READER
from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.formats.tests.table_files import read_all, refusal

_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED = bytes.fromhex("06092a864886f70d010702")
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")
XML = b"<factura><total>121.00</total></factura>"


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes([tag, 0x82, *len(content).to_bytes(2, "big")]) + content


def _message(kind: bytes, *encapsulated: bytes) -> bytes:
    version, algorithms = b"\x02\x01\x01", b"\x31\x00"
    signed = _tlv(0x30, version, algorithms, _tlv(0x30, _DATA, *encapsulated), _tlv(0x31, bytes(200)))
    return _tlv(0x30, kind, _tlv(0xA0, signed))


DER = _message(_SIGNED, _tlv(0xA0, _tlv(0x04, XML)))
LINES = base64.encodebytes(DER)


@pytest.mark.parametrize(
    "content",
    [
        DER,
        DER + b"\r\n",
        LINES,
        base64.b64encode(DER).rstrip(b"="),
        base64.b64encode(DER) + b"\0",
        b"\xef\xbb\xbf" + LINES,
        b"-----BEGIN PKCS7-----\n" + LINES + b"-----END PKCS7-----\n",
        b"-----BEGIN PKCS #7 SIGNED DATA-----\n" + LINES + b"-----END PKCS #7 SIGNED DATA-----\n",
        b"Bag Attributes\n  friendlyName: x\n\n-----BEGIN CMS-----\n" + LINES + b"-----END CMS-----\n",
    ],
)
def test_the_signed_file_is_taken_out_however_it_was_armoured(content: bytes) -> None:
    assert best_reader(probe_file(io.BytesIO(content), "f.xml.p7m")) is READER
    assert read_all(READER, content, "f.xml.p7m") == [("f.xml", XML)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_message(_SIGNED), "cms_detached"),
        (_message(_SIGNED, _tlv(0xA0, b"\x04\x00")), "cms_detached"),
        (_message(_ENVELOPED, _tlv(0x80, bytes(40))), "cms_encrypted"),
        (base64.encodebytes(_message(_ENVELOPED, _tlv(0x80, bytes(40)))), "cms_encrypted"),
        (DER[:-250], "cms_malformed"),
        (LINES[:200] + b"?" + LINES[200:], "cms_malformed"),
    ],
)
def test_what_holds_no_document_says_why(content: bytes, code: str) -> None:
    assert best_reader(probe_file(io.BytesIO(content), "f.p7m")) is READER
    assert refusal(READER, content, "f.p7m") == code


@pytest.mark.parametrize(
    "content",
    [b"-----BEGIN CERTIFICATE-----\n" + LINES, b"Hola:\n-----BEGIN PKCS7-----\n" + LINES, b"MI cuenta;1\n" * 20],
)
def test_nothing_else_is_taken_for_a_signed_file(content: bytes) -> None:
    assert probe_file(io.BytesIO(content), "f").media_type == "text/plain"
