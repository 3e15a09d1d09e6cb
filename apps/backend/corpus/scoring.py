"""Compares what was read with the truth, field by field: right, wrong, or nothing read."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Document = Mapping[str, Any]

_ALIKE: Final = 90.0
_KINDS: Final = {"simplified_invoice": "invoice", "receipt": "invoice", "credit_note": "corrective_invoice"}
_AMOUNTS: Final = ("net", "tax", "gross", "withholding", "payable")
_CODES: Final = ("invoice_number", "currency", "iban", "access_key", "corrected_invoice_number")
_LINE_FIELDS: Final = ("lines_count", "lines")
KEY_FIELDS: Final = (
    "invoice_number",
    "issue_date",
    "supplier.tax_id",
    "totals.gross",
    "totals.payable",
    "totals.withholding",
)
"""What makes a document right as a whole, as far as its page states it."""


class Verdict(StrEnum):
    """What became of one field that the page states."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


def score(truth: Document, read: Document) -> dict[str, Verdict]:
    """A verdict for every field of the truth. A correction may be read with all its signs turned."""
    straight = _score(truth, read)
    if _KINDS.get(truth["doc_type"], truth["doc_type"]) != "corrective_invoice":
        return straight
    turned = _score(truth, _turned(read))
    return max(straight, turned, key=lambda verdicts: sum(each is Verdict.RIGHT for each in verdicts.values()))


def is_whole(verdicts: Mapping[str, Verdict]) -> bool:
    """Whether every key field that the page states was read right."""
    return all(verdicts[field] is Verdict.RIGHT for field in KEY_FIELDS if field in verdicts)


def _score(truth: Document, read: Document) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}

    def compare(field: str, true: object, found: object, same: Callable[[Any, Any], bool]) -> None:
        if true not in (None, "", []):
            verdicts[field] = Verdict.MISSING if found in (None, "", []) else _verdict(same(true, found))

    compare("doc_type", truth["doc_type"], read.get("doc_type"), _same_kind)
    for key in _CODES:
        compare(key, truth.get(key), read.get(key), _same_code)
    for key in ("issue_date", "due_date"):
        compare(key, truth.get(key), read.get(key), lambda true, found: bool(true == found))
    for side in ("supplier", "buyer"):
        true, found = truth.get(side) or {}, read.get(side) or {}
        compare(f"{side}.tax_id", true.get("tax_id"), found.get("tax_id"), _same_tax_id)
        compare(f"{side}.name", true.get("name") and true, found.get("name") and found, _same_name)
    for key in _AMOUNTS:
        compare(f"totals.{key}", truth["totals"].get(key), (read.get("totals") or {}).get(key), _same_amount)
    compare("taxes", truth.get("taxes"), read.get("taxes"), _same_rows(("rate", "base", "amount")))
    compare("withholdings", truth.get("withholdings"), read.get("withholdings"), _same_rows(("amount",)))
    counted = len(read.get("lines") or ()) or None
    compare("lines_count", truth.get("lines_count"), counted, lambda true, found: bool(true == found))
    if truth.get("lines") and "net_amount" in truth["lines"][0]:
        stated = [line for line in read.get("lines") or () if line.get("net_amount") is not None]
        compare("lines", truth["lines"], stated, _same_rows(("net_amount",)))
    return verdicts


def _verdict(same: bool) -> Verdict:  # noqa: FBT001 [it is the verdict]
    return Verdict.RIGHT if same else Verdict.WRONG


def _same_kind(true: str, found: str) -> bool:
    return _KINDS.get(true, true) == _KINDS.get(found, found)


def _same_code(true: str, found: str) -> bool:
    return _bare(true) == _bare(found)


def _same_tax_id(true: str, found: str) -> bool:
    """With or without the country before it."""
    one, other = sorted((_bare(true), _bare(found)), key=len)
    return one == other or (len(other) == len(one) + 2 and other[:2].isalpha() and other.endswith(one))


def _same_name(true: Document, found: Document) -> bool:
    names = [true["name"], *true.get("alt_names", ())]
    read = [found.get("name"), *found.get("alt_names", ())]
    return any(fuzz.ratio(_folded(one), _folded(other)) >= _ALIKE for one in names for other in read if other)


def _same_amount(true: str, found: str) -> bool:
    return _number(true) == _number(found)


def _same_rows(keys: tuple[str, ...]) -> Callable[[Any, Any], bool]:
    """The same rows in any order; rows of nothing are left out, parts that the truth leaves open are not compared."""

    def same(true: list[Document], found: list[Document]) -> bool:
        stated = [key for key in keys if all(key in row for row in true)]
        one, other = (
            sorted(tuple(str(_number(row.get(key))) for key in stated) for row in rows if _number(row.get(keys[-1])))
            for rows in (true, found)
        )
        return one == other

    return same


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value)).normalize()
    except InvalidOperation:
        return None


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", str(text)).upper())


def _folded(text: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))


def _turned(read: Document) -> dict[str, Any]:
    """The document with the sign of every amount turned."""

    def turn(row: Document, keys: tuple[str, ...]) -> dict[str, Any]:
        return {
            key: str(-Decimal(str(value))) if key in keys and value is not None else value for key, value in row.items()
        }

    turned = dict(read)
    turned["totals"] = turn(read.get("totals") or {}, _AMOUNTS)
    for key, amounts in (("taxes", ("base", "amount")), ("lines", ("net_amount",))):
        turned[key] = [turn(row, amounts) for row in read.get(key) or ()]
    return turned
