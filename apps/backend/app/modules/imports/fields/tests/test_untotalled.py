"""An invoice without a total is shown to a person with its fields; what only speaks of invoices is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.amounts import find_amounts
from app.modules.imports.fields.classify import classify_pages
from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.prose import carried_label
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_SENDER = "Gestoría Amapola, S.L.\nCalle Norte 3, 28013 Madrid\nNIF B20000014\n"
_HEAD = f"{_SENDER}FACTURA Nº 2026/118\nFecha: 03/03/2026\n"
_INVOICES = [
    f"{_HEAD}Cuota de marzo: 45 euros.",
    f"{_SENDER}Nº factura: 2026/118\nFecha: 03/03/2026\nAsesoramiento 1.000,00\nMontante definitivo 1.210,00",
    f"{_HEAD}Por los trabajos del trimestre, la presente factura asciende a la cantidad de 1.234,56 €, que rogamos abonen.",
]
_OTHERS = [
    f"{_SENDER}Factura nº 2026/118 de 03/02/2026: 120,00 €\nLe recordamos que la factura citada sigue sin pagar.",
    f"{_SENDER}Madrid, 3 de marzo de 2026\nEstimado cliente: su factura 2026/118, de 120,00 euros, ya está en su área.",
    f"{_SENDER}ALBARÁN DE ENTREGA Nº 221\nFecha: 03/03/2026\nFactura nº: 2026/118\nCemento gris 40 sacos a 3,20",
    f"CONTRATO DE SUMINISTRO\n{_SENDER}Factura nº: 2026/118\nFecha: 03/03/2026\nCuota 45 euros",
    "FACTURA Nº 2026/118\nFecha: 03/03/2026\nCuota de marzo: 45 euros.",
    f"{_HEAD}Trabajos según presupuesto aceptado",
]


@pytest.mark.parametrize("text", _INVOICES)
def test_an_invoice_without_a_total_keeps_its_fields_and_goes_to_a_person(text: str) -> None:
    document = find_fields([lines(text)])
    assert document.doc_type is DocumentType.INVOICE
    assert (document.invoice_number, document.issue_date) == ("2026/118", date(2026, 3, 3))
    assert document.supplier.tax_id == "B20000014"
    assert "total_unproven" in missing_proofs(document)


@pytest.mark.parametrize("text", _OTHERS)
def test_what_only_speaks_of_an_invoice_or_lacks_what_makes_one_is_none(text: str) -> None:
    assert classify_pages([lines(text)]).doc_type not in {DocumentType.INVOICE, DocumentType.RECEIPT}


def test_a_total_that_a_sentence_tells_counts_as_named_where_the_figures_lead_to_it() -> None:
    text = (
        f"{_HEAD}Los honorarios del mes suman una base imponible de 1.000,00 €, más IVA 21% 210,00 €\n"
        "de modo que, con todo lo anterior, la minuta presente asciende a la cantidad\n"
        "de 1.210,00 € que se cargarán en su cuenta a la vista en los próximos días."
    )
    document = find_fields([lines(text)])
    assert document.totals.gross == Decimal("1210.00")
    assert missing_proofs(document) == ()


def test_a_label_at_the_end_of_a_sentences_line_belongs_to_the_amount_that_begins_the_next() -> None:
    text = (
        f"{_HEAD}El capital social de esta casa, según consta inscrito, es de 60.000,00 € y por ello el importe total\n"
        "de 1.234,56 € se cargará en su cuenta, la que termina en cuatro, el próximo día hábil."
    )
    assert find_fields([lines(text)]).totals.gross == Decimal("1234.56")


def test_headings_of_columns_are_not_carried_over_to_the_row_below() -> None:
    text = "Detalle  Obra  Material  Unidades  Importe total\n2 tejas de barro viejas"
    sheet = lay_out([lines(text)])
    assert [carried_label(sheet, find_labels(sheet), amount) for amount in find_amounts(sheet)] == [None]
