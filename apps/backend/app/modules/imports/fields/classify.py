"""Tells what a document is from its headings and figures, and abstains where they do not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.amounts import find_amounts
from app.modules.imports.fields.codes import read_codes
from app.modules.imports.fields.dates import find_dates
from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.headings import HEADED, STRONG, find_titles, other_paper
from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.money import find_money
from app.modules.imports.fields.movements import are_movements, find_movements
from app.modules.imports.fields.untotalled import is_untotalled_invoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.modules.imports.domain.page import Page
    from app.modules.imports.fields.codes import Stated
    from app.modules.imports.fields.headings import Title
    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.money import Money

_CORRECTION: Final = re.compile(
    r"rectifica(?:tiva)? (?:a )?(?:la |de la )?(?:factura|fra)|factura rectificada"
    r"|abono (?:de la |por devolucion )?(?:de )?factura",
)
_TILL: Final = (
    "cash",
    "change",
    "efectivo",
    "cambio",
    "tarjeta",
    "cashier",
    "cajero",
    "caja",
    "entregado",
    "visa",
    "mastercard",
    "rounding",
    "rückgeld",
    "kasse",
    "bar",
)
_CLAVE_TYPES: Final = {
    "01": DocumentType.INVOICE, "03": DocumentType.PURCHASE_SETTLEMENT, "04": DocumentType.CREDIT_NOTE,
    "05": DocumentType.DEBIT_NOTE, "06": DocumentType.DELIVERY_NOTE, "07": DocumentType.WITHHOLDING,
}  # fmt: skip
_INVOICES: Final = frozenset({
    DocumentType.INVOICE, DocumentType.SIMPLIFIED_INVOICE, DocumentType.CORRECTIVE_INVOICE, DocumentType.CREDIT_NOTE,
})  # fmt: skip
_CERTAIN, _ABSTAINS, _LIKELY, _UNTOTALLED = 0.99, 0.3, 0.7, 0.6
_ON_ITS_ROW = 0.5
_HEADED_AMOUNT = 0.8
_NARROW = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a document is, how sure that is (0 to 1), and why: a code, then what was seen."""

    doc_type: DocumentType
    confidence: float
    reason: str


def classify_pages(pages: Sequence[Page]) -> Classification:
    """The kind of document; ``OTHER`` with a low confidence where nothing on the pages says it."""
    sheet = lay_out(pages)
    money = find_money(sheet, find_amounts(sheet), find_labels(sheet))
    return classify_sheet(sheet, money, read_codes(sheet))


def classify_sheet(sheet: Sheet, money: Sequence[Money], stated: Mapping[str, Stated]) -> Classification:
    """The same for a sheet that is already laid out."""
    if not sheet.rows:
        return Classification(doc_type=DocumentType.OTHER, confidence=0.0, reason="empty: no words on the pages")
    labels = find_labels(sheet)
    known = _stated_type(sheet, stated) or _moving(sheet, money, labels)
    if known is not None:
        return known
    titles = sorted(find_titles(sheet), key=lambda each: -each.weight)
    found = _other_paper(sheet, titles) or _by_words(sheet, money, titles)
    if found.doc_type is not DocumentType.OTHER:
        return found
    return _untotalled(sheet, labels, money, titles) or found


def _by_words(sheet: Sheet, money: Sequence[Money], titles: Sequence[Title]) -> Classification:
    """By the weightiest heading, where there is one and the amounts do not speak against it."""
    totalled = _totalled(money)
    if not titles:
        return _untitled(sheet, money, totalled=totalled)
    title = titles[0]
    untotalled = title.kind is DocumentType.BANK_STATEMENT or _delivers(title)
    if not untotalled and not totalled and not _invoices_without_total(title, money):
        return Classification(doc_type=DocumentType.OTHER, confidence=_ABSTAINS, reason=f"no_total: {title.text[:60]}")
    # Under the heading of a delivery note, ``Factura nº`` is a column for a number; only a heading makes it an invoice.
    telling = STRONG if title.kind is DocumentType.DELIVERY_NOTE and title.form >= HEADED else HEADED
    kind = _refined(sheet, title.kind, [each.kind for each in titles if each.form >= telling])
    confidence = min(0.97, 0.55 + 0.1 * title.weight + (0.1 if totalled else 0.0))
    return Classification(doc_type=kind, confidence=round(confidence, 2), reason=f"title: {title.text[:60]}")


def _moving(sheet: Sheet, money: Sequence[Money], labels: Labels) -> Classification | None:
    if not are_movements(find_movements(sheet, money, find_dates(sheet), labels)):
        return None
    reason = "figures: each balance follows from the last"
    return Classification(doc_type=DocumentType.BANK_STATEMENT, confidence=_CERTAIN, reason=reason)


def _untotalled(
    sheet: Sheet, labels: Labels, money: Sequence[Money], titles: Sequence[Title],
) -> Classification | None:  # fmt: skip
    """An invoice all the same, by everything else that makes one, where no heading calls it anything else."""
    headed = [title.kind for title in titles if title.form >= HEADED]
    if not set(headed) <= _INVOICES or other_paper(sheet) or not is_untotalled_invoice(sheet, labels, money):
        return None
    kind = _refined(sheet, headed[0] if headed else DocumentType.INVOICE, headed)
    return Classification(
        doc_type=kind, confidence=_UNTOTALLED, reason="no_total: number, date and tax id of an invoice"
    )


def headed_type(sheet: Sheet) -> DocumentType | None:
    """What the heading alone calls the document, whether or not there is a total."""
    headed = [title for title in find_titles(sheet) if title.form >= HEADED] if sheet.rows else []
    return max(headed, key=lambda each: each.weight).kind if headed else None


def _invoices_without_total(title: Title, money: Iterable[Money]) -> bool:
    """A heading of its own, or one with a number, over amounts of money: the total may be on a page that is missing."""
    cents = sum(each.amount.cents for each in money)
    numbered = title.form >= HEADED and any(char.isdigit() for char in title.text)
    return (title.form >= STRONG and cents > 0) or (numbered and cents > 1)


def _other_paper(sheet: Sheet, titles: Iterable[Title]) -> Classification | None:
    """The heading that calls it a contract, a payslip, an order …, unless a heading names a document of a purchase."""
    if any(title.form >= HEADED and title.kind is not DocumentType.RECEIPT for title in titles):
        return None
    heading = other_paper(sheet)
    if heading is None:
        return None
    return Classification(doc_type=DocumentType.OTHER, confidence=_LIKELY, reason=f"other_paper: {heading[:60]}")


def _delivers(title: Title) -> bool:
    """Goods go with a delivery note and money does not: its heading is enough where it stands at the head of a page."""
    if title.kind is not DocumentType.DELIVERY_NOTE:
        return False
    return title.form >= STRONG or (title.form >= HEADED and title.weight >= HEADED - _ON_ITS_ROW)


def _stated_type(sheet: Sheet, stated: Mapping[str, Stated]) -> Classification | None:
    """What a fiscal code says the document is."""
    code = stated.get("doc_type")
    if code is None or code.value not in set(DocumentType):
        return None
    kind = DocumentType(code.value)
    if kind is DocumentType.INVOICE and _CORRECTION.search(fold(sheet.text)) and "access_key" not in stated:
        return None
    return Classification(doc_type=kind, confidence=_CERTAIN, reason=f"fiscal_code: {code.text[:60]}")


def _totalled(money: Iterable[Money]) -> bool:
    """Whether an amount of money is announced as a total."""
    return any(
        each.strength("gross", "payable", "total", "withholding", "prepaid") >= _ON_ITS_ROW
        and (each.amount.cents or each.amount.currency)
        for each in money
    )


def _refined(sheet: Sheet, kind: DocumentType, others: list[DocumentType]) -> DocumentType:
    """What the other headings add: a factura that rectifies another, a factura on a till roll."""
    if kind in {DocumentType.INVOICE, DocumentType.RECEIPT} and DocumentType.SIMPLIFIED_INVOICE in others:
        return DocumentType.SIMPLIFIED_INVOICE
    if kind in {DocumentType.INVOICE, DocumentType.SIMPLIFIED_INVOICE} and DocumentType.CORRECTIVE_INVOICE in others:
        return DocumentType.CORRECTIVE_INVOICE
    if kind in {DocumentType.DELIVERY_NOTE, DocumentType.RECEIPT} and DocumentType.INVOICE in others:
        return (
            DocumentType.INVOICE
            if not _is_till_roll(sheet) or kind is DocumentType.DELIVERY_NOTE
            else DocumentType.RECEIPT
        )
    if kind is DocumentType.INVOICE and _is_till_roll(sheet):
        return DocumentType.RECEIPT
    return kind


def _is_till_roll(sheet: Sheet) -> bool:
    page = sheet.pages[0]
    text = {squash(word) for word in sheet.text.split()}
    tills = sum(squash(word) in text for word in _TILL)
    return tills > 1 or (tills > 0 and page.width / max(page.height, 1.0) < _NARROW)


def _untitled(sheet: Sheet, money: Sequence[Money], *, totalled: bool) -> Classification:
    """Without a heading only the till's vocabulary and a total speak."""
    if totalled and _is_till_roll(sheet):
        taxed = any(each.strength("tax") for each in money) and re.search(r"\biva\b", fold(sheet.text)) is not None
        kind = DocumentType.SIMPLIFIED_INVOICE if taxed else DocumentType.RECEIPT
        return Classification(doc_type=kind, confidence=_LIKELY, reason="till_roll: total with cash or card")
    proven = any(each.strength("tax") >= _HEADED_AMOUNT for each in money) and any(
        each.strength("net") >= _HEADED_AMOUNT for each in money
    )
    if totalled and proven:
        return Classification(doc_type=DocumentType.INVOICE, confidence=_LIKELY, reason="figures: net, tax and total")
    if totalled and sum(each.amount.cents for each in money) > 1 and len(sheet.rows) < 80:  # noqa: PLR2004 [a till roll, not a report]
        return Classification(doc_type=DocumentType.RECEIPT, confidence=0.5, reason="figures: a total")
    return Classification(
        doc_type=DocumentType.OTHER, confidence=_ABSTAINS, reason="no_title: nothing names the document"
    )
