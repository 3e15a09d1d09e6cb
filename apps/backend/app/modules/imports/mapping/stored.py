"""A mapping as the store holds it, made ready to read rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.modules.imports.mapping.model import from_json, read_transforms
from app.modules.imports.mapping.rows import compile_mapping, read_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.modules.imports.domain.canonical import CanonicalDocument


def row_reader(stored: Mapping[str, Any] | None) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """For a mapping's own definition, for one with additions of a request (``base``, ``transforms``, ``defaults``), or
    for none: then the headings decide. Raises ValueProblem.
    """
    if stored is None:
        return partial(read_row, mapping=None)
    if "base" not in stored:
        return compile_mapping(from_json(stored))
    base = from_json(stored["base"]) if stored["base"] else None
    transforms = {path: read_transforms(listed) for path, listed in (stored.get("transforms") or {}).items()}
    return partial(read_row, mapping=base, defaults=stored.get("defaults") or None, transforms=transforms or None)
