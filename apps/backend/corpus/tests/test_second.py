"""The second family prints what its truth states, repeats for the same seed, and is scored as a person would."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from corpus.chance import Chance
from corpus.evaluate import read_all, report
from corpus.fourth.families import FAMILIES as NEWCOMERS
from corpus.scoring import Verdict, is_whole, score
from corpus.second.families import FAMILIES
from corpus.second.photographed import photograph_all
from corpus.second.spelled import amount_like, day_like
from corpus.second.writing import half_of, print_one, write_second
from corpus.third.families import FAMILIES as STRANGERS

if TYPE_CHECKING:
    from pathlib import Path


def _text(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize("name", [*FAMILIES, *STRANGERS, *NEWCOMERS])
def test_every_layout_shows_the_number_the_supplier_and_the_totals_that_its_truth_states(name: str) -> None:
    pdf, truth = print_one(name, Chance(f"shown {name}"))
    text = _text(pdf)
    bare, digits = re.sub(r"\s", "", text).upper(), re.sub(r"\D", "", text)
    assert re.sub(r"\s", "", truth["invoice_number"]).upper() in bare
    assert truth["supplier"]["tax_id"] in bare
    for key in {"gross", "payable"} & truth["totals"].keys():
        assert re.sub(r"\D", "", truth["totals"][key]).lstrip("0") in digits


def test_the_same_seed_prints_the_same_document() -> None:
    assert print_one("telephone", Chance("same")) == print_one("telephone", Chance("same"))


def test_both_halves_have_layouts_of_both_countries() -> None:
    for half in "ab":
        abouts = [family.about for name, family in FAMILIES.items() if half_of(name) == half]
        assert any(isinstance(about, str) for about in abouts)
        assert any(not isinstance(about, str) for about in abouts)


@pytest.mark.parametrize(
    ("sample", "spelled"),
    [
        ("1.234,56 €", "-9.876,50 €"),
        ("$ 1,234.56", "-$ 9,876.50"),
        ("1234,56", "-9876,50"),
        ("EUR 1 234,56", "-EUR 9 876,50"),
    ],
)
def test_an_amount_is_spelled_as_its_sample(sample: str, spelled: str) -> None:
    assert amount_like(sample, Decimal("-9876.5")) == spelled


def test_a_day_is_spelled_in_the_language_asked_for() -> None:
    assert day_like("%e MONTH de %Y", date(2025, 4, 2), "ca") == "2 d'abril de 2025"


def test_a_verdict_tells_wrong_from_missing_and_a_correction_may_turn_all_signs() -> None:
    truth = {
        "doc_type": "corrective_invoice",
        "invoice_number": "R-1",
        "issue_date": "2025-01-02",
        "supplier": {"name": "Uno, S.L.", "tax_id": "B12345674"},
        "totals": {"gross": "-121.00"},
    }
    read = {
        "doc_type": "credit_note",
        "invoice_number": "r 1",
        "supplier": {"tax_id": "ESB12345674"},
        "totals": {"gross": "121"},
    }
    verdicts = score(truth, read)
    assert verdicts["invoice_number"] is verdicts["totals.gross"] is verdicts["supplier.tax_id"] is Verdict.RIGHT
    assert verdicts["issue_date"] is Verdict.MISSING
    assert score(truth, read | {"issue_date": "2025-02-01"})["issue_date"] is Verdict.WRONG
    assert not is_whole(verdicts)
    assert is_whole(score(truth, read | {"issue_date": "2025-01-02"}))


def test_documents_are_written_read_and_reported(tmp_path: Path) -> None:
    files = write_second(tmp_path, 1, 3, ["catalan", "supplier_in_foot"])
    readings = read_all(files, tmp_path)
    told = report(readings, by_layout=True)
    assert [each.layout for each in readings] == ["catalan", "supplier_in_foot"]
    assert "2 documents in 2 layouts" in told
    assert "totals.gross" in told


def test_photographs_stand_in_for_pages_that_stand_alone(tmp_path: Path) -> None:
    files = write_second(tmp_path, 1, 3, ["receipt_voucher", "carried_sums"])
    pictures = photograph_all(files, 3)
    assert [path.suffix for path in pictures] == [".jpg"]
    assert pictures[0].with_name("00.jpg.truth.json").exists()
