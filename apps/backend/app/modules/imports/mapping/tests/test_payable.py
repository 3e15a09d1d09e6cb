from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.mapping.rows import read_row

ROW = {"Número": "1", "Emisor": "ANA", "Base": "100,00", "IVA": "21,00", "IRPF": "15,00", "Total factura": "106,00"}


@pytest.mark.parametrize(("withheld", "total"), [("15,00", "106,00"), ("-15,00", "106,00")])
def test_a_total_without_what_is_withheld_is_the_one_to_be_paid(withheld: str, total: str) -> None:
    document = read_row({**ROW, "IRPF": withheld, "Total factura": total})
    assert (document.totals.gross, document.totals.payable) == (None, Decimal("106.00"))
    assert document.evidence["totals.payable"].path == "Total factura"
    assert "totals.gross" not in document.evidence


@pytest.mark.parametrize(
    ("net", "withheld", "read"),
    [("100,00", "-15,00", "15.00"), ("-100,00", "15,00", "-15.00"), ("0", "-1,00", "-1.00")],
)
def test_a_sign_before_what_is_withheld_says_that_it_is_taken_off(net: str, withheld: str, read: str) -> None:
    document = read_row({**ROW, "Base": net, "IRPF": withheld})
    assert document.totals.withholding == Decimal(read)
    assert document.evidence["totals.withholding"].text == withheld


@pytest.mark.parametrize(
    "change",
    [
        {"Total factura": "121,00"},
        {"Total factura": "100,00"},
        {"IRPF": ""},
        {"IVA": ""},
        {"A pagar": "106,00"},
    ],
)
def test_any_other_total_stays_where_it_was_printed(change: dict[str, str]) -> None:
    row = {**ROW, **change}
    assert read_row(row).totals.gross == Decimal(row["Total factura"].replace(",", "."))
