"""A tenant's table mapping: which column fills which field, and how its cells are written. Stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.dates import Order  # noqa: TC001  (read at run time by the stored form)
from app.modules.imports.mapping.fields import NOT_OF_ROWS, field_kind
from app.modules.imports.mapping.numbers import Mark  # noqa: TC001
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.transforms import compile_transform

_T = TypeVar("_T", bound=str)

_MOST_COLUMNS: Final = 200
_MOST_HEADINGS: Final = 1_100
"""A little more than the columns of the widest table that is read."""
_LONGEST_NAME: Final = 500
MOST_TRANSFORMS_OF_A_FIELD: Final = 20
_MARKS: Final[tuple[Mark, ...]] = (",", ".")
_ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")
_KEYS: Final = frozenset(
    {"version", "target", "columns", "defaults", "decimal_mark", "date_order", "stated", "headings"}
)
_RULE_KEYS: Final = frozenset({"column", "columns", "transforms", "required"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """A transform by name, with its arguments."""

    name: str
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """Where a field comes from: one column, or several that the first transform joins (``concat`` otherwise)."""

    columns: tuple[str, ...]
    transforms: tuple[Transform, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """One mapping. Field paths are flat: ``invoice_number``, ``supplier.tax_id``, ``taxes.0.rate``."""

    target: DocumentType
    columns: Mapping[str, ColumnRule]
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Field path → value where the row states none."""
    decimal_mark: Mark | None = None
    date_order: Order | None = None
    version: int = 1
    stated: Mapping[str, str] = field(default_factory=dict)
    """Field path → what the file says of all its rows, above the table; a default goes before it."""
    headings: tuple[str, ...] = ()
    """The headings of the one table that it was made for, where it was: it is for no table that lacks its columns."""


def to_json(mapping: TableMapping) -> dict[str, object]:
    """The stored form; ``from_json`` reads it back."""
    stored: dict[str, object] = {
        "version": mapping.version,
        "target": mapping.target.value,
        "columns": {path: _rule_to_json(rule) for path, rule in mapping.columns.items()},
        "defaults": dict(mapping.defaults),
        "decimal_mark": mapping.decimal_mark,
        "date_order": mapping.date_order,
    }
    told = {"stated": dict(mapping.stated), "headings": list(mapping.headings)}
    return {**stored, **{key: value for key, value in told.items() if value}}


def from_json(data: object) -> TableMapping:
    """The mapping that the stored form states. A column may be given as its bare name, a transform as its bare name.

    Raises ValueProblem (a ValueError), whose code is stable: ``mapping_not_an_object``, ``mapping_unknown_key``,
    ``mapping_bad_target``, ``mapping_no_columns``, ``mapping_unknown_field``, ``mapping_bad_column``,
    ``mapping_bad_default``, ``mapping_bad_mark``, ``mapping_bad_order``, ``mapping_bad_version``,
    ``unknown_transform``, ``bad_transform_arguments``, ``too_many_transforms``.
    """
    stored = _object(data, "mapping_not_an_object", "a mapping is a JSON object")
    _refuse_unknown(stored, _KEYS)
    target = _target(stored.get("target"))
    return TableMapping(
        target=target,
        columns=_columns(stored.get("columns"), target),
        defaults=read_defaults(stored.get("defaults"), target),
        decimal_mark=_one_of(stored.get("decimal_mark"), _MARKS, "mapping_bad_mark"),
        date_order=_one_of(stored.get("date_order"), _ORDERS, "mapping_bad_order"),
        version=_version(stored.get("version", 1)),
        stated=read_defaults(stored.get("stated"), target),
        headings=_names("headings", stored["headings"], _MOST_HEADINGS) if "headings" in stored else (),
    )


def read_defaults(data: object, target: DocumentType) -> dict[str, str]:
    """Defaults by field path, as text. Raises ValueProblem."""
    stored = _object(data if data is not None else {}, "mapping_bad_default", "defaults are a JSON object")
    for path, value in stored.items():
        _check_field(target, path)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or len(str(value)) > _LONGEST_NAME:
            raise ValueProblem("mapping_bad_default", f"{path}: text or a whole number")
    return {path: str(value) for path, value in stored.items()}


def read_transforms(data: object) -> tuple[Transform, ...]:
    """Transforms from their stored form: a name, ``[name, argument…]`` or ``{"name", "arguments"}``."""
    if data is None:
        return ()
    listed = [data] if isinstance(data, (str, Mapping, Transform)) else data
    if not isinstance(listed, Sequence):
        raise ValueProblem("bad_transform_arguments", "transforms are a list")
    if len(listed) > MOST_TRANSFORMS_OF_A_FIELD:
        raise ValueProblem("too_many_transforms", f"at most {MOST_TRANSFORMS_OF_A_FIELD} for a field")
    transforms = tuple(_transform(one) for one in listed)
    for transform in transforms:
        compile_transform(transform.name, transform.arguments)
    return transforms


def _rule_to_json(rule: ColumnRule) -> dict[str, object]:
    stored: dict[str, object] = {"columns": list(rule.columns)}
    if rule.transforms:
        stored["transforms"] = [{"name": t.name, "arguments": list(t.arguments)} for t in rule.transforms]
    if rule.required:
        stored["required"] = True
    return stored


def _columns(data: object, target: DocumentType) -> dict[str, ColumnRule]:
    stored = _object(data, "mapping_no_columns", "columns are a JSON object of field path to column")
    if not stored or len(stored) > _MOST_COLUMNS:
        raise ValueProblem("mapping_no_columns", f"between 1 and {_MOST_COLUMNS} fields")
    for path in stored:
        _check_field(target, path)
    return {path: _rule(path, rule) for path, rule in stored.items()}


def _rule(path: str, data: object) -> ColumnRule:
    if not isinstance(data, Mapping):
        return ColumnRule(columns=_names(path, data))
    _refuse_unknown(data, _RULE_KEYS)
    required = data.get("required", False)
    if not isinstance(required, bool):
        raise ValueProblem("mapping_bad_column", f"{path}: required is true or false")
    names = data["columns"] if "columns" in data else data.get("column")
    return ColumnRule(
        columns=_names(path, names), transforms=read_transforms(data.get("transforms")), required=required
    )


def _names(path: str, data: object, most: int = _MOST_COLUMNS) -> tuple[str, ...]:
    names = [data] if isinstance(data, str) else data
    if not isinstance(names, (list, tuple)) or not 0 < len(names) <= most:
        raise ValueProblem("mapping_bad_column", f"{path}: a column name or a list of them")
    if not all(isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME for name in names):
        raise ValueProblem("mapping_bad_column", f"{path}: column names are text of at most {_LONGEST_NAME} characters")
    return tuple(names)


def _transform(data: object) -> Transform:
    match data:
        case Transform():
            return data
        case str():
            return Transform(name=data)
        case {"name": str(name), **rest} if not rest.keys() - {"arguments"}:
            arguments = rest.get("arguments", ())
            if isinstance(arguments, (list, tuple)):
                return Transform(name=name, arguments=tuple(arguments))
        case [str(name), *arguments]:
            return Transform(name=name, arguments=tuple(arguments))
    raise ValueProblem("bad_transform_arguments", "a transform is a name, or a name with a list of arguments")


def _target(data: object) -> DocumentType:
    usable = [kind.value for kind in DocumentType if kind not in NOT_OF_ROWS]
    if not isinstance(data, str) or data not in usable:
        raise ValueProblem("mapping_bad_target", f"target is one of {', '.join(usable)}")
    return DocumentType(data)


def _check_field(target: DocumentType, path: object) -> None:
    if not isinstance(path, str) or field_kind(target, path) is None:
        raise ValueProblem("mapping_unknown_field", f"{str(path)[:80]!r} is no field of {target.value}")


def _one_of(data: object, allowed: tuple[_T, ...], code: str) -> _T | None:
    if data is None or data in allowed:
        return data
    raise ValueProblem(code, f"one of {', '.join(map(repr, allowed))} or null")


def _version(data: object) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or data < 1:
        raise ValueProblem("mapping_bad_version", "a whole number from 1")
    return data


def _object(data: object, code: str, detail: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise ValueProblem(code, detail)
    return data


def _refuse_unknown(data: Mapping[str, object], known: frozenset[str]) -> None:
    if unknown := sorted(str(key)[:80] for key in data if key not in known):
        raise ValueProblem("mapping_unknown_key", f"{', '.join(unknown)}: known are {', '.join(sorted(known))}")
