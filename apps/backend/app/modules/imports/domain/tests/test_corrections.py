"""What a person enters lies over the reading, and says so."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.corrections import corrected

DOCUMENT = {
    "doc_type": "invoice",
    "totals": {"net": "100.00", "gross": "121.00"},
    "lines": [{"description": "Clavos"}, {"description": "Tornillos"}],
    "evidence": {"totals.gross": {"source": "ocr", "confidence": 0.4}},
}


def test_a_correction_replaces_the_value_and_its_evidence() -> None:
    result = corrected(DOCUMENT, {"totals.gross": "131.00"})
    assert result["totals"]["gross"] == "131.00"
    assert result["evidence"]["totals.gross"] == {"source": "person", "text": "131.00", "proofs": ["person"]}


def test_a_correction_keeps_the_place_on_the_page() -> None:
    place = {"page": 2, "box": [10, 20, 30, 40]}
    read = DOCUMENT | {"evidence": {"totals.gross": {"source": "ocr", "confidence": 0.4, "text": "13l,00", **place}}}
    shown = corrected(read, {"totals.gross": "131.00"})["evidence"]["totals.gross"]
    assert shown == {"source": "person", "text": "131.00", "proofs": ["person"], **place}


def test_the_reading_itself_is_left_alone() -> None:
    corrected(DOCUMENT, {"totals.gross": "131.00"})
    assert DOCUMENT["totals"]["gross"] == "121.00"  # type: ignore[index]


def test_a_missing_branch_grows() -> None:
    assert corrected(DOCUMENT, {"supplier.tax_id": "B29423548"})["supplier"] == {"tax_id": "B29423548"}


def test_none_removes_a_field_and_a_list_element() -> None:
    result = corrected(DOCUMENT, {"totals.net": None, "lines.0": None})
    assert "net" not in result["totals"]
    assert result["lines"] == [{"description": "Tornillos"}]


@pytest.mark.parametrize("path", ["lines.7.description", "lines.x", "evidence.totals", "totals.gross.cents", ""])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        corrected(DOCUMENT, {path: "1"})
