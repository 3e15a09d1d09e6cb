"""What tells bank movements apart: account and content, never the line number, which changes with every download."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

    from app.modules.imports.domain.canonical import BankEntry, Statement

_LEAST_DIGITS: Final = 5
_MASKS: Final = ("*", "•", "XX", "xx")


def account_key(statement: Statement) -> str | None:
    """The account as one word; None where it is not stated, or only in part (``**** 1234``), which names no account."""
    stated = statement.account_iban or statement.account_number or ""
    key = "".join(c for c in stated.upper() if c.isalnum())
    if any(mask in stated for mask in _MASKS) or sum(c.isdigit() for c in key) < _LEAST_DIGITS:
        return None
    return key


def content_hash(account: str | None, currency: str | None, entry: BankEntry) -> str:
    """Equal for one movement in all its downloads, whatever file type, spacing or trailing zeros they have."""
    days = [day.isoformat() if day else None for day in (entry.booking_date, entry.value_date)]
    money = [_plain(entry.amount), _plain(entry.balance)]
    content = [account, currency, *days, *money, _folded(entry.description)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def numbered(content: str, ordinal: int) -> str:
    """The fingerprint of the ``ordinal``-th among equals of one download, counted from 1. Sorts by content, ordinal."""
    return f"{content}-{ordinal:09}"


def ordinal_of(fingerprint: str) -> int:
    return int(fingerprint.rpartition("-")[2])


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").split()).casefold()
