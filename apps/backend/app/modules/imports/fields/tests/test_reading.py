"""Whole invented documents, in several languages and layouts, read from pages to canonical fields."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.modules.imports.domain.canonical import Box, CanonicalDocument, DocumentType, Proof
from app.modules.imports.domain.page import Code, Page, Word
from app.modules.imports.fields.reading import find_fields, missing_proofs
from app.modules.imports.fields.tests.printing import flush, lines, page, row
from app.modules.imports.fields.tests.samples import SAMPLES
from app.tests.usual_machine import usual_seconds

_CLAVE = "0503202501179012345600110010020000001231234567811"


def value(document: CanonicalDocument, path: str) -> str:
    found: object = document
    for name in path.split("."):
        found = getattr(found, name)
    return format(found, "f") if isinstance(found, Decimal) else str(found)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_document_gives_what_it_states(name: str) -> None:
    text, stated = SAMPLES[name]
    document = find_fields([lines(text)])
    assert {path: value(document, path) for path in stated} == stated


@pytest.mark.parametrize("name", SAMPLES)
def test_totals_of_a_page_that_adds_up_are_proven(name: str) -> None:
    document = find_fields([lines(SAMPLES[name][0])])
    path = "totals.payable" if document.totals.gross is None else "totals.gross"
    assert Proof.ARITHMETIC in document.evidence[path].proofs


def test_lines_add_up_to_the_net() -> None:
    document = find_fields([lines(SAMPLES["catalan"][0])])
    assert [(line.description, str(line.quantity), str(line.net_amount)) for line in document.lines] == [
        ("Taula de roure massís", "2", "900.00"),
        ("Cadira reforçada", "10", "625.00"),
    ]


def test_rates_with_their_surcharge_are_told_apart() -> None:
    document = find_fields([lines(SAMPLES["two rates and surcharge"][0])])
    found = {
        (str(t.rate), str(t.base), str(t.amount), str(t.surcharge_rate), str(t.surcharge_amount))
        for t in document.taxes
    }
    assert found == {("10", "124.00", "12.40", "1.4", "1.74"), ("21", "49.50", "10.40", "5.2", "2.57")}


def test_a_total_after_withholding_alone_leaves_the_gross_absent() -> None:
    document = find_fields([lines(SAMPLES["galician freelance"][0])])
    assert document.totals.gross is None
    assert document.totals.payable == Decimal("1272.00")
    assert (document.withholdings[0].rate, document.withholdings[0].amount) == (Decimal(15), Decimal("180.00"))


def test_the_tenants_own_id_tells_the_buyer() -> None:
    text = """
FACTURA                Nº 88
A15000011
B03000015
Fecha 01/02/2025
Base imponible 100,00
IVA 21% 21,00
Total 121,00
"""
    document = find_fields([lines(text)], own_tax_ids=frozenset({"A15000011"}))
    assert (document.supplier.tax_id, document.buyer.tax_id) == ("B03000015", "A15000011")


def test_an_invoice_that_the_tenant_issued_keeps_the_tenant_as_supplier() -> None:
    text, stated = SAMPLES["catalan"]
    document = find_fields([lines(text)], own_tax_ids=frozenset({stated["supplier.tax_id"]}))
    assert document.supplier.tax_id == stated["supplier.tax_id"]
    assert document.buyer.tax_id == stated["buyer.tax_id"]


def test_evidence_says_where_a_value_is_printed() -> None:
    document = find_fields([lines(SAMPLES["catalan"][0])])
    evidence = document.evidence["invoice_number"]
    assert (evidence.source, evidence.page, evidence.text) == ("text", 1, "F-2025/118")
    assert evidence.box is not None
    assert Proof.CHECK_DIGIT in document.evidence["supplier.tax_id"].proofs


def test_a_letter_gives_nothing() -> None:
    text = """
Dear Ms Hale,
thank you for your visit on 3 May 2025. We would like to invite you again
and enclose a map of 2 walks of about 12.50 kilometres.
Kind regards
"""
    assert find_fields([lines(text)]) == CanonicalDocument(doc_type=DocumentType.OTHER)


def test_a_verifactu_code_stands_over_what_was_read() -> None:
    text = """
FACTURA
Número: A12
Fecha: 05/03/2025
Tejidos Montaraz, S.L.
Total 121,00 €
"""
    url = (
        "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
        "?nif=B03000015&numserie=A%2F12&fecha=05-03-2025&importe=121.00"
    )
    printed = lines(text)
    coded = Page(
        number=1, width=printed.width, height=printed.height, words=printed.words,
        codes=(Code("QRCode", url, Box(0, 0, 90, 90)),),
    )  # fmt: skip
    document = find_fields([coded])
    assert document.invoice_number == "A/12"
    assert document.supplier.tax_id == "B03000015"
    assert document.evidence["invoice_number"].source == "code"
    assert Proof.FISCAL_CODE in document.evidence["totals.gross"].proofs
    assert missing_proofs(document) == ()


def test_what_is_to_be_paid_of_a_total_that_its_code_refutes_is_not_kept() -> None:
    text = """
Tejidos Montaraz, S.L.
CIF B20000014
Factura simplificada: 3848/2026
1 de marzo de 2026
2 Tela                        810,00
1 Hilo                        400,00
TOTAL A PAGAR1.210,00 €
Efectivo                    1.212,00
CAMBIO                          2,00
Base imponible 21%          1.000,00
IVA 21%                       210,00
"""
    url = (
        "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
        "?nif=B20000014&numserie=3848%2F2026&fecha=01-03-2026&importe=1210.00"
    )
    totals = find_fields([replace(lines(text), codes=(Code("QRCode", url, Box(0, 0, 90, 90)),))]).totals
    assert (totals.gross, totals.payable) == (Decimal("1210.00"), None)


def test_what_was_paid_on_account_under_a_column_of_rates_is_no_tax() -> None:
    totals = find_fields([page(
        row(40, (45, "Tejidos Montaraz, S.L. NIF B20000014")), row(60, (45, "Factura nº A-17"), (300, "Fecha: 02/03/2026")),
        flush(167, (72, "Artículo"), (689, "Precio"), (754, "Neto"), (797, "% IVA"), size=7),
        flush(180, (91, "Tela"), (651, "7,00"), (754, "700,00"), (797, "21"), size=7),
        flush(192, (91, "Hilo"), (651, "3,00"), (754, "300,00"), (797, "10"), size=7),
        flush(382, (625, "Total sin IVA"), (800, "1.000,00"), size=7), flush(393, (618, "I.V.A."), (800, "177,00"), size=7),
        flush(405, (620, "TOTAL €"), (800, "1.177,00"), size=7),
        flush(418, (646, "Entregado a cuenta"), (800, "-403,33"), size=7),
        flush(430, (652, "TOTAL A PAGAR"), (800, "773,67"), size=7), width=842, height=595,
    )]).totals  # fmt: skip
    assert (totals.net, totals.tax, totals.gross) == (Decimal("1000.00"), Decimal("177.00"), Decimal("1177.00"))
    assert (totals.prepaid, totals.payable) == (Decimal("403.33"), Decimal("773.67"))


def test_a_total_that_nothing_supports_is_called_unproven() -> None:
    text = """
FACTURA Nº 12
Fecha: 05/03/2025
Tejidos Montaraz, S.L.
Total 121,00 €
"""
    assert "total_unproven" in missing_proofs(find_fields([lines(text)]))


def test_after_ocr_a_date_printed_once_is_unproven() -> None:
    printed = lines(SAMPLES["catalan"][0])
    words = tuple(Word(word.text, word.box, 0.93) for word in printed.words)
    scanned = Page(number=1, width=printed.width, height=printed.height, words=words, source="ocr")
    document = find_fields([scanned])
    assert document.evidence["issue_date"].source == "ocr"
    assert "date_unproven" in missing_proofs(document)


def test_a_page_a_little_out_of_level_reads_the_same() -> None:
    text, stated = SAMPLES["catalan"]
    printed = lines(text)
    tilted = tuple(
        Word(w.text, Box(w.box.left, w.box.top + 0.012 * w.box.left, w.box.right, w.box.bottom + 0.012 * w.box.left))
        for w in printed.words
    )
    document = find_fields([Page(number=1, width=printed.width, height=printed.height, words=tilted)])
    assert {path: value(document, path) for path in stated} == stated


def test_nothing_on_the_page_gives_nothing() -> None:
    assert find_fields([]).doc_type is DocumentType.OTHER
    assert find_fields([Page(number=1, width=595, height=842, words=())]).doc_type is DocumentType.OTHER


_WORDS = st.sampled_from(
    [
        "FACTURA",
        "Total",
        "IVA",
        "21%",
        "100,00",
        "21,00",
        "121,00",
        "NIF:",
        "B03000015",
        "12/05/2025",
        "S.L.",
        "ES91",
        "-",
        "(",
        "€",
    ],
) | st.text(max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(_WORDS, st.floats(0, 600), st.floats(0, 800), st.floats(0, 80), st.floats(0, 30)), max_size=60,
    ),
    st.sampled_from(["text", "ocr"]),
)  # fmt: skip
def test_random_words_never_raise(found: list[tuple[str, float, float, float, float]], source: str) -> None:
    words = tuple(Word(text, Box(left, top, left + width, top + height)) for text, left, top, width, height in found)
    document = find_fields([Page(number=1, width=600, height=800, words=words, source=source)])
    assert document.doc_type in DocumentType
    assert all(0 <= (each.confidence or 0) <= 1 for each in document.evidence.values())


def test_five_thousand_words_take_less_than_three_seconds_of_a_core() -> None:
    head = row(20, (50, "FACTURA"), (300, "Nº 77"), (400, "Fecha: 01/02/2025"))
    body = [
        each
        for number in range(620)
        for each in row(
            40 + 12 * number, (50, f"Artículo {number} de prueba"), (300, "2"), (360, f"{number}.{number % 90 + 10:02d}"), (430, "21%"),
            (480, f"{number * 2},{number % 90 + 10:02d}"),
        )
    ]  # fmt: skip
    foot = (
        row(9000, (300, "Base imponible 100,00")) + row(9014, (300, "IVA 21% 21,00")) + row(9028, (300, "Total 121,00"))
    )
    printed = page(head, body, foot, height=9100)
    started = time.process_time()
    document = find_fields([printed])
    assert usual_seconds(time.process_time() - started) < 3
    assert len(printed.words) > 4900
    assert document.totals.gross == Decimal("121.00")
