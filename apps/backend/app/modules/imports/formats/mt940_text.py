"""Field 86, information to the account owner: numbered subfields (?20…), code words (/REMI/…) or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.modules.imports.formats.bank_statement import join_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.modules.imports.formats.mt940_fields import Field

_NUMBERED = re.compile(r"\s*(?:\d{3}\s?([^\w\s/])|(\?))\d\d")
"""The code of the transaction and the first subfield; without that code only the usual mark is taken for one."""
_KEYWORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP)\+")
_CODED = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|CSID|MARF|ORDP|BENM|ADDR|ISDT|PREF|RTRN|PURP|ULTC|ULTD|ULTB|CNTP|CREF|KREF"
    r"|PMTP|INFO|ACCW|EXCH|OCMT|CHGS|RREF|IREF|MSGID|ID|ORDRP|BENEF|SVCL)/"
)
_PURPOSE = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63")
_NAMES = ("32", "33")
_BEYOND_SUBFIELDS = "80"
_SUBFIELD_WIDTH, _LINE_WIDTH = 27, 65
_MAX_REFERENCE = 35
"""SEPA end-to-end references are no longer: what is, has text of another kind behind it."""
_NONE_GIVEN = frozenset(["NOTPROVIDED", "NONREF", "NOTPROVIDE"])


@dataclass(frozen=True, slots=True)
class Said:
    """What the texts of one movement say."""

    description: str | None
    end_to_end: str | None


def describe(texts: Sequence[Field]) -> Said:
    """Purpose and counterparty in one line, and the end-to-end reference where the text marks one."""
    if not texts:
        return Said(None, None)
    first = "\n".join(line for text in texts for line in text.lines)
    numbered = _NUMBERED.match(first)
    if numbered:
        return _from_numbered("".join(text.text.replace("\n", "") for text in texts), numbered[1] or numbered[2])
    plain = _unwrap(line for text in texts for line in text.lines)
    coded = _coded(plain)
    if "REMI" in coded or "NAME" in coded or "EREF" in coded:
        return _from_coded(plain, coded)
    return Said(join_text(plain), None)


def _from_numbered(text: str, mark: str) -> Said:
    parts = _subfields(text, mark)
    purpose = _unwrap((parts[number] for number in _PURPOSE if number in parts), width=_SUBFIELD_WIDTH)
    marked = _marked(purpose)
    counterparty = _unwrap((parts[number] for number in _NAMES if number in parts), width=_SUBFIELD_WIDTH)
    return Said(
        join_text(parts.get("00"), marked.get("SVWZ", purpose), counterparty),
        _reference(marked.get("EREF")),
    )


def _subfields(text: str, mark: str) -> dict[str, str]:
    pieces: dict[str, list[str]] = {}
    current: list[str] = []
    for piece in text.split(mark)[1:]:
        number, value = piece[:2], piece[2:]
        if number.isdigit() and number < _BEYOND_SUBFIELDS:
            current = pieces.setdefault(number, [])
            current.append(value)
        else:  # the mark as a character of the text before it
            current += (mark, piece)
    return {number: "".join(values) for number, values in pieces.items()}


def _from_coded(plain: str, coded: Mapping[str, str]) -> Said:
    party = coded.get("NAME") or _counterparty(coded.get("CNTP", ""))
    purpose = re.sub(r"^(?:USTD|STRD)?/+|/+$", "", coded.get("REMI", "").strip())
    return Said(join_text(party, purpose) or join_text(plain), _reference(coded.get("EREF")))


def _counterparty(account_bank_name: str) -> str:
    parts = account_bank_name.split("/")
    return parts[2] if len(parts) > 2 else ""  # noqa: PLR2004  (IBAN, BIC, name)


def _marked(purpose: str) -> dict[str, str]:
    pieces = _KEYWORD.split(purpose)
    return {key: value.strip() for key, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def _coded(plain: str) -> dict[str, str]:
    pieces = _CODED.split(plain)
    return {key: value.strip() for key, value in zip(pieces[1::2], pieces[2::2], strict=True)}


def _reference(stated: str | None) -> str | None:
    reference = join_text(stated and stated.strip("/"))
    if reference is None or reference in _NONE_GIVEN or len(reference) > _MAX_REFERENCE:
        return None
    return reference


def _unwrap(lines: Iterable[str], *, width: int = _LINE_WIDTH) -> str:
    """Lines as one text: a full line was cut by the bank wherever it happened to end, a shorter one ended there."""
    return "".join(line if len(line) >= width else line + " " for line in lines)
