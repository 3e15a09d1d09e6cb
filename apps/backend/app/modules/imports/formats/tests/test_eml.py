from __future__ import annotations

import base64
import binascii
import io
import quopri
from contextlib import suppress
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.eml import READER
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.formats.tests.table_files import read_all, refusal
from app.modules.imports.ports import Probe

if TYPE_CHECKING:
    from collections.abc import Callable


def _mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "proveedor@example.com"
    message["To"] = "facturas@example.com"
    message["Subject"] = "Factura"
    message.set_content("Adjunto factura.")
    return message


def test_attachments_are_members_and_the_body_is_not() -> None:
    message = _mail()
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="año 2024.pdf")
    message.add_attachment("a;b", filename="datos.csv")
    assert read_all(READER, message.as_bytes(), "m.eml") == [("año 2024.pdf", b"%PDF-1.7"), ("datos.csv", b"a;b\n")]


def test_a_forwarded_message_is_a_member_of_its_own() -> None:
    inner = _mail()
    inner.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="f.pdf")
    outer = _mail()
    outer.add_attachment(inner)
    ((name, content),) = read_all(READER, outer.as_bytes(), "m.eml")
    assert name == "message.eml"
    assert read_all(READER, content, name) == [("f.pdf", b"%PDF-1.7")]


def test_a_forwarded_message_without_the_parts_it_speaks_of_is_a_member_as_it_is() -> None:
    inner = b"From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=I\r\n\r\n\x80-I\r\n"
    parts = _multipart(_entity("message/rfc822", inner), _pdf_part())
    (name, content), other = read_all(READER, parts, "m.eml")
    assert (name, other) == ("message.eml", ("attachment.pdf", b"%PDF-1.7"))
    assert b"\x80-I" in content
    assert refusal(READER, content, name) == "mail_without_attachments"


def _pdf_part(**more: str) -> bytes:
    return _entity("application/pdf", b"JVBERi0xLjc=", **{"Content-Transfer-Encoding": "base64"} | more)


def _entity(kind: str, content: bytes, **more: str) -> bytes:
    lines = [f"Content-Type: {kind}", *(f"{name}: {value}" for name, value in more.items()), "", ""]
    return "\r\n".join(lines).encode("utf-8") + content + b"\r\n"


def _multipart(*parts: bytes) -> bytes:
    head = (
        b'From: a@example.com\r\nTo: b@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="B"'
    )
    return head + b"\r\n\r\n" + b"".join(b"--B\r\n" + part for part in parts) + b"--B--\r\n"


def _picture(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("L", (width, height), 255).save(target, "PNG")
    return target.getvalue()


def _with_picture(page: str, picture: bytes, disposition: str, *, pdf: bool = True) -> list[str]:
    message = _mail()
    message.add_alternative(page, subtype="html")
    if pdf:
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="f.pdf")
    message.add_attachment(
        picture, maintype="image", subtype="png", cid="<i@x>", filename="foto.png", disposition=disposition
    )
    list(message.iter_attachments())[-1]["Content-Location"] = "http://example.com/foto.png"
    return [name for name, _ in read_all(READER, message.as_bytes(), "m.eml")]


@pytest.mark.parametrize("disposition", ["inline", "attachment"])
@pytest.mark.parametrize(
    ("shown", "size", "names"),
    [
        ('<img src="cid:i@x">', (180, 60), ["f.pdf"]),
        ('<img src="cid:i%40x">', (390, 390), ["f.pdf"]),
        ("<td background='http://example.com/foto.png'>", (2400, 600), ["f.pdf"]),
        ('<img src="cid:i@x">', (1240, 1754), ["f.pdf", "foto.png"]),
        ('<img src="cid:i@x">', (380, 1500), ["f.pdf", "foto.png"]),
        ('<img src="cid:other@x">', (180, 60), ["f.pdf", "foto.png"]),
        ("<p>Adjunto</p>", (180, 60), ["f.pdf", "foto.png"]),
    ],
)
def test_only_a_small_picture_that_the_text_shows_is_no_member(
    shown: str, size: tuple[int, int], names: list[str], disposition: str
) -> None:
    assert _with_picture(shown, _picture(*size), disposition) == names


def test_a_picture_is_a_member_when_nothing_else_was_sent() -> None:
    assert _with_picture('<img src="cid:i@x">', _picture(100, 100), "inline", pdf=False) == ["foto.png"]


CSV = b"Fecha;Importe\r\n" + b"".join(b"%02d/02/2026;-%d,00\r\n" % (day, day) for day in range(1, 29))
CHUNKS = b"\r\n".join(base64.b64encode(CSV[at : at + 100]) for at in range(0, len(CSV), 100))


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("base64", CHUNKS),
        ("BASE64 ", base64.encodebytes(CSV)),
        ("base64 (as MIME has it)", base64.encodebytes(CSV)),
        ("base64", base64.encodebytes(CSV).replace(b"=", b"")),
        ("base64", base64.encodebytes(CSV) + b"\r\n-- \r\nAnalizado por un antivirus\r\nwww.example.com\r\n"),
        ("base64", base64.encodebytes(CSV).replace(b"\n", b"!\n")),
    ],
)
def test_base64_is_decoded_to_its_end_however_it_was_written(encoding: str, content: bytes) -> None:
    part = _entity('text/csv; name="m.csv"', content, **{"Content-Transfer-Encoding": encoding})
    assert read_all(READER, _multipart(part), "m.eml") == [("m.csv", CSV)]


def test_base64_with_something_left_over_is_broken_and_its_siblings_are_not() -> None:
    for content in (b"YWJjZ", b"???", base64.encodebytes(CSV) + b"Una nota: y mas\r\n" + base64.b64encode(CSV)):
        part = _entity('text/csv; name="m.csv"', content, **{"Content-Transfer-Encoding": "base64"})
        assert refusal(READER, _multipart(part), "m.eml") == "mail_broken"
        (_, good), (name, broken) = read_all(READER, _multipart(_pdf_part(), part), "m.eml")
        assert (good, name) == (b"%PDF-1.7", "m.csv.eml")
        assert probe_file(io.BytesIO(broken), "x").media_type == "message/rfc822"
        assert refusal(READER, broken, name) == "mail_broken"


@pytest.mark.parametrize(
    ("encoding", "encode"), [("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring)]
)
def test_a_forwarded_message_may_have_been_encoded_like_a_file(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    part = _entity(
        'message/rfc822; name="o.eml"', encode(_multipart(_pdf_part())), **{"Content-Transfer-Encoding": encoding}
    )
    outer = _multipart(part).replace(b'boundary="B"', b"boundary=O", 1)
    outer = outer.replace(b"--B", b"--O", 1).removesuffix(b"--B--\r\n") + b"--O--\r\n"
    ((name, content),) = read_all(READER, outer, "m.eml")
    assert name == "o.eml"
    assert read_all(READER, content, name) == [("attachment.pdf", b"%PDF-1.7")]


WHOLE = _multipart(_pdf_part())


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + WHOLE,
        b"\r\n\r\n" + WHOLE,
        b"From a@example.com Mon Jan  5 10:00:00 2026\r\n" + WHOLE,
        b"%d\n" % len(WHOLE) + WHOLE + b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "">\n<plist/>',
        WHOLE.replace(b"\r\n", b"\r\r\n"),
        WHOLE.decode().encode("utf-16"),
        b"X_Mailer: x\r\nSubject : x\r\n" + WHOLE,
        b"Received: x" + b"\r\n\tfrom a by b; Mon, 5 Jan 2026 10:00:00 +0100" * 2_000 + b"\r\n" + WHOLE,
        b'Content-Type: application/pdf; name="attachment.pdf"\r\n\r\n%PDF-1.7',
    ],
)
def test_what_stands_before_a_mail_hides_nothing(content: bytes) -> None:
    assert probe_file(io.BytesIO(content), "noname").media_type == "message/rfc822"
    assert read_all(READER, content, "m.eml") == [("attachment.pdf", b"%PDF-1.7")]


def test_an_mbox_gives_its_messages() -> None:
    box = b"".join(b"From a@example.com Mon Jan  5 10:00:00 2026\r\n" + WHOLE + b"\r\n" for _ in range(2))
    found = read_all(READER, box, "m.mbox")
    assert [name for name, _ in found] == ["message-1.eml", "message-2.eml"]
    assert [read_all(READER, content, name) for name, content in found] == [[("attachment.pdf", b"%PDF-1.7")]] * 2


def test_a_table_without_a_name_is_an_attachment_and_text_is_not() -> None:
    content = _multipart(_entity("text/plain", b"Hola"), _entity("text/csv", b"a;b"), _pdf_part())
    assert [name for name, _ in read_all(READER, content, "m.eml")] == ["attachment.csv", "attachment.pdf"]


def test_a_file_written_into_the_text_is_an_attachment() -> None:
    lines = b"".join(binascii.b2a_uu(CSV[at : at + 45]) for at in range(0, len(CSV), 45)).replace(b"\n", b"\r\n")
    text = b"Hola\r\n\r\nbegin 644 a\xc3\xb1o.csv\r\n" + lines + b"`\r\nend\r\n"
    content = b"From: a@example.com\r\nTo: b@example.com\r\n\r\n" + text
    assert read_all(READER, content, "m.eml") == [("año.csv", CSV)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_name_in_raw_bytes_is_read(encoding: str) -> None:
    part = b'Content-Disposition: attachment; filename="' + "Factura año.csv".encode(encoding) + b'"\r\n\r\na;b\r\n'
    assert read_all(READER, _multipart(part), "m.eml") == [("Factura año.csv", b"a;b")]


def test_what_mail_programs_add_is_no_document() -> None:
    litter = [
        _entity("application/octet-stream", b"x", **{"Content-Disposition": f'attachment; filename="{name}"'})
        for name in ("smime.p7s", "daticert.xml", "invite.ics", "ana.vcf", "ATT00001.txt")
    ]
    half = _entity('application/applefile; name="f.pdf"', b"\0\5\x16\7x")
    assert read_all(READER, _multipart(*litter, half, _pdf_part()), "m.eml") == [("attachment.pdf", b"%PDF-1.7")]
    assert refusal(READER, _multipart(*litter), "m.eml") == "mail_without_attachments"


def test_a_mail_with_nothing_attached_is_told_so() -> None:
    assert refusal(READER, _mail().as_bytes(), "m.eml") == "mail_without_attachments"


def test_two_hundred_attachments_are_the_most() -> None:
    part = b'--B\r\nContent-Type: text/plain; name="a.txt"\r\n\r\nx\r\n'
    head = b"From: a@example.com\r\nTo: b@example.com\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    assert refusal(READER, head + part * 201 + b"--B--\r\n", "m.eml") == "too_many_entries"


def test_messages_within_messages_without_end_are_refused_by_the_outermost() -> None:
    message = _mail()
    for level in range(8):
        outer = _mail()
        outer.add_attachment(message)
        message = outer
        expected = "mail_too_deep" if level >= 5 else None
        if expected:
            assert refusal(READER, message.as_bytes(), "m.eml") == expected
        else:
            assert [name for name, _ in read_all(READER, message.as_bytes(), "m.eml")] == ["message.eml"]


def test_parts_within_parts_without_end_are_refused() -> None:
    head = b"From: a@example.com\r\nTo: b@example.com\r\n"
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="B%d"\r\n\r\n--B%d\r\n' % (level, level) for level in range(40)
    )
    assert refusal(READER, head + nested + b"Content-Type: application/pdf\r\n\r\nx\r\n", "m.eml") == "mail_too_deep"


@given(st.binary(max_size=500))
def test_garbage_after_a_header_is_members_or_a_refusal_and_nothing_else(body: bytes) -> None:
    content = b'From: a@example.com\r\nContent-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\n' + body
    probe = Probe(name="m.eml", size=len(content), head=content, media_type="message/rfc822")
    with suppress(Unreadable, Unsupported):
        assert all(isinstance(m.content, bytes) for m in READER.read(io.BytesIO(content), probe).members)
