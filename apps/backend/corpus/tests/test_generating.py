"""The same seed gives the same documents, they add up, and held-out layouts stay apart."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from stdnum import iban
from stdnum.es import nif

from corpus import layouts
from corpus.chance import Chance
from corpus.generating import print_document, write_corpus
from corpus.photograph import photograph
from corpus.tax_ids import (
    clave,
    ecuadorian_company,
    ecuadorian_person,
    spanish_account,
    spanish_company,
    spanish_person,
)
from corpus.truth import truth_of


def _add_up(truth: dict[str, Any]) -> bool:
    totals = {key: Decimal(value) for key, value in truth["totals"].items()}
    net = sum(Decimal(row["base"]) for row in truth["taxes"])
    tax = sum(Decimal(row["amount"]) + Decimal(row.get("surcharge_amount", 0)) for row in truth["taxes"])
    lines = sum(Decimal(line["net_amount"]) for line in truth["lines"])
    return net == totals["net"] == lines and tax == totals["tax"] and net + tax == totals["gross"]


@pytest.mark.parametrize("seed", range(6))
def test_an_invoice_states_what_adds_up_and_its_pdf_opens(seed: int) -> None:
    document = print_document(Chance(f"test {seed}"), "page", held_out=False)
    truth = truth_of(document.facts)
    if document.facts.bases_shown and document.facts.gross_shown:
        assert _add_up(truth)
    printed = pypdfium2.PdfDocument(document.pdf)
    text = "".join(page.get_textpage().get_text_range() for page in printed)
    assert truth["supplier"]["tax_id"] in text.replace("\r\n", "")
    assert truth["invoice_number"] in text


@pytest.mark.parametrize("kind", ["ticket", "ride", "statement", "delivery_note", "letter"])
def test_every_kind_of_document_is_printed(kind: str) -> None:
    document = print_document(Chance(f"kind {kind}"), kind, held_out=True)
    assert len(pypdfium2.PdfDocument(document.pdf)) > 0
    assert truth_of(document.facts)["doc_type"] == document.facts.kind


def test_a_statement_leads_from_its_opening_to_its_closing_balance() -> None:
    truth = truth_of(print_document(Chance("account"), "statement", held_out=False).facts)
    moved = sum(Decimal(each["amount"]) for each in truth["transactions"])
    assert Decimal(truth["opening_balance"]) + moved == Decimal(truth["closing_balance"])


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    one = write_corpus(tmp_path / "one", 2, 5, held_out=False, photographs=1)
    other = write_corpus(tmp_path / "other", 2, 5, held_out=False, photographs=1)
    assert [path.name for path in one] == [path.name for path in other]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    truth = json.loads(one[0].with_name(f"{one[0].name}.truth.json").read_text(encoding="utf-8"))
    assert "doc_type" in truth


def test_a_third_of_the_layouts_is_held_out_and_nobody_else_uses_their_parts() -> None:
    every = [layouts.layout_of(number) for number in range(layouts.COUNT)]
    training = [each for each in every if not each.held_out]
    assert len(every) == 3 * (len(every) - len(training))
    assert len({(each.arrangement, each.supplier, each.buyer, each.meta, each.totals) for each in training}) >= 25
    kept = {choice[1:] for choice in layouts.ARRANGEMENTS if choice.startswith("*")}
    assert kept.isdisjoint(each.arrangement for each in training)
    assert kept & {each.arrangement for each in every}


def test_a_photograph_is_a_page_of_any_lie() -> None:
    page = np.full((1400, 1000, 3), 255, np.uint8)
    page[300:320, 100:900] = 0
    shapes = {photograph(page, Chance(f"photo {number}"))[0].shape[:2] for number in range(4)}
    assert all(min(shape) >= 700 for shape in shapes)


def test_invented_numbers_pass_the_checks_of_their_countries() -> None:
    chance = Chance("numbers")
    for _ in range(20):
        assert nif.is_valid(spanish_company(chance))
        assert nif.is_valid(spanish_person(chance))
        assert iban.is_valid(spanish_account(chance))
        assert len(ecuadorian_company(chance)) == len(f"{ecuadorian_person(chance)}001")
    truth = truth_of(print_document(chance, "ride", held_out=False).facts)
    assert len(truth["access_key"]) == len(clave(chance, date(2025, 5, 5), "01", "1790012344001", "001-001-000000001"))
