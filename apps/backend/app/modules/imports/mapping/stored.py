"""A mapping as the store holds it, made ready to read rows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from app.modules.imports.mapping.model import from_json
from app.modules.imports.mapping.rows import row_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.modules.imports.domain.canonical import CanonicalDocument

_NAMELESS = UUID("6f0d9f3e-54a1-4f5c-9d52-6f6f4a0f7d10")


def row_reader(stored: Mapping[str, Any] | None) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """For a mapping's own definition, for one with additions of a request (``base``, ``transforms``, ``defaults``), or
    for none: then the headings decide. Raises ValueProblem.
    """
    if stored is None:
        return row_reading()
    if "base" not in stored:
        return row_reading(from_json(stored))
    base = from_json(stored["base"]) if stored["base"] else None
    return row_reading(base, defaults=stored.get("defaults"), transforms=stored.get("transforms"))


def nameless_id(definition: Mapping[str, Any]) -> UUID:
    """The id of a mapping that nobody named: the same definition is the same mapping."""
    text = json.dumps(definition, sort_keys=True)
    return uuid5(_NAMELESS, hashlib.sha256(text.encode()).hexdigest())
