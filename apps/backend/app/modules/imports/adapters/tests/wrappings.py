"""One content in every wrapping that a scanner must look into."""

from __future__ import annotations

import base64
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
    "workbook": in_workbook,
    "pdf": in_pdf,
    "zip in mail in zip": lambda content: in_zip(in_mail(in_zip(content))),
    "pdf in mail in zip": lambda content: in_zip(in_mail(in_pdf(content))),
    "pdf with a zip behind it": lambda content: clean_pdf() + in_zip(content),
    "zip behind a broken pdf": lambda content: in_zip(content, b"%PDF-1.7 and nothing"),
}
