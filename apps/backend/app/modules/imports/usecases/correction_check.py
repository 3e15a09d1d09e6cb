"""What a reviewer enters is held against the shape of a canonical document before it is stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import CanonicalDocument, Statement
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.domain.corrections import corrected
from app.modules.imports.domain.errors import RefusedUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_ENTERED: Final = frozenset({"evidence", "findings", "format", "environment", "statement"})
_ROOTS: Final = (
    {f.name for f in dataclasses.fields(CanonicalDocument)}
    | {f.name for f in dataclasses.fields(Statement)}
    | {"transactions"}
) - _NOT_ENTERED
_LARGEST: Final = Decimal(10) ** 15
_MOST_DIGITS: Final = 30
_LEAST_EXPONENT: Final = -30
"""Of a decimal number: ``1E-9999999`` has one digit, and ten million when it is printed."""


def checked_document(document: Mapping[str, Any], corrections: Mapping[str, Any]) -> CanonicalDocument:
    """The document with the corrections laid over it. Raises ``RefusedUpload('correction_invalid')``."""
    try:
        _check_roots(corrections)
        result = from_json(corrected(document, corrections))
        for path, value in _leaves(result, ""):
            _check_leaf(path, value)
        shown = to_json(result)
        for path, value in corrections.items():
            _check_landed(shown, path, value)
    except (ValueError, RecursionError) as error:
        raise RefusedUpload("correction_invalid", str(error)[:300]) from None
    return result


def _check_roots(corrections: Mapping[str, Any]) -> None:
    for path in corrections:
        if path.split(".")[0] not in _ROOTS:
            raise ValueError(f"{path}: no such field")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (any part of a document)
    if dataclasses.is_dataclass(value):
        names = (f.name for f in dataclasses.fields(value) if f.name != "evidence")
        parts: Iterator[tuple[str, Any]] = ((name, getattr(value, name)) for name in names)
    elif isinstance(value, tuple):
        parts = ((str(index), part) for index, part in enumerate(value))
    else:
        yield path, value
        return
    for name, part in parts:
        yield from _leaves(part, f"{path}.{name}" if path else name)


def _check_leaf(path: str, value: object) -> None:
    match value:
        case None | str() | Enum() | date():
            return
        case Decimal() if value.is_finite() and abs(value) < _LARGEST and _prints_short(value):
            return
    raise ValueError(f"{path}: a value of another kind is needed")


def _prints_short(value: Decimal) -> bool:
    _, digits, exponent = value.as_tuple()
    return len(digits) <= _MOST_DIGITS and _LEAST_EXPONENT <= int(exponent) <= _MOST_DIGITS


def _check_landed(shown: Mapping[str, Any], path: str, value: object) -> None:
    """A path that no field has would be dropped in silence."""
    *parents, last = path.split(".")
    node: Any = shown
    for key in parents:
        node = _step(node, key)
    if value is None and last.isdigit():
        raise ValueError(f"{path}: give the list anew to leave an entry out")
    if value not in (None, [], {}) and _step(node, last) is None:
        raise ValueError(f"{path}: no such field")


def _step(node: Any, key: str) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(node, list) and key.isdigit() and int(key) < len(node):
        return node[int(key)]
    return node.get(key) if isinstance(node, Mapping) else None
