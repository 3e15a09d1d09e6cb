"""A name that lies is told of, and one that merely is sloppy is not."""

from __future__ import annotations

import pytest

from app.modules.imports.formats.claimed_name import name_notes
from app.modules.imports.ports import Probe


@pytest.mark.parametrize(
    ("name", "media_type", "lies"),
    [
        ("factura.pdf", "application/pdf", False),
        ("FACTURA.PDF", "application/pdf", False),
        ("factura.xml", "application/pdf", True),
        ("factura.pdf.exe", "application/pdf", True),
        ("foto.jpg", "image/png", False),
        ("foto.jpg", "application/pdf", True),
        ("factura.xsig", "application/xml", False),
        ("movimientos.xls", "text/html", False),
        ("todo.zip", "application/vnd.oasis.opendocument.spreadsheet", False),
        ("factura", "application/pdf", False),
        ("factura.2026", "application/pdf", False),
    ],
)
def test_only_a_known_ending_that_promises_something_else_lies(name: str, media_type: str, *, lies: bool) -> None:
    probe = Probe(name=name, size=1, head=b"", media_type=media_type)
    assert name_notes(probe) == (("type_mismatch",) if lies else ())
