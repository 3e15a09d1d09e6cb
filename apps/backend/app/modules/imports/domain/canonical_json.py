"""The canonical document as JSON and back: decimals as strings, dates in ISO form, absent keys left out."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, cast

from app.modules.imports.domain import canonical
from app.modules.imports.domain.canonical import CanonicalDocument


def to_json(document: CanonicalDocument) -> dict[str, Any]:
    """The public JSON of a document, evidence included. A statement's fields stand at the top level."""
    encoded = cast("dict[str, Any]", _encode(document))
    statement = encoded.pop("statement", None)
    if statement is not None:
        entries = statement.pop("entries", [])
        encoded |= statement
        encoded["transactions"] = entries
        encoded["transactions_count"] = len(entries)
    if encoded.get("lines"):
        encoded["lines_count"] = len(encoded["lines"])
    return encoded


def from_json(data: Mapping[str, Any]) -> CanonicalDocument:
    """The document that ``to_json`` wrote. Raises ValueError on a value of the wrong shape, ignores unknown keys."""
    data = dict(data)
    names = {f.name for f in dataclasses.fields(canonical.Statement)} - {"entries"}
    if "transactions" in data or names & data.keys():
        data["statement"] = {k: data[k] for k in names & data.keys()} | {"entries": data.get("transactions") or ()}
    try:
        return cast("CanonicalDocument", _decode(CanonicalDocument, data))
    except (ArithmeticError, TypeError, KeyError, AttributeError) as error:
        msg = f"not a canonical document: {error}"
        raise ValueError(msg) from error


@cache
def _fields(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def _encode(value: Any) -> Any:  # noqa: ANN401  (JSON has many shapes)
    # By exact type, not by pattern: this runs for every value of every row.
    encode = _ENCODERS.get(type(value))
    if encode is not None:
        return encode(value)
    if isinstance(value, Enum):
        return value.value
    return _encode_fields(value)


def _encode_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401
    encoded = {}
    for name in _fields(cast("Any", type(value))):
        field = getattr(value, name)
        if field is None or field in _EMPTY:
            continue
        written = _encode(field)
        if written != {}:
            encoded[name] = written
    return encoded


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


_EMPTY: tuple[Any, ...] = ((), {})
_ENCODERS: dict[type, Callable[[Any], Any]] = {
    type(None): _same,
    bool: _same,
    int: _same,
    float: _same,
    str: _same,
    Decimal: lambda value: format(value, "f"),
    date: date.isoformat,
    tuple: lambda value: [_encode(v) for v in value],
    dict: lambda value: {k: _encode(v) for k, v in value.items()},
    types.MappingProxyType: lambda value: {k: _encode(v) for k, v in value.items()},
}


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
