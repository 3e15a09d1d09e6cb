"""Whether the SRI stands behind a document: its clave de acceso, what the clave contradicts, and its authorisation
(ficha técnica de comprobantes electrónicos, off-line scheme).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.countries.ec_clave import LENGTH, read_clave
from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.countries.ec_clave import Clave
    from app.modules.imports.domain.canonical import CanonicalDocument, Party
    from app.modules.imports.domain.country import Rule, RuleContext

_SALES: Final = frozenset(
    {DocumentType.INVOICE, DocumentType.SIMPLIFIED_INVOICE, DocumentType.RECEIPT, DocumentType.EXPENSE}
)
_NUMBER_PARTS: Final = (3, 3, 9)


def judge_access_key(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """The clave must hold, belong to production and say the same as the document."""
    if document.access_key is None:
        return
    clave = read_clave(document.access_key)
    if clave is None:
        params = {"access_key": document.access_key}
        yield Finding(code="access_key_invalid", severity=Severity.BLOCKS, field="access_key", params=params)
        return
    if clave.environment == "test":
        yield Finding(code="test_environment", severity=Severity.BLOCKS, field="environment")
    for field, in_key, in_document in _contradictions(document, clave):
        yield Finding(
            code="access_key_mismatch",
            severity=Severity.BLOCKS,
            field=field,
            params={"field": field, "in_key": in_key, "in_document": in_document},
        )


def judge_authorisation(document: CanonicalDocument, _context: RuleContext) -> Iterator[Finding]:
    """An XML without an authorisation number is no proof that the SRI has authorised it; a RIDE may leave it out."""
    number = document.authorization_number
    if document.access_key is None:
        return
    if number is None and _is_electronic(document):
        yield Finding(code="not_proven_authorised", severity=Severity.LOOK, field="authorization_number")
    elif number is not None and len(number) == LENGTH and number != document.access_key:
        yield Finding(
            code="authorisation_mismatch",
            severity=Severity.LOOK,
            field="authorization_number",
            params={"in_key": document.access_key, "in_document": number},
        )


def _is_electronic(document: CanonicalDocument) -> bool:
    return (document.format or "").startswith("sri") and "not_authorised" not in document.findings


def _contradictions(document: CanonicalDocument, clave: Clave) -> Iterator[tuple[str, str, str]]:
    if document.issue_date is not None and document.issue_date != clave.issue_date:
        yield "issue_date", clave.issue_date.isoformat(), document.issue_date.isoformat()
    if not _same_kind(document.doc_type, clave.doc_type):
        yield "doc_type", clave.doc_type.value, document.doc_type.value
    issuer, party = _issuer(document, clave)
    if party.tax_id is not None and clave.ruc not in {party.tax_id, *party.alt_tax_ids}:
        yield f"{issuer}.tax_id", clave.ruc, party.tax_id
    if document.invoice_number is not None and not _same_number(document, clave):
        yield "invoice_number", clave.number, document.invoice_number


def _issuer(document: CanonicalDocument, clave: Clave) -> tuple[str, Party]:
    if clave.doc_type is DocumentType.PURCHASE_SETTLEMENT:
        return "buyer", document.buyer
    return "supplier", document.supplier


def _same_kind(stated: DocumentType, in_key: DocumentType) -> bool:
    return stated is in_key or (in_key is DocumentType.INVOICE and stated in _SALES)


def _same_number(document: CanonicalDocument, clave: Clave) -> bool:
    number = document.invoice_number or ""
    written = [number] if document.invoice_series is None else [number, f"{document.invoice_series}-{number}"]
    return any(_padded(text) == clave.number for text in written)


def _padded(number: str) -> str:
    """001-001-000000001, from short parts or bare digits alike."""
    digits = "".join(char for char in number if char.isdigit())
    parts = number.replace(" ", "").split("-")
    if len(digits) == sum(_NUMBER_PARTS):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if len(parts) == len(_NUMBER_PARTS):
        return "-".join(part.zfill(size) for part, size in zip(parts, _NUMBER_PARTS, strict=True))
    return number


RULES: Final[tuple[Rule, ...]] = (judge_access_key, judge_authorisation)
