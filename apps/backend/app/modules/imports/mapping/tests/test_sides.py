from __future__ import annotations

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.headings import match_columns
from app.modules.imports.mapping.suggestions import suggest


@pytest.mark.parametrize(
    ("header", "tax_id", "name"),
    [
        (("Nº factura", "Fecha", "Cliente", "NIF", "Total"), "buyer", None),
        (("Invoice no", "Date", "Customer", "VAT number", "Total"), "buyer", None),
        (("Serie", "Número", "NIF", "Nombre", "Base", "Cuota IVA repercutida", "Total"), "buyer", "buyer"),
        (("Número", "NIF", "Nombre", "Base", "Cuota IVA soportado", "Total"), "supplier", "supplier"),
        (("Número", "CIF/NIF", "Razón social", "Total"), "supplier", "supplier"),
        (("codigo", "fecha", "nombrecliente", "cifnif", "neto", "total"), "buyer", None),
        (("Nº factura", "Proveedor", "NIF", "Cliente", "Total"), "supplier", None),
        (("Nº factura", "Proveedor", "Fecha", "Cliente", "NIF", "Total"), "buyer", None),
        (("RUC emisor", "Razón social emisor", "Identificación receptor", "Factura", "Total"), "supplier", None),
    ],
)
def test_a_bare_tax_id_is_of_the_party_that_the_table_speaks_of(
    header: tuple[str, ...], tax_id: str, name: str | None
) -> None:
    matched = match_columns(header, DocumentType.INVOICE)
    bare = next(column for column in header if column in ("NIF", "VAT number", "CIF/NIF", "RUC emisor", "cifnif"))
    assert matched[f"{tax_id}.tax_id"] == bare
    if name is not None:
        assert matched[f"{name}.name"] in ("Nombre", "Razón social")


def test_a_suggestion_gives_the_tax_id_of_customers_to_the_buyer() -> None:
    header = ["Nº factura", "Fecha", "Cliente", "NIF", "Total"]
    found = suggest(header, [["F1", "13/01/2024", "Acme", "B12345674", "121,00"]])
    assert found is not None
    assert found.columns["buyer.tax_id"].column == "NIF"
    assert "supplier.tax_id" not in found.columns


def test_a_third_party_may_be_either() -> None:
    header = ("Tipo registro", "Número", "Fecha", "Tercero", "CIF/NIF", "Cuota IVA", "Total")
    assert not {"supplier.tax_id", "buyer.tax_id"} & match_columns(header, DocumentType.INVOICE).keys()
    bought = (*header[:3], "Tercero", "CIF/NIF", "Cuota IVA soportado", "Total")
    assert match_columns(bought, DocumentType.INVOICE)["supplier.tax_id"] == "CIF/NIF"


def test_a_name_is_a_party_only_beside_a_tax_id() -> None:
    assert "supplier.name" not in match_columns(("Fecha", "Nombre", "Importe"), DocumentType.EXPENSE)
