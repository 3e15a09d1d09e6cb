"""Movements of a printed account: the balances tell the signs, and what does not follow is not read."""

from __future__ import annotations

from decimal import Decimal

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_HEAD = """
Caja del Olivar                     EXTRACTO DE CUENTA
IBAN: ES91 2100 0418 4502 0005 1332
Periodo: 01/03/2025 - 31/03/2025          Saldo anterior: 1.000,00
"""
_SIGNED = """
Fecha        F. valor     Concepto                  Importe         Saldo
03/03/2025   03/03/2025   Alquiler local            -450,00        550,00
10/03/2025   11/03/2025   Transferencia recibida     900,50      1.450,50
28/03/2025   28/03/2025   Recibo luz                 -60,25      1.390,25
"""
_UNSIGNED = """
Fecha        Concepto                      Debe        Haber         Saldo
03/03/2025   Alquiler local              450,00                     550,00
10/03/2025   Transferencia recibida                    900,50     1.450,50
28/03/2025   Recibo luz                   60,25                   1.390,25
"""


def _amounts(document: CanonicalDocument) -> list[str]:
    assert document.statement is not None
    return [str(entry.amount) for entry in document.statement.entries]


def test_signed_movements_are_read_with_both_dates_and_are_proven() -> None:
    document = find_fields([lines(_HEAD + _SIGNED)])
    assert document.doc_type is DocumentType.BANK_STATEMENT
    assert document.statement is not None
    assert document.statement.account_iban == "ES9121000418450200051332"
    assert (document.statement.opening_balance, document.statement.closing_balance) == (
        Decimal(1000),
        Decimal("1390.25"),
    )
    assert _amounts(document) == ["-450.00", "900.50", "-60.25"]
    second = document.statement.entries[1]
    assert (str(second.booking_date), str(second.value_date)) == ("2025-03-10", "2025-03-11")
    assert second.description == "Transferencia recibida"
    assert missing_proofs(document) == ()


def test_two_columns_without_signs_are_told_apart_by_the_balances() -> None:
    assert _amounts(find_fields([lines(_HEAD + _UNSIGNED)])) == ["-450.00", "900.50", "-60.25"]


def test_the_newest_movement_may_come_first() -> None:
    head, *rows = _SIGNED.strip("\n").split("\n")
    turned = "\n".join([head, *reversed(rows)])
    assert _amounts(find_fields([lines(f"{_HEAD}\n{turned}")])) == ["-60.25", "900.50", "-450.00"]


def test_movements_that_do_not_lead_from_balance_to_balance_are_left_to_a_person() -> None:
    document = find_fields([lines(_HEAD + _SIGNED.replace("1.450,50", "1.540,50"))])
    assert document.doc_type is DocumentType.BANK_STATEMENT
    assert _amounts(document) == []
    assert missing_proofs(document) == ("total_unproven",)


def test_without_balances_the_movements_have_to_make_up_the_difference() -> None:
    text = (
        _HEAD
        + """
Fecha        Concepto                  Importe
03/03/2025   Alquiler local            -450,00
10/03/2025   Transferencia recibida     900,50
                        Saldo final   1.450,50
"""
    )
    assert _amounts(find_fields([lines(text)])) == ["-450.00", "900.50"]
