"""What goes out as JSON comes back as the same document."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.canonical import (
    BankEntry,
    Box,
    CanonicalDocument,
    DocumentType,
    Evidence,
    Line,
    Party,
    Proof,
    Statement,
    Tax,
    Totals,
)
from app.modules.imports.domain.canonical_json import canonical_text, from_json, to_json

INVOICE = CanonicalDocument(
    doc_type=DocumentType.INVOICE,
    invoice_number="F-1",
    issue_date=date(2026, 1, 2),
    currency="EUR",
    supplier=Party(name="Ferretería Duero, S.L.", tax_id="B29423548", alt_names=("Duero",)),
    totals=Totals(net=Decimal("100.00"), tax=Decimal("21.00"), gross=Decimal("121.00")),
    taxes=(Tax(rate=Decimal(21), base=Decimal("100.00"), amount=Decimal("21.00")),),
    lines=(Line(description="Tornillos", net_amount=Decimal("100.00")),),
    evidence={
        "totals.gross": Evidence(
            source="text", page=1, box=Box(1, 2, 3, 4), text="121,00", proofs=(Proof.ARITHMETIC,), confidence=0.9
        )
    },
)
STATEMENT = CanonicalDocument(
    doc_type=DocumentType.BANK_STATEMENT,
    statement=Statement(
        account_iban="ES8200000000000000000000",
        opening_balance=Decimal("0.00"),
        entries=(BankEntry(booking_date=date(2026, 1, 3), amount=Decimal("-0.03")),),
    ),
)


@pytest.mark.parametrize("document", [INVOICE, STATEMENT], ids=["invoice", "statement"])
def test_a_document_survives_the_way_through_json(document: CanonicalDocument) -> None:
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_decimals_are_strings_and_absent_values_are_left_out() -> None:
    encoded = to_json(INVOICE)
    assert encoded["totals"] == {"net": "100.00", "tax": "21.00", "gross": "121.00"}
    assert "due_date" not in encoded
    assert "buyer" not in encoded
    assert encoded["lines_count"] == 1


def test_a_statement_shows_its_movements_as_transactions() -> None:
    encoded = to_json(STATEMENT)
    assert encoded["transactions"] == [{"booking_date": "2026-01-03", "amount": "-0.03"}]
    assert encoded["transactions_count"] == 1
    assert encoded["account_iban"] == "ES8200000000000000000000"


def test_a_wrong_shape_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="canonical"):
        from_json({"doc_type": "invoice", "totals": {"net": "a hundred"}})


_TEXT = st.text(st.characters(codec="utf-8")) | st.sampled_from(["ñ\x7f", '"\\/', "\u2028", "\x1f"])
_LEAVES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | _TEXT
_TREES = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner), max_leaves=12)


@given(st.dictionaries(_TEXT, _TREES))
def test_the_fast_encoder_writes_what_the_standard_one_writes(content: dict[str, object]) -> None:
    assert canonical_text(content) == json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_half_a_surrogate_pair_is_written_as_it_is() -> None:
    assert canonical_text({"a": "\ud800"}) == '{"a":"\ud800"}'
