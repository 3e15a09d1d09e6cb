"""The canonical document as JSON and back: decimals as strings, dates in ISO form, absent keys left out.

Two forms: the public one, and the stored one, in which the evidence of cells is short (``domain.cell_evidence``).
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Final, cast

import orjson

from app.modules.imports.domain import canonical
from app.modules.imports.domain.canonical import (
    CanonicalDocument,
    DocumentType,
    Evidence,
    Party,
    Totals,
)
from app.modules.imports.domain.cell_evidence import CellEvidence, cell_evidence, evidence_in_full


def to_json(document: CanonicalDocument) -> dict[str, Any]:
    """The public JSON of a document, evidence included. A statement's fields stand at the top level."""
    encoded = _encode_document(document)
    if document.evidence:
        encoded["evidence"] = _encode_mapping(document.evidence)
    return encoded


def stored_text(document: CanonicalDocument) -> str:
    """The stored form as text; the same document gives the same text."""
    encoded = _encode_document(document)
    if document.evidence:
        encoded["evidence"] = stored_evidence(document)
    return canonical_text(encoded)


def stored_evidence(document: CanonicalDocument) -> Mapping[str, Any]:
    """The evidence as it is stored (of a cell its column and its text), for ``canonical_text``."""
    evidence = document.evidence
    return evidence.cells if isinstance(evidence, CellEvidence) else _encode_mapping(evidence)


def in_full(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The public JSON of what was stored."""
    return {**stored, "evidence": evidence_in_full(stored["evidence"])} if stored.get("evidence") else dict(stored)


def canonical_text(encoded: object) -> str:
    """JSON as text that is the same for the same content."""
    try:
        return orjson.dumps(encoded, _encode, _AS_ENCODED).decode()
    except TypeError:  # integers beyond 64 bits, halves of surrogate pairs: what the slower encoder writes all the same
        return _ENCODER.encode(encoded)


def from_json(data: Mapping[str, Any]) -> CanonicalDocument:
    """The document of either form of JSON. Raises ValueError on a value of the wrong shape, ignores unknown keys."""
    data = dict(data)
    names = {f.name for f in dataclasses.fields(canonical.Statement)} - {"entries"}
    if "transactions" in data or names & data.keys():
        data["statement"] = {k: data[k] for k in names & data.keys()} | {"entries": data.get("transactions") or ()}
    try:
        return cast("CanonicalDocument", _decode(CanonicalDocument, data))
    except (ArithmeticError, TypeError, KeyError, AttributeError) as error:
        msg = f"not a canonical document: {error}"
        raise ValueError(msg) from error


def _encode_document(document: CanonicalDocument) -> dict[str, Any]:
    encoded = _encode_fields(document)
    statement = encoded.pop("statement", None)
    if statement is not None:
        entries = statement.pop("entries", [])
        encoded |= statement
        encoded["transactions"] = entries
        encoded["transactions_count"] = len(entries)
    if encoded.get("lines"):
        encoded["lines_count"] = len(encoded["lines"])
    return encoded


@cache
def _fields(cls: type) -> tuple[tuple[str, ...], tuple[object, ...], Callable[[Any], tuple[Any, ...]]]:
    """Names, defaults, and what gets the values of all at once. A document's evidence is encoded by itself."""
    fields = [f for f in dataclasses.fields(cls) if f.name != "evidence"]
    names = tuple(f.name for f in fields)
    # Of its defaults JSON shows only what says something: none of these does.
    return names, tuple(None if f.default is dataclasses.MISSING else f.default for f in fields), attrgetter(*names)


def _encode(value: Any) -> Any:  # noqa: ANN401  (JSON has many shapes)
    # By exact type, not by pattern: this runs for every value of every row.
    encode = _ENCODERS.get(type(value))
    if encode is not None:
        return encode(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return _encode_mapping(value)
    return _encode_fields(value)


def _encode_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401
    encoded = {}
    names, defaults, values_of = _fields(cast("Any", type(value)))
    for name, default, field in zip(names, defaults, values_of(value), strict=True):
        if field is default or field is None:
            continue
        encode = _ENCODERS.get(type(field))
        written = encode(field) if encode is not None else _encode(field)
        if written or type(written) not in _CONTAINERS:
            encoded[name] = written
    return encoded


def _encode_mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _encode(v) for k, v in value.items()}


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


_CONTAINERS: Final = frozenset({dict, list})
_ENCODERS: Final[dict[type, Callable[[Any], Any]]] = {
    type(None): _same,
    bool: _same,
    int: _same,
    float: _same,
    str: _same,
    Decimal: lambda value: format(value, "f"),
    date: date.isoformat,
    tuple: lambda value: [_encode(v) for v in value],
    dict: _encode_mapping,
    types.MappingProxyType: _encode_mapping,
    DocumentType: str,
    Party: _encode_fields,
    Totals: _encode_fields,
}
_AS_ENCODED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_encode)


@cache
def _hints(cls: Any) -> Mapping[str, Any]:  # noqa: ANN401
    return typing.get_type_hints(cls, vars(canonical) | {"Mapping": Mapping})


def _decode(kind: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _decode(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        return tuple(_decode(typing.get_args(kind)[0], v) for v in value)
    if origin is Mapping:
        return {k: _decode(typing.get_args(kind)[1], v) for k, v in value.items()}
    if kind is Evidence and isinstance(value, list):
        return cell_evidence(*value)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("Any", kind))
        return cast("type[Any]", kind)(**{k: _decode(hints[k], v) for k, v in value.items() if k in hints})
    if kind is Decimal:
        return Decimal(str(value))
    if kind is date:
        return value if isinstance(value, date) else date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value
