"""Several documents in one file are told apart by what their pages say, and one over several pages stays whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.page import Code
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.splitting import split_pages
from app.modules.imports.fields.tests.printing import lines

if TYPE_CHECKING:
    from app.modules.imports.domain.page import Page

ROBLE, NORTE = "B29423548", "B00141424"
HEAD = """FACTURA

{name}
NIF: {nif}

Cliente: Talleres Brisa, S.L.
NIF: B00314153

Factura nº: {number}
Fecha: 15/03/2026
"""
ITEMS = """
Descripción                    Importe
Reparación de motor             {net}
"""
TOTAL = """
Base imponible                  {net}
IVA 21 %                        {tax}
TOTAL FACTURA                   {gross} EUR
"""
FIGURES = (
    {"net": "100,00", "tax": "21,00", "gross": "121,00"},
    {"net": "200,00", "tax": "42,00", "gross": "242,00"},
    {"net": "300,00", "tax": "63,00", "gross": "363,00"},
)
DELIVERY = """ALBARÁN

Talleres Roble, S.L.

Albarán nº: 4471
Fecha: 12/03/2026

Descripción                    Importe
Reparación de motor             100,00
Total                           100,00
"""
TERMS = """CONDICIONES GENERALES

Las reparaciones tienen una garantía de tres meses.
El cliente puede recoger el vehículo de lunes a viernes.
"""
STATEMENT = """EXTRACTO DE CUENTA
IBAN: ES61 9999 0505 0500 0014 1421

Fecha       Concepto              Importe      Saldo
Saldo anterior                                 {before}
{day}/03/2026  Transferencia        -10,00       {after}
{next}/03/2026  Recibo               -10,00       {end}
Página {number} de 4
"""


def invoice(number: str, *, nif: str = ROBLE, figures: int = 0, foot: str = "") -> str:
    name = "Talleres Roble, S.L." if nif == ROBLE else "Huerta Norte, S.L."
    return (HEAD + ITEMS + TOTAL).format(name=name, nif=nif, number=number, **FIGURES[figures]) + foot


def begun(number: str, foot: str) -> str:
    """A first page whose totals come later."""
    return (
        (HEAD + ITEMS).format(name="Talleres Roble, S.L.", nif=ROBLE, number=number, net="60,00")
        + "Pintura   25,00\n"
        + foot
    )


def file_of(*texts: str) -> list[Page]:
    return [replace(lines(text), number=number) for number, text in enumerate(texts, 1)]


def spans(pages: list[Page]) -> list[tuple[int, int]]:
    return [(bundle.first, bundle.last) for bundle in split_pages(pages)]


def is_suspected(pages: list[Page]) -> bool:
    return any(bundle.suspected for bundle in split_pages(pages))


def test_another_number_after_a_total_begins_another_invoice() -> None:
    pages = file_of(*(invoice(f"F-10{n}", figures=n) for n in range(3)))
    assert spans(pages) == [(1, 1), (2, 2), (3, 3)]
    assert not is_suspected(pages)


def test_pages_counted_anew_begin_another_invoice() -> None:
    first = begun("F-101", "\nPágina 1 de 2\n"), TOTAL.format(**FIGURES[0]) + "\nPágina 2 de 2\n"
    assert spans(file_of(*first, invoice("F-102", foot="\nPágina 1 de 1\n"))) == [(1, 2), (3, 3)]


def test_another_supplier_begins_another_invoice() -> None:
    assert spans(file_of(invoice("88"), invoice("88-B", nif=NORTE))) == [(1, 1), (2, 2)]


@pytest.mark.parametrize("footers", [("Suma y sigue  60,00", "Suma anterior  60,00"), ("Pág. 1/3", "Pág. 2/3")])
def test_carried_sums_and_counted_pages_keep_an_invoice_together(footers: tuple[str, str]) -> None:
    last = "Factura nº: F-101\n" + TOTAL.format(**FIGURES[0]) + "\nPág. 3/3\n"
    pages = file_of(begun("F-101", f"\n{footers[0]}\n"), f"{footers[1]}\n\nPintura   40,00\n", last)
    assert spans(pages) == [(1, 3)]
    assert not is_suspected(pages)
    [bundle] = split_pages(pages)
    assert str(find_fields(bundle.pages).totals.gross) == "121.00"


def test_a_fiscal_code_of_another_document_decides() -> None:
    def coded(page: Page, number: str) -> Page:
        address = "https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR"
        text = f"{address}?nif={ROBLE}&numserie={number}&fecha=15-03-2026&importe=121.00"
        return replace(page, codes=(Code("QRCode", text, Box(400, 40, 480, 120)),))

    one, other = file_of("FACTURA\n\nTalleres Roble, S.L.\n", "FACTURA\n\nTalleres Roble, S.L.\n")
    assert spans([coded(one, "F-1"), coded(other, "F-2")]) == [(1, 1), (2, 2)]
    assert spans([coded(one, "F-1"), coded(other, "F-1")]) == [(1, 2)]


def test_a_delivery_note_and_terms_behind_an_invoice_are_no_second_invoice() -> None:
    pages = file_of(invoice("F-101"), DELIVERY, TERMS)
    assert spans(pages) == [(1, 3)]
    assert not is_suspected(pages)
    [bundle] = split_pages(pages)
    assert [page.number for page in bundle.pages] == [1, 3]
    document = find_fields(bundle.pages)
    assert (document.invoice_number, str(document.totals.gross)) == ("F-101", "121.00")


def test_a_delivery_note_before_its_invoice_belongs_to_it_too() -> None:
    pages = file_of(DELIVERY, invoice("F-101"), invoice("F-102", figures=1))
    assert spans(pages) == [(1, 2), (3, 3)]
    assert [page.number for page in split_pages(pages)[0].pages] == [2]


def test_a_statement_of_four_pages_is_one() -> None:
    texts = [
        STATEMENT.format(number=n + 1, before=f"{900 - 20 * n},00", after=f"{890 - 20 * n},00",
                         end=f"{880 - 20 * n},00", day=f"0{2 * n + 1}", next=f"0{2 * n + 2}")
        for n in range(4)
    ]  # fmt: skip
    assert spans(file_of(*texts)) == [(1, 4)]


def test_another_number_before_any_total_is_only_suspected() -> None:
    pages = file_of(begun("F-101", ""), invoice("T-8800"))
    assert spans(pages) == [(1, 2)]
    assert is_suspected(pages)


def test_pages_counted_through_over_another_number_are_only_suspected() -> None:
    pages = file_of(invoice("F-101", foot="\nPágina 1 de 2\n"), invoice("F-102", figures=1, foot="\nPágina 2 de 2\n"))
    assert spans(pages) == [(1, 2)]
    assert is_suspected(pages)


def test_a_digit_that_a_scan_may_have_misread_is_no_other_number() -> None:
    scanned = [
        replace(page, source="ocr")
        for page in file_of(begun("F-1O1", ""), "Factura nº: F-101\n" + TOTAL.format(**FIGURES[0]))
    ]
    assert spans(scanned) == [(1, 2)]
    assert not is_suspected(scanned)


def test_a_file_of_one_page_is_one_document() -> None:
    assert spans(file_of(invoice("F-101"))) == [(1, 1)]
