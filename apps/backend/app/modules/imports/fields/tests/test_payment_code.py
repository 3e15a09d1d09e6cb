"""The payment code of an invoice: an exact account, and a second witness for what is printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import Box, Proof
from app.modules.imports.domain.page import Code, Page
from app.modules.imports.fields.payment_code import read_payment_code
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_IBAN = "ES9121000418450200051332"
_PAYLOAD = f"BCD\n002\n1\nSCT\n\nTalleres Alba, S.L.\n{_IBAN}\nEUR121\n\n\nFactura F-2025/118\n"
_SWISS = "SPC\n0200\n1\nCH9300762011623852957\nS\nMuster AG\nWeg\n1\n8000\nBern\nCH"
_INVOICE = """
Talleres Alba, S.L.                          FACTURA
NIF B70403027                                Nº F-2025/118
                                             Fecha 03/03/2025
Reparación                                     121,00
Total                                          121,00
"""


def _coded(text: str, payload: str) -> Page:
    return replace(lines(text), codes=(Code("QRCode", payload, Box(400, 600, 480, 680)),), source="ocr")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_code_states_payee_account_amount_and_remittance(end: str) -> None:
    code = read_payment_code(_PAYLOAD.replace("\n", end))
    assert code is not None
    assert (code.payee, code.iban, code.amount) == ("Talleres Alba, S.L.", _IBAN, Decimal("121.00"))
    assert code.remittance == "Factura F-2025/118"


@pytest.mark.parametrize(
    "text",
    [
        "", "BCD", "BCD\n002\n1\nSCT", _SWISS, "https://example.test/BCD", _PAYLOAD.replace("002", "003"),
        _PAYLOAD.replace("ES91", "ES92"), _PAYLOAD.replace("EUR121", "USD121"), _PAYLOAD.replace("EUR121", "EUR1,21"),
        _PAYLOAD + "x" * 400,
    ],
)  # fmt: skip
def test_anything_else_is_no_payment_code(text: str) -> None:
    assert read_payment_code(text) is None


def test_a_code_without_an_amount_leaves_it_to_the_payer() -> None:
    code = read_payment_code(_PAYLOAD.replace("EUR121", ""))
    assert code is not None
    assert code.amount is None


def test_what_the_code_repeats_is_proven() -> None:
    document = find_fields([_coded(_INVOICE, _PAYLOAD)])
    assert document.iban == _IBAN
    assert document.evidence["iban"].source == "code"
    for path in ("totals.gross", "supplier.name", "invoice_number"):
        assert Proof.CORROBORATED in document.evidence[path].proofs
    assert "total_unproven" not in missing_proofs(document)


def test_a_part_payment_proves_no_total() -> None:
    document = find_fields([_coded(_INVOICE, _PAYLOAD.replace("EUR121", "EUR60.50"))])
    assert document.totals.gross == Decimal("121.00")
    assert "total_unproven" in missing_proofs(document)


def test_a_bank_that_bought_the_debt_does_not_become_the_supplier() -> None:
    document = find_fields([_coded(_INVOICE, _PAYLOAD.replace("Talleres Alba, S.L.", "Factoring Norte, S.A."))])
    assert document.supplier.name == "Talleres Alba, S.L."
    assert Proof.CORROBORATED not in document.evidence["supplier.name"].proofs


def test_a_swiss_bill_changes_nothing() -> None:
    assert find_fields([_coded(_INVOICE, _SWISS)]) == find_fields([replace(lines(_INVOICE), source="ocr")])
