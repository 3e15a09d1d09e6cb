"""A mapping may ask for so much work of a row, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.fields import field_kind
from app.modules.imports.mapping.model import from_json
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.stored import row_reader

FIELDS = ("invoice_number", "issue_date", "due_date", "currency", "supplier.name", "supplier.tax_id", "buyer.name",
          "supplier.country", "totals.net", "totals.tax", "totals.gross")  # fmt: skip


def mapping(transforms: int = 0, fields: int = 1, columns: int = 1) -> dict[str, Any]:
    rule = {"columns": ["a"] * columns, "transforms": ["strip"] * transforms}
    return {"target": "invoice", "columns": dict.fromkeys(FIELDS[:fields], rule)}


def laid_over(base: dict[str, Any] | None, transforms: int, fields: int = 1, defaults: int = 0) -> dict[str, Any]:
    declared = {f"lines.{n}.description": "x" for n in range(defaults)}
    return {"base": base, "transforms": dict.fromkeys(FIELDS[:fields], ["strip"] * transforms), "defaults": declared}


def test_the_fields_of_these_tests_are_fields() -> None:
    assert all(field_kind(DocumentType.INVOICE, path) for path in FIELDS)


@pytest.mark.parametrize(
    "stored",
    [
        mapping(transforms=20),
        mapping(transforms=20, fields=10),
        mapping(columns=50, fields=10),
        laid_over(mapping(transforms=10), 10),
        laid_over(None, 20),
    ],
)
def test_as_much_as_there_may_be_is_read(stored: dict[str, Any]) -> None:
    row_reader(stored)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (mapping(transforms=21), "too_many_transforms"),
        (mapping(transforms=20, fields=11), "too_many_transforms"),
        (mapping(columns=51, fields=10), "too_many_columns"),
        (laid_over(mapping(transforms=10), 11), "too_many_transforms"),
        (laid_over(mapping(transforms=19, fields=10), 1, fields=11), "too_many_transforms"),
        (laid_over(None, 21), "too_many_transforms"),
        (laid_over(None, 20, fields=11), "too_many_transforms"),
        (laid_over(None, 0, defaults=501), "too_many_columns"),
    ],
)
def test_more_is_refused_with_a_code(stored: dict[str, Any], code: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        row_reader(stored)
    assert refused.value.code == code


def test_what_a_row_shows_of_its_cells_does_not_grow_with_how_often_they_are_named() -> None:
    rule = {"columns": ["a", *["b"] * 199], "transforms": ["coalesce"]}
    document = row_reader({"target": "invoice", "columns": {"invoice_number": rule}})({"a": "F-1", "b": "x" * 10**6})
    assert document.invoice_number == "F-1"
    assert len(document.evidence["invoice_number"].text or "") < 250_000


def test_the_limit_of_a_field_holds_wherever_a_mapping_is_read() -> None:
    with pytest.raises(ValueProblem, match="too_many_transforms"):
        from_json(mapping(transforms=21))
