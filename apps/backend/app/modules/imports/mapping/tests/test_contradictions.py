from __future__ import annotations

from app.modules.imports.mapping.tests.bank_layouts import table
from app.modules.imports.mapping.whole_table import infer_table_mapping


def _columns(header: tuple[str, ...], *rows: tuple[object, ...]) -> dict[str, list[str]]:
    mapping = infer_table_mapping(table([header], rows))
    assert mapping is not None
    return {path: rule["columns"] for path, rule in mapping["columns"].items()}


def test_a_heading_of_a_tax_and_of_its_payers_number_is_told_by_the_cells() -> None:
    header = ("Invoice no", "Invoice date", "Supplier", "VAT", "Total")
    amounts = _columns(header, ("1", "2024-01-13", "ACME", "21.00", "121.00"), ("2", "2024-01-14", "B", "0", "5.00"))
    assert (amounts.get("supplier.tax_id"), amounts["totals.tax"]) == (None, ["VAT"])
    numbers = _columns(header, ("1", "2024-01-13", "ACME", "ESB12345674", "121.00"))
    assert (numbers["supplier.tax_id"], numbers.get("totals.tax")) == (["VAT"], None)


def test_a_price_is_no_rate_and_neither_is_a_word_or_another_share() -> None:
    header = ("Nº factura", "Fecha", "Proveedor", "Base", "Tipo", "Cuota", "Total")
    rated = _columns(header, ("1", "2024-01-13", "ACME", "100,00", "21", "21,00", "121,00"))
    assert rated["taxes.0.rate"] == ["Tipo"]
    for other in ("91,85", "Servicio", "1"):
        assert "taxes.0.rate" not in _columns(header, ("1", "2024-01-13", "ACME", "100,00", other, "21,00", "121,00"))
