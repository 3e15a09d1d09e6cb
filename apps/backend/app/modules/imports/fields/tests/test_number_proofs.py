"""Which labels prove a number or a date, and which leave it to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical import Box, DocumentType
from app.modules.imports.fields.proofs import missing_proofs, unproven_values
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines, page, row

if TYPE_CHECKING:
    from app.modules.imports.domain.page import Page

_SELLER = (row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")))
_SUMS = (
    row(400, (400, "Base imponible"), (480, "100,00")), row(414, (400, "IVA 21 %"), (480, "21,00")),
    row(428, (400, "Total factura"), (480, "121,00")),
)  # fmt: skip
_DATED = row(100, (300, "Fecha: 02/03/2026"))


def test_a_mere_mark_that_counts_items_proves_no_number() -> None:
    counted = row(300, (50, "Núm. 2 - Retejado de cubierta"), (480, "100,00"))
    document = find_fields([page(*_SELLER, row(90, (50, "FACTURA")), _DATED, counted, *_SUMS)])
    assert document.invoice_number == "2"
    assert missing_proofs(document) == ("number_unproven",)


def test_a_mark_under_the_title_is_the_documents_own() -> None:
    document = find_fields([page(*_SELLER, row(90, (50, "FACTURA")), row(102, (50, "Núm. 2")), _DATED, *_SUMS)])
    assert missing_proofs(document) == ()


def test_a_reference_beside_an_unknown_word_is_left_to_a_person() -> None:
    document = find_fields([page(*_SELLER, row(90, (50, "FACTURA")), _DATED, row(120, (50, "Ref. 33 bis")), *_SUMS)])
    assert "number_unproven" in missing_proofs(document)


def test_a_heading_that_says_what_it_is_for_gives_a_number_and_no_proof() -> None:
    told = row(90, (50, "Factura de derechos arancelarios 629/2026, protocolo 1.003"))
    document = find_fields([page(*_SELLER, told, _DATED, *_SUMS)])
    assert document.invoice_number == "629/2026"
    assert missing_proofs(document) == ("number_unproven",)


def test_a_dash_joins_figures_and_no_words() -> None:
    document = find_fields([page(*_SELLER, row(90, (50, "Factura nº 12 - Obras")), _DATED, *_SUMS)])
    assert document.invoice_number == "12"


def test_in_a_table_of_two_documents_the_corrected_one_is_told_apart() -> None:
    document = find_fields([page(
        *_SELLER, row(90, (50, "FACTURA RECTIFICATIVA")),
        row(120, (180, "Documento rectificado"), (350, "Este documento")),
        row(134, (50, "Serie y número"), (180, "V/26/11"), (350, "R/26/3")),
        row(148, (50, "Expedición"), (180, "02-01-2026"), (350, "03-02-2026")), *_SUMS,
    )])  # fmt: skip
    assert (document.invoice_number, document.corrected_invoice_number) == ("R/26/3", "V/26/11")
    assert document.issue_date == date(2026, 2, 3)


def test_a_day_behind_words_that_nobody_knows_is_not_proven() -> None:
    told = (row(90, (50, "FACTURA Nº 12")), row(102, (50, "Entrega prevista antes de 02/03/2026")))
    assert "date_unproven" in missing_proofs(find_fields([page(*_SELLER, *told, *_SUMS)]))
    known = find_fields([page(*_SELLER, row(90, (50, "FACTURA Nº 12 de 02/03/2026")), *_SUMS)])
    assert missing_proofs(known) == ()


def test_title_number_and_day_over_one_another_are_one_block() -> None:
    block = (row(90, (400, "RECIBO-FACTURA")), row(102, (400, "nº R26001")), row(114, (400, "04/03/2026")))
    document = find_fields([page(*_SELLER, *block, row(114, (50, "Calle Norte, 4")), *_SUMS)])
    assert missing_proofs(document) == ()


def test_a_column_called_delivery_note_does_not_make_an_invoice_one() -> None:
    text = "FACTURA DE TRANSPORTE\nNº 12\nAlbarán   Servicio   Bultos   Porte\n4411   Grúa   2   100,00\nTotal 100,00"
    assert find_fields([lines(text)]).doc_type is DocumentType.INVOICE


def _scanned(printed: Page, *, sure: float = 0.97, slope: float = 0.0) -> Page:
    """The page as OCR reads it, each word as sure, from a picture whose rows fall."""
    words = (
        replace(
            word, confidence=sure, box=Box(word.box.left, word.box.top + drop, word.box.right, word.box.bottom + drop)
        )
        for word in printed.words
        for drop in [(word.box.left + word.box.right) / 2 * slope]
    )
    return replace(printed, words=tuple(words), source="ocr")


def _headed(*cells: tuple[float, str]) -> Page:
    return page(*_SELLER, row(90, *cells), *_SUMS)


def test_after_ocr_a_label_is_enough_where_every_glyph_is_sure() -> None:
    printed = _headed((50, "Factura nº F25/0714"), (300, "Fecha: 02/03/2026"))
    assert missing_proofs(find_fields([_scanned(printed)])) == ()
    assert missing_proofs(find_fields([_scanned(printed, sure=0.93)])) == ("date_unproven", "number_unproven")


def test_after_ocr_a_zero_with_no_digit_beside_it_may_be_a_letter() -> None:
    for number, missing in (("0J/25/714", ("number_unproven",)), ("FV0/714", ("number_unproven",)), ("025/714", ())):
        printed = _headed((50, f"Factura nº {number}"), (300, "Fecha: 02/03/2026"))
        assert missing_proofs(find_fields([_scanned(printed)])) == missing
        assert missing_proofs(find_fields([printed])) == ()


@pytest.mark.parametrize("number", ["SIMPLIFICADACP0714", "F25-0714Fecha", "F25 0714"])
def test_after_ocr_a_number_that_lost_or_won_a_space_is_left_to_a_person(number: str) -> None:
    printed = _headed((50, f"Factura: {number}"), (300, "Fecha: 02/03/2026"))
    assert missing_proofs(find_fields([_scanned(printed)])) == ("number_unproven",)


def test_after_ocr_the_only_thing_numbered_may_be_another_one() -> None:
    counted = row(120, (50, "Ref."), (200, "Descripción"), (480, "Precio"))
    item = row(134, (50, "T2678"), (200, "Retejado de cubierta"), (480, "100,00"))
    printed = page(*_SELLER, row(90, (50, "FACTURA"), (300, "Fecha: 02/03/2026")), counted, item, *_SUMS)
    assert find_fields([printed]).invoice_number == "T2678"
    assert missing_proofs(find_fields([_scanned(printed)])) == ("number_unproven",)


def test_on_a_picture_lying_askew_a_value_far_from_its_label_may_be_that_of_another_row() -> None:
    printed = _headed((50, "Factura nº F25/0714"), (300, "Fecha:"), (450, "02/03/2026"))
    assert missing_proofs(find_fields([_scanned(printed, slope=0.01)])) == ()
    assert missing_proofs(find_fields([_scanned(printed, slope=0.04)])) == ("date_unproven",)


def test_the_same_for_a_number() -> None:
    printed = page(
        *_SELLER, row(90, (50, "Factura nº"), (300, "F25/0714")), row(120, (50, "Fecha: 02/03/2026")),
        row(150, (50, "Albarán nº"), (300, "33/1")), *_SUMS,
    )  # fmt: skip
    assert missing_proofs(find_fields([_scanned(printed, slope=0.01)])) == ()
    assert missing_proofs(find_fields([_scanned(printed, slope=0.03)])) == ("number_unproven",)


def test_what_a_credit_note_affects_is_neither_its_number_nor_its_kind() -> None:
    document = find_fields([page(
        *_SELLER, row(90, (50, "Nota de crédito electrónica No. 008-003-000019492")), _DATED,
        row(120, (50, "Afecta a"), (150, "Factura 001-002-000000694")), *_SUMS,
    )])  # fmt: skip
    assert document.doc_type is DocumentType.CREDIT_NOTE
    assert (document.invoice_number, document.corrected_invoice_number) == ("008-003-000019492", "001-002-000000694")


def test_the_same_for_the_number_of_a_corrected_document() -> None:
    told = "La presente rectifica nuestra factura A2601 119, emitida el 19/01/2026"
    printed = page(
        *_SELLER,
        row(90, (50, "FACTURA RECTIFICATIVA nº R-12"), (300, "Fecha: 02/03/2026")),
        row(120, (50, told)),
        *_SUMS,
    )
    assert "corrected_invoice_number" in unproven_values(find_fields([_scanned(printed)]))
