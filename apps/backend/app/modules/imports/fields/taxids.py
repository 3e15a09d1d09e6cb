"""Finds tax ids on a sheet and proves them: by a country pack's own check, or as a European VAT number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stdnum.eu import vat

from app.modules.imports import plugins
from app.modules.imports.fields.layout import around, overlap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.labelling import Label, Labels
    from app.modules.imports.fields.layout import Row, Sheet, Token

_LONGEST = 5
_SHAPE = re.compile(r"(?:[A-Z]{2,3})?(?=(?:[A-Z]*\d){7})[A-Z0-9]{8,15}")
_DIGITS_ONLY = re.compile(r"\d+")
_LABELLED_SHAPE = re.compile(r"(?=(?:.*\d){6})[A-Z0-9]{8,15}")
_MONEY = re.compile(r"\d[.,]\d{2}$")
_AMOUNT = re.compile(r"\d,\d{2}\D*$")
_FILLER = re.compile(r"[\W_]*(?:n|no|nº|num|núm)?[\W_]*", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}")
"""One in ten behind the article ``el`` would be a Greek number whose check digit holds."""
_OCR_DIGITS = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6"})
_EU = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "EL",
        "ES",
        "FI",
        "FR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    },
)
_RUC = 13


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax id in normal form; ``proven`` when its check digit holds; ``labelled`` when the page calls it one."""

    value: str
    country: str | None
    row: Row
    tokens: tuple[Token, ...]
    proven: bool
    labelled: bool

    @property
    def box(self) -> Box:
        return around(token.box for token in self.tokens)


def prove_tax_id(text: str) -> tuple[str, str] | None:
    """Normal form and country of a tax id whose check digit holds."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    for code, country in plugins.countries().items():
        normal = country.tax_id(bare)
        if normal:
            return normal, code
    if bare[:2] in _EU and vat.is_valid(bare):
        return bare, bare[:2]
    return None


def find_tax_ids(sheet: Sheet, labels: Labels) -> tuple[TaxId, ...]:
    """All tax ids in reading order: proven ones anywhere, unproven ones only where a label announces them."""
    found: list[TaxId] = []
    above: Row | None = None
    for row in sheet.rows:
        found.extend(_in_row(row, above, labels, ocr=sheet.source == "ocr"))
        above = row
    return tuple(found)


def _in_row(row: Row, above: Row | None, labels: Labels, *, ocr: bool) -> Iterator[TaxId]:
    index = 0
    announced = [label for label in labels.in_row(row) if label.roles & {"tax_id", "number"}]
    headed = _headed(row, above, labels)
    while index < len(row.tokens):
        label = _announcing(row.tokens[index], announced)
        labelled = (label is not None and "tax_id" in label.roles) or row.tokens[index] in headed
        found = _at(row, index, labelled=labelled, ocr=ocr)
        if found is None or (label is not None and not labelled and found.value.isdigit()):
            index += 1
        else:
            yield found
            index += len(found.tokens)


def _headed(row: Row, above: Row | None, labels: Labels) -> tuple[Token, ...]:
    """Tokens right under a label that has nothing beside it, as in a table."""
    if above is None or above.page != row.page or row.box.top - above.box.bottom > 2 * row.height:
        return ()
    heads = [label for label in labels.in_row(above) if "tax_id" in label.roles and not _answered(label)]
    return tuple(token for token in row.tokens if any(overlap(token.box, head.box) > 0 for head in heads))


def _answered(label: Label) -> bool:
    """Something with digits follows the label on its own row."""
    following = [token for token in label.row.tokens if token.start >= label.end][:2]
    return any(char.isdigit() for token in following for char in token.text)


def _at(row: Row, index: int, *, labelled: bool, ocr: bool) -> TaxId | None:
    text = ""
    for count, token in enumerate(_adjacent(row.tokens[index:]), 1):
        text += re.sub(r"[^0-9A-Z]", "", token.text.upper())
        tokens = row.tokens[index : index + count]
        found = _proven(text, row, tokens, labelled=labelled, ocr=ocr)
        if found is not None:
            return found
    return _unproven(row, index) if labelled else None


def _announcing(token: Token, announced: list[Label]) -> Label | None:
    near = [label for label in announced if 0 <= token.start - label.end <= len("  : # nº.")]
    return near[-1] if near and _FILLER.fullmatch(near[-1].row.text[near[-1].end : token.start]) else None


def _adjacent(tokens: tuple[Token, ...]) -> Iterator[Token]:
    """Tokens with no more than a space between them: an id never spans two columns."""
    previous: Token | None = None
    for token in tokens[:_LONGEST]:
        if previous is not None and token.box.left - previous.box.right > 1.2 * token.height:
            return
        if _DATE.fullmatch(token.text) or _AMOUNT.search(token.text):
            return
        yield token
        previous = token


def _proven(text: str, row: Row, tokens: tuple[Token, ...], *, labelled: bool, ocr: bool) -> TaxId | None:
    if _DIGITS_ONLY.fullmatch(text) and not labelled and len(text) != _RUC:
        return None  # nor mended: one telephone number in ten that begins with 8 makes a company's id with a B
    for candidate in (text, *(_mended(text) if ocr else ())):
        if not _SHAPE.fullmatch(candidate):
            continue
        proof = prove_tax_id(candidate)
        if proof is not None:
            return TaxId(proof[0], proof[1], row, tokens, proven=True, labelled=labelled)
    return None


def _mended(text: str) -> Iterator[str]:
    """What OCR may have meant: a digit read as the letter it looks like. The check digit decides."""
    yield text[:1] + text[1:-1].translate(_OCR_DIGITS) + text[-1:]
    yield text[:1] + text[1:].translate(_OCR_DIGITS)
    yield text[:-1].translate(_OCR_DIGITS) + text[-1:]
    if text[:1] == "8":
        yield "B" + text[1:].translate(_OCR_DIGITS)


def _unproven(row: Row, index: int) -> TaxId | None:
    """An id without a known check, taken because its label says what it is."""
    text = ""
    best: TaxId | None = None
    for count, token in enumerate(_adjacent(row.tokens[index:]), 1):
        bare = re.sub(r"[^0-9A-Z]", "", token.text.upper())
        worded = not any(char.isdigit() for char in bare) and (count > 1 or bare not in _EU)
        if worded or _MONEY.search(token.text):
            break
        text += bare
        if _LABELLED_SHAPE.fullmatch(text):
            country = text[:2] if text[:2] in _EU else None
            best = TaxId(text, country, row, row.tokens[index : index + count], proven=False, labelled=True)
    return best
