"""A mapping as the store holds it, made ready to read rows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from app.modules.imports.mapping.limits import refuse_too_much
from app.modules.imports.mapping.model import from_json, read_transforms
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
        mapping = from_json(stored)
        refuse_too_much(mapping)
        return row_reading(mapping)
    base = from_json(stored["base"]) if stored["base"] else None
    defaults = stored.get("defaults") or {}
    transforms = {path: read_transforms(chain) for path, chain in (stored.get("transforms") or {}).items()}
    refuse_too_much(base, transforms, defaults)
    return row_reading(base, defaults=defaults, transforms=transforms)


def nameless_id(definition: Mapping[str, Any]) -> UUID:
    """The id of a mapping that nobody named: the same definition is the same mapping."""
    text = json.dumps(definition, sort_keys=True)
    return uuid5(_NAMELESS, hashlib.sha256(text.encode()).hexdigest())
