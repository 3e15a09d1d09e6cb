from __future__ import annotations

from app.modules.imports.usecases.mapping_trials import preview_rows, suggest_mapping

ROW = {"Nº factura": "A-1", "Base imponible": 100, "Tipo IVA": 0.21, "Cuota IVA": 21, "Total": 121}


def test_a_suggested_mapping_shows_what_is_done_to_rates_in_fractions() -> None:
    definition = suggest_mapping([ROW, ROW]).definition
    assert definition["columns"]["taxes.0.rate"] == {
        "columns": ["Tipo IVA"],
        "transforms": [{"name": "multiply", "arguments": ["100"]}],
    }
    [previewed] = preview_rows(definition, [ROW]).rows
    assert previewed.document is not None
    assert previewed.document["taxes"][0]["rate"] == "21.00"
