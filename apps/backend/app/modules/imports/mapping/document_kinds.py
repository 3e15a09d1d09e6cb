"""The words and codes by which a column of its own says what kind of document each row is.

A kind that is never booked (a quotation, an order) is a kind all the same: the row becomes what it is, and the gate of
publication tells a person. Codes: Spain, AEAT list L2 of invoice types; Ecuador, SRI table 3 of vouchers.
https://sede.agenciatributaria.gob.es/Sede/iva/sistemas-informaticos-facturacion-verifactu.html
https://www.sri.gob.ec/facturacion-electronica
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORDS: Final[Mapping[DocumentType, str]] = {
    DocumentType.INVOICE: (
        "factura|factura completa|factura ordinaria|factura normal|factura electronica|factura venta|factura compra|"
        "factura emitida|factura recibida|factura proveedor|factura cliente|invoice|tax invoice|sales invoice|"
        "purchase invoice|bill|fatura|fv|fc|f1|f3|01"
    ),
    DocumentType.SIMPLIFIED_INVOICE: (
        "factura simplificada|facturas simplificadas|simplificada|simplified invoice|fatura simplificada|fs|f2"
    ),
    DocumentType.RECEIPT: "recibo|recibos|ticket|tickets|tique|tiquet|rebut|receipt|sales receipt|cash receipt",
    DocumentType.CREDIT_NOTE: (
        "nota credito|notas credito|nota credito electronica|abono|abonos|factura abono|nota abono|credit note|"
        "credit notes|credit memo|nc|04"
    ),
    DocumentType.CORRECTIVE_INVOICE: (
        "factura rectificativa|facturas rectificativas|rectificativa|rectificativas|factura correctora|"
        "factura simplificada rectificativa|corrective invoice|corrected invoice|r1|r2|r3|r4|r5"
    ),
    DocumentType.DEBIT_NOTE: "nota debito|notas debito|debit note|debit notes|nd|05",
    DocumentType.PURCHASE_SETTLEMENT: (
        "liquidacion compra|liquidaciones compra|liquidacion compras|liquidacion compra bienes prestacion servicios|"
        "purchase settlement|03"
    ),
    DocumentType.WITHHOLDING: (
        "comprobante retencion|comprobantes retencion|retencion|retenciones|withholding|withholding certificate|07"
    ),
    DocumentType.DELIVERY_NOTE: (
        "albaran|albaranes|albara|nota entrega|guia remision|guias remision|delivery note|packing slip|06"
    ),
    DocumentType.PROFORMA: (
        "proforma|pro forma|factura proforma|proforma invoice|presupuesto|presupuestos|pressupost|cotizacion|oferta|"
        "orcamento|quote|quotation|estimate"
    ),
    DocumentType.OTHER: (
        "pedido|pedidos|pedido compra|pedido venta|orden compra|nota pedido|comanda|order|purchase order|sales order|"
        "nomina|contrato|contract|payslip|asiento resumen|f4|other"
    ),
}
_CODED: Final = re.compile(r"^\s*[0-9]{1,3}\s*[-–:]\s*(?=[^0-9\s]{2})")
"""The code that some write before the word: ``04 - Nota de crédito``."""
_INITIALS: Final = re.compile(r"(?<=\b[A-Za-z])[./ ]+(?=[A-Za-z]\b)")
_OF_PERSONS: Final = frozenset(
    ["nif", "cif", "nie", "dni", "ruc", "cedula", "cedula identidad", "pasaporte", "passport"]
)
"""``Tipo documento`` may also mean what identifies the customer: that says nothing of the row."""
_NEVER_ISSUED: Final = re.compile(r"\b(anulad[oa]s?|void(ed)?|cancell?ed|borrador|draft)\b")
"""``Cancelada`` is not among them: in Ecuador it says that an invoice was paid."""
_KINDS: Final = {fold_header(word): kind for kind, words in _WORDS.items() for word in words.split("|")}


def read_kind(value: object) -> DocumentType | None:
    """The kind that a cell names. Raises ValueProblem ``unknown_document_type``."""
    folded = _folded(str(value)) if value is not None else ""
    if not folded or folded in _OF_PERSONS:
        return None
    kind = _KINDS.get(folded)
    if kind is None:
        raise ValueProblem("unknown_document_type", "no known kind of document")
    return kind


def read_document_status(value: object) -> None:
    """Nothing: a status only tells whether the row is a document. Raises ValueProblem ``never_issued``."""
    if value is not None and _NEVER_ISSUED.search(fold_header(str(value))):
        raise ValueProblem("never_issued", "its status says that it was annulled or is a draft")


def row_kind(target: DocumentType, named: object) -> DocumentType:
    """What a row of this target is: an invoice in a list of expenses is one of them, of which only the sum counts."""
    if not isinstance(named, DocumentType) or (target, named) == (DocumentType.EXPENSE, DocumentType.INVOICE):
        return target
    return named


def names_kind(cell: object) -> bool:
    """Whether a cell holds such a word: numbers are too common to be codes without a heading that says so."""
    folded = _folded(cell) if isinstance(cell, str) else ""
    return folded in _KINDS and not folded.isdigit()


def _folded(word: str) -> str:
    """``N/D`` as one word: as two of a heading its letters are abbreviations, and a mere ``no`` is one of them."""
    return fold_header(_INITIALS.sub("", _CODED.sub("", word)))
