"""No address in a document is ever called: a listener waits at the address that every file names, and nobody comes."""

from __future__ import annotations

import io
import socket
import threading
import time
import warnings
import zipfile
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

import openpyxl
import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from app.main import create_app
from app.modules.imports.web.tests.conftest import Caller, new_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.usecases.house import House
    from app.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client works with httpx as well as with its successor
    from fastapi.testclient import TestClient


@dataclass
class Listener:
    """``came`` counts who connected."""

    address: str
    came: int = 0


@pytest.fixture
def listener() -> Iterator[Listener]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        heard = Listener(f"http://127.0.0.1:{server.getsockname()[1]}/canary")

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                heard.came += 1
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield heard
        server.shutdown(socket.SHUT_RDWR)


def as_xml(address: str) -> bytes:
    return (
        f'<?xml version="1.0"?><?xml-stylesheet href="{address}.xsl" type="text/xsl"?>'
        f'<!DOCTYPE f SYSTEM "{address}.dtd" [<!ENTITY x SYSTEM "{address}"><!ENTITY % p SYSTEM "{address}.p">%p;]>'
        f'<f xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:x {address}.xsd"><xi:include href="{address}"/>&x;</f>'
    ).encode()


def as_undeclared_xml(address: str) -> bytes:
    return as_xml(address).replace(b"<!DOCTYPE", b"<!--").replace(b"%p;]>", b"-->").replace(b"&x;", b"")


def as_svg(address: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}"/><use href="{address}#x"/></svg>'.encode()


def as_html(address: str) -> bytes:
    return f'<html><link href="{address}"><img src="{address}"><table><tr><td>1</td></tr></table></html>'.encode()


def as_mail(address: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ana@taller.example", "Factura"
    mail.set_content(as_html(address).decode(), subtype="html")
    mail.add_attachment(as_svg(address), maintype="image", subtype="svg+xml", filename="a.svg")
    mail.add_attachment(as_workbook(address), maintype="application", subtype="octet-stream", filename="a.xlsx")
    return mail.as_bytes()


def as_workbook(address: str) -> bytes:
    written = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Fecha", "Total"])  # type: ignore[union-attr]
    book.active.append([f'=WEBSERVICE("{address}")', f'=HYPERLINK("{address}")'])  # type: ignore[union-attr]
    book.save(written)
    link = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        f'Target="{address}" TargetMode="External"/></Relationships>'
    )
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", link)
    return written.getvalue()


def as_pdf(address: str) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written)
    canvas.drawString(72, 700, "FACTURA F-1 Total 121,00 EUR")
    canvas.linkURL(address, (72, 690, 300, 710))
    canvas.save()
    with pikepdf.open(written) as pdf:
        far = {"/Type": pikepdf.Name.Filespec, "/F": address, "/FS": pikepdf.Name.URL}
        pdf.Root.Metadata = pdf.make_stream(as_undeclared_xml(address))
        pdf.Root.AF = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(far))])
        saved = io.BytesIO()
        pdf.save(saved)
    return saved.getvalue()


FILES = {
    "entities.xml": as_xml,
    "included.xml": as_undeclared_xml,
    "picture.svg": as_svg,
    "table.xls": as_html,
    "mail.eml": as_mail,
    "book.xlsx": as_workbook,
    "page.pdf": as_pdf,
}


def test_no_address_in_a_document_is_ever_called(
    house: House, config: Settings, database: Database, tenant: UUID, listener: Listener
) -> None:
    app = create_app(config)
    app.state.house = house
    admin = Caller(TestClient(app), app, tenant, new_key(database, tenant))
    batch = admin.new_batch()
    files = [("files", (name, make(listener.address))) for name, make in FILES.items()]
    assert admin.call("POST", f"/batches/{batch}/files", files=files).status_code in {200, 201, 202}
    until = time.monotonic() + 60
    while not admin.get(f"/batches/{batch}/status").json()["finished"]:
        assert time.monotonic() < until, "the batch did not finish"
        time.sleep(0.1)
    assert listener.came == 0
    socket.create_connection(("127.0.0.1", int(listener.address.split(":")[2].split("/")[0]))).close()
    time.sleep(0.1)
    assert listener.came == 1, "the listener was deaf"
