"""Which labels prove a number or a date, and which leave it to a person."""

from __future__ import annotations

from datetime import date

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines, page, row

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
