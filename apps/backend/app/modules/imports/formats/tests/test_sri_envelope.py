"""What vouchers of the SRI come wrapped in, and when their authorisation is proven."""

from __future__ import annotations

import base64
import html

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.tests.sri_vouchers import CLAVE, authorised, cdata, factura, vouchers

PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'
OTHER = factura().replace(CLAVE, CLAVE[:-1] + "9")
BROKEN = cdata(OTHER.replace("</detalles>", ""))


@pytest.mark.parametrize(
    "inner",
    [
        cdata(PROLOG + factura()),
        factura(),
        html.escape(PROLOG + factura()),
        html.escape(html.escape(PROLOG + factura())),
        html.escape(cdata(PROLOG + factura())),
        cdata("\ufeff" + PROLOG + factura()),
        cdata("ï»¿" + PROLOG + factura()),
        base64.b64encode(factura().encode()).decode(),
        base64.encodebytes((PROLOG + factura()).encode("utf-8-sig")).decode(),
    ],
    ids=[
        "cdata",
        "elements",
        "escaped",
        "escaped twice",
        "cdata escaped",
        "mark",
        "mark as latin",
        "base64",
        "base64 with mark",
    ],
)
def test_a_voucher_is_found_whatever_it_comes_wrapped_in(inner: str) -> None:
    [document] = vouchers(authorised(inner))
    assert (document.access_key, document.buyer.name, document.findings) == (CLAVE, "ROSA PEÑA", ())


def test_a_voucher_that_cannot_be_read_does_not_hide_the_others() -> None:
    found = vouchers(f"<autorizaciones>{authorised(cdata(factura()))}{authorised(BROKEN)}</autorizaciones>")
    assert [document.findings for document in found] == [("part_unreadable",)]


def test_where_none_can_be_read_the_file_cannot() -> None:
    with pytest.raises(Unreadable) as caught:
        vouchers(authorised(BROKEN))
    assert caught.value.code == "xml_malformed"


def test_envelopes_within_envelopes_end_somewhere() -> None:
    text = factura()
    for _ in range(6):
        text = authorised(html.escape(text))
    with pytest.raises(Unreadable) as caught:
        vouchers(text)
    assert caught.value.code == "xml_too_deep"


def test_a_message_that_quotes_a_voucher_is_none() -> None:
    message = html.escape("<factura> corregida por el emisor")
    [document] = vouchers(authorised(cdata(factura()), more=f"<mensajes><mensaje>{message}</mensaje></mensajes>"))
    assert document.findings == ()


@pytest.mark.parametrize(
    ("number", "proven"), [(CLAVE, True), ("1" * 37, True), (f" {CLAVE} ", True), ("", False), ("0", False), ("x" * 49, False)]
)  # fmt: skip
def test_only_a_number_of_the_sri_proves_that_it_authorised(number: str, *, proven: bool) -> None:
    text = factura().replace(f"<claveAcceso>{CLAVE}</claveAcceso>", "")
    [document] = vouchers(authorised(cdata(text), number))
    assert ("not_proven_authorised" not in document.findings) == proven
