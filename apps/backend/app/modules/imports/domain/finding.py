"""A finding: what a rule has to say about a document, by a stable code."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


NEVER_ACCEPTED: Final = frozenset({"value_too_long"})
"""Codes that no reviewer can accept, because no table takes the document: it has to be corrected."""


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKS = "blocks"
    """The document is not published until a person corrects it or accepts the finding with a reason."""
    LOOK = "look"
    """Published, and shown as needing a look."""
    NOTE = "note"
    """Published; kept for the record."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``code`` keys the message catalogue; ``params`` fill its placeholders (strings only)."""

    code: str
    severity: Severity
    field: str | None = None
    """Path of the field concerned, as in ``CanonicalDocument.evidence``."""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
