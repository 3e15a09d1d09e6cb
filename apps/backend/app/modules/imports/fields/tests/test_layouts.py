"""Ways of setting a page that suppliers use and rules must know: frames of bars, margins, two languages, sentences."""

from __future__ import annotations

from datetime import date

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Page, Word
from app.modules.imports.fields.codes import read_codes
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines, page, row

_SUMS = (
    row(440, (400, "Base imponible"), (480, "100,00")),
    row(454, (400, "IVA 21 %"), (480, "21,00")),
    row(468, (400, "Total factura"), (480, "121,00")),
)
_CLAVE = "1203202501179001234400120010010000000015260392711"


def test_bars_around_a_row_are_a_frame_and_no_words() -> None:
    sheet = lay_out([lines("| Tejados Amapola, S.L. |  Fecha: 02/03/2025 |\nOficina | NIF B20000014")])
    assert [each.text for each in sheet.rows] == ["Tejados Amapola, S.L. Fecha: 02/03/2025", "Oficina | NIF B20000014"]


def test_text_up_the_margin_is_one_row_at_the_end() -> None:
    upright = [
        Word(text, Box(20, top, 28, top + 6 * len(text)), line=9)
        for text, top in (("Tejados", 300), ("Amapola,", 250), ("S.L.", 220))
    ]
    printed = page(row(280, (100, "Concepto")))
    sheet = lay_out([Page(number=1, width=595, height=842, words=(*upright, *printed.words), source="text")])
    assert [each.text for each in sheet.rows] == ["Concepto", "Tejados Amapola, S.L."]


def test_a_stroke_between_words_of_two_languages_divides_two_labels() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")),
        row(80, (300, "Factura/Invoice: H25-704")), row(94, (300, "Fecha/Date: 02/03/2025")), *_SUMS,
    )])  # fmt: skip
    assert (document.invoice_number, document.issue_date) == ("H25-704", date(2025, 3, 2))


def test_a_rate_that_lost_its_space_is_a_word_of_its_own() -> None:
    sheet = lay_out([lines("I.V.A.21% 21,00\nI.V.A.10,5% 5,25")])
    assert [each.text for each in sheet.rows] == ["I.V.A. 21% 21,00", "I.V.A. 10,5% 5,25"]


def test_what_a_sentence_corrects_is_not_the_documents_own_number_or_date() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), row(70, (200, "FACTURA RECTIFICATIVA")),
        row(90, (50, "Número"), (150, "Fecha")), row(102, (50, "R-12"), (150, "02/03/2025")),
        row(130, (50, "La presente rectifica nuestra factura A-17, emitida el 11/01/2025")), *_SUMS,
    )])  # fmt: skip
    assert (document.invoice_number, document.issue_date) == ("R-12", date(2025, 3, 2))
    assert document.corrected_invoice_number == "A-17"


def test_the_only_date_beside_the_title_needs_no_label() -> None:
    printed = (row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), *_SUMS)
    alone = find_fields([page(*printed, row(80, (50, "Factura nº A-17 · 2 de marzo de 2025")))])
    among = find_fields([page(*printed, row(80, (50, "A-17 2 de marzo de 2025")), row(820, (50, "04/02/2019")))])
    assert "date_unproven" not in missing_proofs(alone)
    assert "date_unproven" in missing_proofs(among)


def test_the_house_that_printed_the_form_is_not_its_issuer() -> None:
    document = find_fields([page(
        row(40, (50, "FERRETERIA SOL S.A."), (300, "R.U.C. 1790012344001")), row(54, (300, "FACTURA No. 001-001-000000012")),
        row(80, (50, "Fecha: 02/03/2025")), row(300, (400, "VALOR TOTAL"), (480, "12.00")),
        row(500, (50, "Imprenta Luz RUC 1193721490001 Válido hasta 12/2027")),
    )])  # fmt: skip
    assert document.supplier.tax_id == "1790012344001"
    assert document.buyer.tax_id is None


def test_a_period_of_two_dates_is_no_tax_id() -> None:
    document = find_fields([page(
        row(40, (50, "Luz Norte, S.L. NIF B20000014")), row(60, (50, "Factura nº 77 Fecha de emisión 02/03/2025")),
        row(80, (50, "del 05/10/2024 a 05/11/2024")), *_SUMS,
    )])  # fmt: skip
    assert document.buyer.tax_id is None


def test_a_clave_broken_over_two_rows_is_read_whole() -> None:
    printed = page(row(40, (50, "CLAVE DE ACCESO:")), row(54, (50, _CLAVE[:25])), row(68, (50, _CLAVE[25:])))
    assert read_codes(lay_out([printed]))["access_key"].value == _CLAVE


def test_a_number_under_its_heading_is_sure_where_nothing_else_could_be_it() -> None:
    printed = (row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), *_SUMS)
    head = (row(80, (50, "Número"), (200, "Fecha")), row(92, (50, "INV-0173"), (200, "02/03/2025")))
    assert "number_unproven" not in missing_proofs(find_fields([page(*printed, *head)]))


def test_of_two_dates_in_a_row_the_one_before_the_due_date_is_that_of_issue() -> None:
    printed = (row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), *_SUMS)
    head = row(80, (50, "Factura nº A-17")), row(100, (200, "Hecha"), (300, "Vencimiento"))
    document = find_fields([page(*printed, *head, row(112, (200, "02/03/2025"), (300, "01/04/2025")))])
    assert document.issue_date == date(2025, 3, 2)
    assert "date_unproven" not in missing_proofs(document)


def test_the_day_behind_a_town_is_the_letters_own() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), row(60, (400, "Sevilla, 02/03/2025")),
        row(80, (50, "Factura nº A-17")), row(94, (50, "Vencimiento: 01/04/2025")), *_SUMS,
    )])  # fmt: skip
    assert document.issue_date == date(2025, 3, 2)
    assert "date_unproven" not in missing_proofs(document)


def test_what_adds_up_to_less_than_the_named_total_proves_nothing() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), row(80, (50, "Factura nº A-17")),
        row(94, (50, "Fecha: 02/03/2025")), row(300, (400, "Base imponible"), (480, "10,00")),
        row(314, (400, "IVA 21 %"), (480, "2,10")), row(328, (400, "Suma"), (480, "12,10")),
        row(342, (400, "Total factura"), (480, "900,00")),
    )])  # fmt: skip
    assert "total_unproven" in missing_proofs(document)


def test_a_total_that_holds_sums_paid_for_the_customer_is_what_is_to_be_paid() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), row(80, (50, "Factura nº A-17")),
        row(94, (50, "Fecha: 02/03/2025")), row(300, (400, "Base imponible"), (480, "100,00")),
        row(314, (400, "IVA 21 %"), (480, "21,00")), row(328, (400, "Suplidos"), (480, "30,00")),
        row(342, (400, "Total a pagar"), (480, "151,00")),
    )])  # fmt: skip
    assert (document.totals.gross, str(document.totals.payable)) == (None, "151.00")
    assert "total_unproven" not in missing_proofs(document)


def test_a_sum_to_be_paid_that_the_figures_do_not_lead_to_is_not_taken_for_the_total() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "NIF B20000014")), row(80, (50, "Factura nº A-17")),
        row(94, (50, "Fecha: 02/03/2025")), row(300, (400, "Base imponible"), (480, "100,00")),
        row(314, (400, "IVA 21 %"), (480, "21,00")), row(328, (400, "Total factura"), (480, "121,00")),
        row(342, (400, "Bonificación convenio"), (480, "-14,37")), row(356, (400, "Líquido a percibir"), (480, "98,63")),
    )])  # fmt: skip
    assert document.totals.payable is None
    assert "total_unproven" in missing_proofs(document)
