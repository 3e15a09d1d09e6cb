from __future__ import annotations

import json

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.model import ColumnRule, TableMapping, Transform, from_json, read_transforms, to_json
from app.modules.imports.mapping.problem import ValueProblem

COLUMNS = {"invoice_number": "Nº"}


def test_a_mapping_survives_the_store() -> None:
    mapping = TableMapping(
        target=DocumentType.EXPENSE,
        columns={
            "totals.gross": ColumnRule(columns=("Importe",), required=True),
            "description": ColumnRule(columns=("A", "B"), transforms=(Transform(name="concat", arguments=(" / ",)),)),
        },
        defaults={"currency": "EUR"},
        decimal_mark=",",
        date_order="dmy",
        version=3,
    )
    assert from_json(json.loads(json.dumps(to_json(mapping)))) == mapping


def test_columns_and_transforms_may_be_written_short() -> None:
    stored = {
        "target": "invoice",
        "columns": {
            "invoice_number": "Nº",
            "description": ["A", "B"],
            "supplier.tax_id": {"column": "NIF", "transforms": ["strip", ["replace", "-", ""], {"name": "upper"}]},
        },
    }
    columns = from_json(stored).columns
    assert columns["invoice_number"] == ColumnRule(columns=("Nº",))
    assert columns["description"].columns == ("A", "B")
    assert [t.name for t in columns["supplier.tax_id"].transforms] == ["strip", "replace", "upper"]


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ([], "mapping_not_an_object"),
        ({"target": "invoice", "columns": COLUMNS, "code": "x"}, "mapping_unknown_key"),
        ({"target": "spaceship", "columns": COLUMNS}, "mapping_bad_target"),
        ({"target": "bank_statement", "columns": COLUMNS}, "mapping_bad_target"),
        ({"target": "invoice"}, "mapping_no_columns"),
        ({"target": "invoice", "columns": {}}, "mapping_no_columns"),
        ({"target": "invoice", "columns": {"entry.amount": "x"}}, "mapping_unknown_field"),
        ({"target": "invoice", "columns": {"taxes.10.rate": "x"}}, "mapping_unknown_field"),
        ({"target": "invoice", "columns": {"evidence": "x"}}, "mapping_unknown_field"),
        ({"target": "invoice", "columns": {"invoice_number": ""}}, "mapping_bad_column"),
        ({"target": "invoice", "columns": {"invoice_number": 7}}, "mapping_bad_column"),
        ({"target": "invoice", "columns": {"invoice_number": {"column": "x", "required": 1}}}, "mapping_bad_column"),
        ({"target": "invoice", "columns": {"invoice_number": {"column": "x", "python": "1"}}}, "mapping_unknown_key"),
        ({"target": "invoice", "columns": COLUMNS, "defaults": {"currency": 1.5}}, "mapping_bad_default"),
        ({"target": "invoice", "columns": COLUMNS, "defaults": {"nope": "x"}}, "mapping_unknown_field"),
        ({"target": "invoice", "columns": COLUMNS, "decimal_mark": ";"}, "mapping_bad_mark"),
        ({"target": "invoice", "columns": COLUMNS, "date_order": "ydm"}, "mapping_bad_order"),
        ({"target": "invoice", "columns": COLUMNS, "version": 0}, "mapping_bad_version"),
        (
            {"target": "invoice", "columns": {"invoice_number": {"column": "x", "transforms": ["exec"]}}},
            "unknown_transform",
        ),
        (
            {"target": "invoice", "columns": {"invoice_number": {"column": "x", "transforms": [7]}}},
            "bad_transform_arguments",
        ),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_a_stable_code(stored: object, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        from_json(stored)
    assert caught.value.code == code


def test_transforms_may_be_one_name() -> None:
    assert read_transforms("upper") == (Transform(name="upper"),)
    assert read_transforms(None) == ()
