"""The transforms that a mapping may name: an allow-list of pure functions over one value. Data, never code."""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.dates import parse_date
from app.modules.imports.mapping.numbers import parse_number
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.modules.imports.mapping.dates import Order
    from app.modules.imports.mapping.numbers import Mark

_LONGEST_TEXT: Final = 10_000
_LONGEST_ARGUMENT: Final = 500
_LARGEST_LOOKUP: Final = 1_000
_MARKS: Final[Mapping[str, Mark]] = {",": ",", ".": "."}
_ORDERS: Final[Mapping[str, Order]] = {"dmy": "dmy", "mdy": "mdy", "ymd": "ymd"}


def compile_transform(name: str, arguments: tuple[object, ...]) -> Callable[[object], object]:
    """The function that ``name`` stands for, with its arguments bound.

    Raises ValueProblem: ``unknown_transform``, ``bad_transform_arguments``.
    """
    make = _MAKERS.get(name)
    if make is None:
        raise ValueProblem("unknown_transform", f"{name!r} is none of {', '.join(sorted(_MAKERS))}")
    _check_size(name, arguments)
    try:
        inspect.signature(make).bind(*arguments)
    except TypeError as error:
        raise ValueProblem("bad_transform_arguments", f"{name}: {error}") from error
    return make(*arguments)


def transform_names() -> tuple[str, ...]:
    """The allow-list, for the interface that offers it."""
    return tuple(sorted(_MAKERS))


def _check_size(name: str, arguments: tuple[object, ...]) -> None:
    for argument in arguments:
        if isinstance(argument, dict):
            fits = len(argument) <= _LARGEST_LOOKUP and all(len(str(x)) <= _LONGEST_ARGUMENT for x in argument.items())
        else:
            fits = isinstance(argument, (str, int, Decimal)) and len(str(argument)) <= _LONGEST_ARGUMENT
        if not fits:
            raise ValueProblem("bad_transform_arguments", f"{name}: text, whole numbers and small tables only")


def _on_text(change: Callable[[str], object]) -> Callable[[object], object]:
    def step(value: object) -> object:
        if value is None:
            return None
        text = printed(value)
        if len(text) > _LONGEST_TEXT:
            raise _too_long()
        return change(text)

    return step


def _too_long() -> ValueProblem:
    return ValueProblem("text_too_long", f"more than {_LONGEST_TEXT} characters")


def _on_number(change: Callable[[Decimal], Decimal]) -> Callable[[object], object]:
    def step(value: object) -> object:
        return None if value in (None, "") else change(parse_number(value))

    return step


def _strip() -> Callable[[object], object]:
    return _on_text(str.strip)


def _upper() -> Callable[[object], object]:
    return _on_text(str.upper)


def _lower() -> Callable[[object], object]:
    return _on_text(str.lower)


def _title() -> Callable[[object], object]:
    return _on_text(str.title)


def _collapse() -> Callable[[object], object]:
    return _on_text(lambda text: " ".join(text.split()))


def _digits() -> Callable[[object], object]:
    return _on_text(lambda text: "".join(c for c in text if c in "0123456789"))


def _alphanumeric() -> Callable[[object], object]:
    return _on_text(lambda text: "".join(c for c in text if c.isalnum()))


def _first(length: int) -> Callable[[object], object]:
    size = _whole("first", length)
    return _on_text(lambda text: text[:size])


def _last(length: int) -> Callable[[object], object]:
    size = _whole("last", length)
    return _on_text(lambda text: text[-size:] if size else "")


def _pad(length: int, fill: str = "0") -> Callable[[object], object]:
    size = _whole("pad", length)
    if len(fill) != 1:
        raise ValueProblem("bad_transform_arguments", "pad: the fill is one character")
    return _on_text(lambda text: text.rjust(size, fill))


def _replace(old: str, new: str = "") -> Callable[[object], object]:
    if not old:
        raise ValueProblem("bad_transform_arguments", "replace: what to look for is empty")
    growth = max(0, len(new) - len(old))

    def change(text: str) -> str:
        if growth and len(text) + growth * text.count(old) > _LONGEST_TEXT:
            raise _too_long()
        return text.replace(old, new)

    return _on_text(change)


def _prefix(text: str) -> Callable[[object], object]:
    return _on_text(lambda value: text + value if value else value)


def _suffix(text: str) -> Callable[[object], object]:
    return _on_text(lambda value: value + text if value else value)


def _split(separator: str, position: int) -> Callable[[object], object]:
    if not separator:
        raise ValueProblem("bad_transform_arguments", "split: the separator is empty")
    place = _whole("split", position, least=-100)

    def part(text: str) -> object:
        parts = text.split(separator)
        return parts[place].strip() if -len(parts) <= place < len(parts) else None

    return _on_text(part)


def _concat(separator: str = " ") -> Callable[[object], object]:
    def step(value: object) -> object:
        parts = value if isinstance(value, tuple) else (value,)
        texts: list[str] = []
        room = _LONGEST_TEXT + len(separator)
        for part in parts:
            if part not in (None, ""):
                texts.append(printed(part).strip())
                room -= len(texts[-1]) + len(separator)
                if room < 0:
                    raise _too_long()
        return separator.join(texts) or None

    return step


def _coalesce() -> Callable[[object], object]:
    def step(value: object) -> object:
        parts = value if isinstance(value, tuple) else (value,)
        return next((part for part in parts if part is not None and str(part).strip()), None)

    return step


def _default(otherwise: object) -> Callable[[object], object]:
    return lambda value: otherwise if value is None or not str(value).strip() else value


def _lookup(table: dict[str, object], otherwise: object = None) -> Callable[[object], object]:
    if not isinstance(table, dict):
        raise ValueProblem("bad_transform_arguments", "lookup: a table of text to text")
    folded = {str(key).strip().casefold(): found for key, found in table.items()}

    def find(text: str) -> object:
        found = folded.get(text.strip().casefold(), otherwise)
        if found is None and text.strip():
            raise ValueProblem("not_in_lookup", "the value is not in the mapping's table")
        return found

    return _on_text(find)


def _decimal(mark: str | None = None) -> Callable[[object], object]:
    if mark is not None and mark not in _MARKS:
        raise ValueProblem("bad_transform_arguments", "decimal: the mark is ',' or '.'")
    bound = _MARKS[mark] if mark else None
    return lambda value: None if value in (None, "") else parse_number(value, bound)


def _date(order: str | None = None) -> Callable[[object], object]:
    if order is not None and order not in _ORDERS:
        raise ValueProblem("bad_transform_arguments", "date: the order is dmy, mdy or ymd")
    bound = _ORDERS[order] if order else None
    return lambda value: None if value in (None, "") else parse_date(value, bound)


def _negate() -> Callable[[object], object]:
    return _on_number(lambda number: -number)


def _abs() -> Callable[[object], object]:
    return _on_number(abs)


def _percent() -> Callable[[object], object]:
    """``0.21`` becomes 21; what is a percentage already stays."""
    return _on_number(lambda number: number * 100 if abs(number) < 1 else number)


def _multiply(factor: str) -> Callable[[object], object]:
    number = parse_number(factor, ".")
    return _on_number(lambda value: value * number)


def _whole(name: str, value: object, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LONGEST_ARGUMENT:
        raise ValueProblem("bad_transform_arguments", f"{name}: a whole number up to {_LONGEST_ARGUMENT}")
    return value


_MAKERS: Final[Mapping[str, Callable[..., Callable[[object], object]]]] = {
    "abs": _abs,
    "alphanumeric": _alphanumeric,
    "coalesce": _coalesce,
    "collapse": _collapse,
    "concat": _concat,
    "date": _date,
    "decimal": _decimal,
    "default": _default,
    "digits": _digits,
    "first": _first,
    "last": _last,
    "lookup": _lookup,
    "lower": _lower,
    "multiply": _multiply,
    "negate": _negate,
    "pad": _pad,
    "percent": _percent,
    "prefix": _prefix,
    "replace": _replace,
    "split": _split,
    "strip": _strip,
    "suffix": _suffix,
    "title": _title,
    "upper": _upper,
}
