"""One content in every wrapping that a scanner must look into."""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zipfile
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import openpyxl
import pikepdf
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable

EICAR: Final = base64.b64decode(
    "WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo="
)


def in_zip(content: bytes, *others: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, member in enumerate((*others, content)):
            archive.writestr(f"{number}.dat", member)
    return packed.getvalue()


def in_mail(content: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ana@taller.example", "facturas@taller.example", "Factura"
    mail.set_content("Adjunta.")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="factura.pdf")
    return mail.as_bytes()


def in_encoded_forward(content: bytes) -> bytes:
    """A forwarded message that was encoded like a file, which RFC 2046 forbids and some programs do."""
    head = (
        b"From: a@example.com\nMIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    )
    return head + base64.encodebytes(in_mail(content))


def in_chunks(content: bytes) -> bytes:
    """Base64 in lines that are padded each."""
    lines = b"\n".join(base64.b64encode(content[at : at + 10]) for at in range(0, len(content), 10))
    head = b"From: a@example.com\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64 (so)\n\n"
    return head + lines + b"\n"


def in_text(content: bytes) -> bytes:
    """Uuencoded in the text of a mail that is the second of an mbox."""
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    mark = b"From a@example.com Mon Jan  5 10:00:00 2026\n"
    head = b"From: a@example.com\nTo: b@example.com\n\n"
    return mark + head + b"Hola\n\n" + mark + head + b"begin 644 factura.pdf\n" + lines + b"`\nend\n"


def in_workbook(content: bytes) -> bytes:
    packed = io.BytesIO(clean_workbook())
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/embeddings/oleObject1.bin", content)
    return packed.getvalue()


def in_pdf(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(clean_pdf())) as pdf:
        pdf.attachments["factura.xml"] = content
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    written = io.BytesIO()
    pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def clean_pdf() -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.drawString(72, 720, "Factura 2026/001 Talleres Inventados S.L. Total 121,00 EUR")
    canvas.save()
    return written.getvalue()


def clean_workbook() -> bytes:
    written = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Hoja").append(["Fecha", "Importe"])
    workbook.save(written)
    return written.getvalue()


WRAPPINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "plain": lambda content: content,
    "in the middle": lambda content: b"x" * 100_000 + content + b"x" * 100_000,
    "zip": in_zip,
    "zip in zip": lambda content: in_zip(in_zip(content)),
    "gzip": gzip.compress,
    "mail": in_mail,
    "forwarded mail that was encoded": in_encoded_forward,
    "mail in padded chunks": in_chunks,
    "text of a mail in an mbox": in_text,
    "mail in UTF-16": lambda content: in_mail(content).decode("ascii").encode("utf-16"),
    "workbook": in_workbook,
    "pdf": in_pdf,
    "zip in mail in zip": lambda content: in_zip(in_mail(in_zip(content))),
    "pdf in mail in zip": lambda content: in_zip(in_mail(in_pdf(content))),
    "pdf with a zip behind it": lambda content: clean_pdf() + in_zip(content),
    "zip behind a broken pdf": lambda content: in_zip(content, b"%PDF-1.7 and nothing"),
}
