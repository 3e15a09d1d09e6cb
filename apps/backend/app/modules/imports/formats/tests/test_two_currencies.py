"""The tax of an invoice in another currency than its supplier's books, which the standard has stated twice (BT-110, BT-111)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.modules.imports.formats import cii, ubl
from app.modules.imports.formats.tests.cii_invoices import invoice
from app.modules.imports.formats.tests.statement_samples import read

UBL = (Path(__file__).parent / "samples/ubl/allowance-charge-prepaid.xml").read_text(encoding="utf-8")
ACCOUNTING = "<{0}:TaxCurrencyCode>CHF</{0}:TaxCurrencyCode>"


@pytest.mark.parametrize(
    ("currency", "accounting", "tax"),
    [
        ("EUR", ACCOUNTING, Decimal("19.00")),
        ("CHF", ACCOUNTING, None),
        # A currency that is nobody's is a slip of the pen.
        ("CHF", "", Decimal("19.00")),
    ],
)
def test_tax_in_the_accounting_currency_alone_is_not_that_of_a_cii(
    currency: str, accounting: str, tax: Decimal | None
) -> None:
    text = invoice("100.00", "19.00", "119.00", settled=accounting.format("ram"))
    [document] = read(cii.READER, text.replace(b'currencyID="EUR"', f'currencyID="{currency}"'.encode()))
    assert document.totals.tax == tax


@pytest.mark.parametrize(("accounting", "tax"), [(ACCOUNTING, None), ("", Decimal("31.95"))])
def test_nor_that_of_a_ubl_invoice(accounting: str, tax: Decimal | None) -> None:
    at = UBL.index("<cac:TaxTotal>"), UBL.index("</cac:TaxTotal>")
    group = UBL[at[0] : at[1]].replace('"EUR"', '"CHF"')
    text = UBL[: at[0]] + group + UBL[at[1] :]
    code = "</cbc:DocumentCurrencyCode>"
    assert code in text
    [document] = read(ubl.READER, text.replace(code, code + accounting.format("cbc")).encode())
    assert document.totals.tax == tax
    assert bool(document.taxes) is (tax is not None)
