"""The rows of a comprobante de retención prove themselves."""

from __future__ import annotations

from decimal import Decimal

from app.modules.imports.domain.canonical import DocumentType, Proof
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_TEXT = """
TRANSPORTES LA RUTA CÍA. LTDA.               R.U.C.: 1790012344001
                                             COMPROBANTE DE RETENCIÓN
                                             No. 001-002-000000345
Razón Social / Nombres y Apellidos: PAPELERA ANDES S.A.
Identificación: 0990012344001                Fecha Emisión: 14/03/2025

Comprobante  Número                Fecha Emisión   Base Imponible   Impuesto   Código   %       Valor Retenido
FACTURA      001-001-000000777     10/03/2025            200.00     RENTA      312      1.75             3.50
FACTURA      001-001-000000777     10/03/2025             30.00     IVA        2        70.00           21.00
                                                                               TOTAL RETENIDO           24.50
"""


def test_each_row_is_base_times_percentage() -> None:
    document = find_fields([lines(_TEXT)])
    assert document.doc_type is DocumentType.WITHHOLDING
    assert [
        (w.tax_code, str(w.rate), str(w.base), str(w.amount), w.withholding_code) for w in document.withholdings
    ] == [
        ("RENTA", "1.75", "200.00", "3.50", "312"),
        ("IVA", "70.00", "30.00", "21.00", "2"),
    ]
    assert {w.document_number for w in document.withholdings} == {"001001000000777"}


def test_their_sum_proves_the_total_withheld() -> None:
    document = find_fields([lines(_TEXT)])
    assert document.totals.withholding == Decimal("24.50")
    assert Proof.ARITHMETIC in document.evidence["totals.withholding"].proofs
    assert document.supplier.name == "TRANSPORTES LA RUTA CÍA. LTDA."
    assert document.buyer.name == "PAPELERA ANDES S.A."
