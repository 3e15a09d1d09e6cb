"""Mails with attachments, as an issuer sends them."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUBTYPES: Final = {"xml": "xml", "pdf": "pdf"}


def message(subject: str, attached: Mapping[str, bytes]) -> bytes:
    """The same bytes each time: the boundary is always the same."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "facturas@example.com", "compras@example.com"
    mail["Date"], mail["Subject"] = "Mon, 16 Mar 2026 10:20:00 -0500", subject
    mail.set_content("Estimado cliente: adjuntamos su comprobante electrónico.")
    for name, content in attached.items():
        subtype = _SUBTYPES[name.rpartition(".")[2]]
        mail.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    mail.set_boundary("=====boundary=====")
    return mail.as_bytes()
