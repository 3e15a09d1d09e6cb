"""What a page says of the document that it belongs to: number, codes, supplier, total, page x of y, carried sums."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.fields.amounts import find_amounts
from app.modules.imports.fields.classify import classify_sheet, headed_type
from app.modules.imports.fields.codes import find_ibans, read_codes
from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.money import find_money
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.references import find_number
from app.modules.imports.fields.taxids import find_tax_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.page import Page
    from app.modules.imports.fields.codes import Stated
    from app.modules.imports.fields.layout import Row, Sheet

TRADE: Final = frozenset({
    DocumentType.INVOICE, DocumentType.SIMPLIFIED_INVOICE, DocumentType.RECEIPT, DocumentType.CREDIT_NOTE,
    DocumentType.CORRECTIVE_INVOICE, DocumentType.DEBIT_NOTE, DocumentType.PURCHASE_SETTLEMENT,
    DocumentType.WITHHOLDING, DocumentType.PROFORMA,
})  # fmt: skip
"""Documents of which a file may hold several, one behind the other."""
_LABELLED: Final = 4
"""A number found beside a label of its own scores more."""
_PAGE: Final = re.compile(
    r"\b(?:pagina|paxina|pag|page|seite|hoja|folha|folio|full|orrialdea|orri|p)\b[.:\s]*(\d{1,3})"
    r"(?:\s*(?:/|de|of|von|sur|tik|\|)\s*(\d{1,3}))?\b",
)
_BARE: Final = re.compile(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*")
_CARRIED: Final = tuple(
    squash(words)
    for words in (
        "suma y sigue", "suma e segue", "suma i segueix", "sumas y siguen", "carried forward", "hurrengo orrira",
        "a transportar", "à reporter", "übertrag", "continúa en la página", "continúa en la siguiente", "sigue en la",
        "continued on", "sigue al dorso",
    )
)  # fmt: skip
_BROUGHT: Final = tuple(
    squash(words)
    for words in (
        "suma anterior", "sumas anteriores", "brought forward", "aurreko orritik", "viene de la", "transportado",
    )
)  # fmt: skip
_ALIKE: Final = str.maketrans({"o": "0", "q": "0", "i": "1", "l": "1", "s": "5", "b": "8", "z": "2", "g": "6"})
_HEADED: Final = 0.8
_EDGE: Final = 0.12
"""Of the page's height at top and bottom, where pages are numbered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """One page on its own."""

    page: Page
    kind: DocumentType
    number: str | None
    """The document's number where a label announces it, without what OCR confuses."""
    key: str | None
    """What a fiscal code says which document this is."""
    supplier: str | None
    """A proven tax id on the supplier's side."""
    account: str | None
    total: Decimal | None
    proven: bool
    """The total is the sum of its parts."""
    ends: bool
    """A total stands on it that is proven, or called one on its own line: the heading of a column says less."""
    marker: tuple[int, int | None] | None
    """Page x of y as printed."""
    carries: bool
    brings: bool

    @property
    def is_trade(self) -> bool:
        return self.kind in TRADE


def read_facts(page: Page) -> PageFacts:
    """Facts of a page as if it were a document."""
    sheet = lay_out([page])
    stated = read_codes(sheet)
    labels = find_labels(sheet)
    money = find_money(sheet, find_amounts(sheet), labels)
    kind = classify_sheet(sheet, money, stated).doc_type
    document = find_fields([page]) if kind in TRADE else None
    accounts = find_ibans(sheet)
    others = (*(each.value for each in find_tax_ids(sheet, labels)), *(each.value for each in accounts))
    number = find_number(sheet, labels, frozenset(map(squash, others)))
    totals = document.totals if document else None
    proven = document is not None and _is_proven(document, "totals.gross", "totals.payable")
    statement = kind is DocumentType.BANK_STATEMENT and accounts and accounts[0].proven
    return PageFacts(
        page=page,
        kind=headed_type(sheet) or kind if kind is DocumentType.OTHER else kind,
        number=comparable(number.value) if number and number.score > _LABELLED else None,
        key=_key(stated),
        supplier=_proven_supplier(document),
        account=accounts[0].value if statement else None,
        total=(totals.gross if totals.gross is not None else totals.payable) if totals else None,
        proven=proven,
        ends=proven or any(each.strength("gross", "payable", "withholding", "total") > _HEADED for each in money),
        marker=_marker(sheet, page.height),
        carries=_says(sheet.rows, _CARRIED),
        brings=_says(sheet.rows, _BROUGHT),
    )


def comparable(number: str) -> str:
    """A number without separators, and with letters in place of which OCR likes to read digits."""
    return squash(number).translate(_ALIKE)


def _key(stated: Mapping[str, Stated]) -> str | None:
    """Access key, or supplier and number as a code states them; a printed key is as good as its bars."""
    if "access_key" in stated:
        return stated["access_key"].value
    named = [stated[path].value for path in ("supplier.tax_id", "invoice_number") if path in stated]
    return "/".join(named) if "invoice_number" in stated else None


def _proven_supplier(document: CanonicalDocument | None) -> str | None:
    proven = document is not None and _is_proven(document, "supplier.tax_id")
    return document.supplier.tax_id if document is not None and proven else None


def _is_proven(document: CanonicalDocument, *paths: str) -> bool:
    return any(path in document.evidence and document.evidence[path].proofs for path in paths)


def _marker(sheet: Sheet, height: float) -> tuple[int, int | None] | None:
    """The last one on the page counts: a heading may speak of another page."""
    found: tuple[int, int | None] | None = None
    for row in sheet.rows:
        for match in _PAGE.finditer(fold(row.text)):
            found = _counted(match.group(1), match.group(2)) or found
        at_edge = row.box.bottom < _EDGE * height or row.box.top > (1 - _EDGE) * height
        bare = _BARE.fullmatch(row.text) if at_edge else None
        if bare:
            found = found or _counted(bare.group(1), bare.group(2))
    return found


def _counted(number: str, count: str | None) -> tuple[int, int | None] | None:
    page, pages = int(number), int(count) if count else None
    return (page, pages) if page and (pages is None or page <= pages) else None


def _says(rows: Iterable[Row], phrases: tuple[str, ...]) -> bool:
    return any(squash(row.text).startswith(phrases) or _in_a_cell(row, phrases) for row in rows)


def _in_a_cell(row: Row, phrases: tuple[str, ...]) -> bool:
    return any(squash(cell.text).startswith(phrases) for cell in row.cells())
