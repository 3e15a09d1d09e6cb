from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.mapping.rows import read_row
from app.modules.imports.mapping.stored import row_reader
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

HEAD = ("Fecha", "Nº factura", "Proveedor")


def _read(header: tuple[str, ...], *rows: tuple[str, ...]) -> list[CanonicalDocument]:
    sheet = table([(*HEAD, *header)], [("13/01/2026", f"F{i}", "ACME", *row) for i, row in enumerate(rows)])
    read = row_reader(infer_table_mapping(sheet))
    return [read(row) for _, row in read_table_rows(sheet)]


def _taxes(document: CanonicalDocument) -> list[tuple[object, ...]]:
    return [(tax.rate, tax.base, tax.amount) for tax in document.taxes]


@pytest.mark.parametrize(
    "header",
    [
        ("Base 10%", "IVA 10%", "Base 21%", "IVA 21%", "Total"),
        ("Base IVA 10 %", "Cuota IVA 10 %", "Base IVA 21 %", "Cuota IVA 21 %", "Total"),
        ("Base imponible 10", "Cuota 10", "Base imponible 21", "Cuota 21", "Total"),
    ],
)
def test_the_rate_stands_in_the_headings(header: tuple[str, ...]) -> None:
    (document,) = _read(header, ("50,00", "5,00", "100,00", "21,00", "176,00"))
    assert _taxes(document) == [(10, 50, 5), (21, 100, 21)]
    assert (document.totals.gross, document.totals.net) == (Decimal(176), None)
    assert document.evidence["taxes.1.base"].text == "100,00"


@pytest.mark.parametrize(
    "header",
    [
        ("Base imponible 1", "%IVA 1", "Cuota IVA 1", "Base imponible 2", "%IVA 2", "Cuota IVA 2", "Total"),
        ("Base1", "PIVA1", "IIVA1", "Base2", "PIVA2", "IIVA2", "Total"),
    ],
)
def test_the_groups_are_numbered(header: tuple[str, ...]) -> None:
    (document,) = _read(header, ("100,00", "21", "21,00", "50,00", "10", "5,00", "176,00"))
    assert _taxes(document) == [(21, 100, 21), (10, 50, 5)]


def test_a_rate_of_which_a_row_has_nothing_is_none_of_its_taxes() -> None:
    header = ("Base 4%", "IVA 4%", "Base 21%", "IVA 21%", "Total")
    zero, blank = _read(header, ("0,00", "0,00", "100,00", "21,00", "121,00"), ("", "", "100,00", "21,00", "121,00"))
    for document in (zero, blank):
        assert _taxes(document) == [(21, 100, 21)]
        assert document.evidence["taxes.0.base"].path == "Base 21%"
        assert "taxes.1.base" not in document.evidence


def test_the_taxes_tell_a_total_from_which_something_is_withheld() -> None:
    header = ("Base 4%", "IVA 4%", "Base 21%", "IVA 21%", "Retención IRPF", "Total")
    (document,) = _read(header, ("100,00", "4,00", "200,00", "42,00", "15,00", "331,00"))
    assert (document.totals.gross, document.totals.payable) == (None, Decimal(331))


def test_one_rate_or_a_column_that_sums_the_taxes_needs_no_groups() -> None:
    assert _read(("Base 21%", "IVA 21%", "Total"), ("100,00", "21,00", "121,00"))[0].taxes == ()
    (document,) = _read(
        ("Base 0%", "Base 12%", "IVA", "Total"),
        ("5,00", "100,00", "12,00", "117,00"),
    )
    assert (document.taxes, document.totals.tax) == ((), Decimal(12))


@pytest.mark.parametrize(("withheld", "field"), [("0,00", "gross"), ("150,00", "payable")])
def test_a_tax_beside_its_surcharge_is_not_all_of_the_tax(withheld: str, field: str) -> None:
    row = {"Nº factura": "1", "Base": "1000,00", "Tipo IVA": "21", "Cuota IVA": "210,00", "Cuota recargo": "52,00"}
    total = "1262,00" if field == "gross" else "1112,00"
    document = read_row({**row, "IRPF": withheld, "Total": total})
    assert getattr(document.totals, field) == Decimal(total.replace(",", "."))
    assert document.totals.tax is None
    assert (document.taxes[0].amount, document.taxes[0].surcharge_amount) == (Decimal(210), Decimal(52))
    assert document.evidence["taxes.0.amount"].path == "Cuota IVA"


def test_a_tax_that_holds_its_surcharge_stays_the_tax() -> None:
    row = {"Nº factura": "1", "Base": "1000,00", "IVA": "262,00", "Cuota recargo": "52,00", "Total": "1262,00"}
    assert read_row(row).totals.tax == Decimal(262)
