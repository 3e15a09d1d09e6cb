from __future__ import annotations

import io
from contextlib import suppress
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.eml import READER
from app.modules.imports.formats.tests.table_files import read_all, refusal
from app.modules.imports.ports import Probe


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


def test_a_small_picture_of_the_body_is_no_member_and_a_large_one_is() -> None:
    for size, expected in ((100, []), (200_000, ["foto.png"])):
        message = _mail()
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="f.pdf")
        message.add_attachment(
            bytes(size), maintype="image", subtype="png", cid="<i>", filename="foto.png", disposition="inline"
        )
        assert [name for name, _ in read_all(READER, message.as_bytes(), "m.eml")] == ["f.pdf", *expected]


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
