"""Suggests a mapping for a table never seen before: by its headings, by the shapes of its cells, by its arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.conventions import (
    Decided,
    decide_mark,
    decide_order,
    mark_to_declare,
    order_of_access_keys,
    order_to_declare,
    read_number,
)
from app.modules.imports.mapping.fields import Kind, field_kind
from app.modules.imports.mapping.headings import TARGET_NEEDS, infer_mapping, is_ruled_out
from app.modules.imports.mapping.model import ColumnRule, TableMapping
from app.modules.imports.mapping.shapes import ColumnShape, shape_of
from app.modules.imports.mapping.sides import with_sides
from app.modules.imports.mapping.vocabulary import fold_header, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.mapping.dates import Order
    from app.modules.imports.mapping.numbers import Mark

SAMPLE: Final = 500
_EXACT: Final = 0.9
_PARTIAL: Final = 0.5
_LEAST: Final = 0.42
"""More than a heading gets that shares one word of three: ``Refunded amount`` is no withheld amount."""
_FITS: Final = 0.1
_PROVED: Final = 1.0
_CENT: Final = Decimal("0.02")
_MOST_ROWS_HELD: Final = 0.8
_MOSTLY: Final = 0.5
_MOST_COLUMNS: Final = 12
_SUMS: Final = ("totals.net", "totals.tax", "totals.gross")
_NO_TAX: Final = re.compile(
    r"\b(fees?|comision(es)?|shipping|envio|portes|transporte|gastos|freight|handling|discounts?|descuento|dto|propina"
    r"|tip)\b"
)
"""Over what is added to a net sum or taken from a gross one, and is no tax of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSuggestion:
    """One column for one field. ``reason`` is one of heading, part_of_heading, arithmetic; ``score`` from 0 to 1."""

    column: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a table may be. Mark and order are None where the sample proves neither."""

    target: DocumentType
    score: float
    columns: Mapping[str, ColumnSuggestion]
    decimal_mark: Mark | None
    date_order: Order | None

    def to_mapping(self) -> TableMapping:
        """The suggestion as a mapping, for a person to confirm."""
        return TableMapping(
            target=self.target,
            columns={path: ColumnRule(columns=(found.column,)) for path, found in self.columns.items()},
            decimal_mark=self.decimal_mark,
            date_order=self.date_order,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A table as it is looked at for every target."""

    header: tuple[str, ...]
    shapes: Sequence[ColumnShape]
    sums: Mapping[str, int]
    stated: TableMapping | None
    """What the headings alone say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    score: float
    path: str
    place: int
    reason: str


def suggest(header: Sequence[str], sample: Sequence[Sequence[object]]) -> Suggestion | None:
    """The likeliest target and the column of each field; None when no heading and no arithmetic says anything."""
    rows = sample[:SAMPLE]
    columns = [[row[i] if i < len(row) else None for row in rows] for i in range(len(header))]
    shapes = [shape_of(column) for column in columns]
    mark = _mark(columns, shapes)
    sums, stated = _find_sums(header, columns, shapes, mark), infer_mapping(tuple(header))
    seen = _Seen(header=tuple(header), shapes=shapes, sums=sums, stated=stated)
    targets = dict.fromkeys([stated.target] if stated else [need.target for need in TARGET_NEEDS])
    score, target, claims = max((_suggest_for(target, seen) for target in targets), key=lambda f: f[0])
    if not claims:
        return None
    return Suggestion(
        target=target,
        score=round(score, 3),
        columns={
            c.path: ColumnSuggestion(column=header[c.place], score=round(c.score, 3), reason=c.reason) for c in claims
        },
        decimal_mark=mark,
        date_order=_order(columns, shapes),
    )


def _suggest_for(target: DocumentType, seen: _Seen) -> tuple[float, DocumentType, list[_Claim]]:
    claims = _assign(sorted(_claims(target, seen), key=lambda c: (-c.score, c.place)))
    if target in (DocumentType.INVOICE, DocumentType.EXPENSE):
        claims = _sided(claims, seen.header)
    paths = {claim.path for claim in claims}
    is_other = is_ruled_out(target, seen.header)
    met = max(
        (
            sum(1 for wanted in need.sets if wanted & paths) / len(need.sets) - order * 0.001
            for order, need in enumerate(TARGET_NEEDS)
            if need.target is target and not is_other
        ),
        default=0.0,
    )
    covered = sum(claim.score for claim in claims) / max(len(seen.header), 1)
    return (0.6 * met + 0.4 * covered if claims else 0.0), target, claims


def _claims(target: DocumentType, seen: _Seen) -> Iterator[_Claim]:
    known = synonyms(target)
    for path, place in seen.sums.items():
        if path in known:
            yield _Claim(score=_PROVED, path=path, place=place, reason="arithmetic")
    for path, rule in (seen.stated.columns if seen.stated else {}).items():
        place = seen.header.index(rule.columns[0])
        if (score := _EXACT * _agreement(field_kind(target, path), seen.shapes[place])) >= _LEAST:
            yield _Claim(score=min(score, 1.0), path=path, place=place, reason="heading")
    for place, name in enumerate(seen.header):
        heading = fold_header(name)
        for path, ranked in known.items():
            score, reason = _heading_score(heading, ranked)
            score *= _agreement(field_kind(target, path), seen.shapes[place])
            if score >= _LEAST:
                yield _Claim(score=min(score, 1.0), path=path, place=place, reason=reason)


def _heading_score(heading: str, ranked: Mapping[str, int]) -> tuple[float, str]:
    if not heading:
        return 0.0, ""
    if heading in ranked:
        return _EXACT - 0.1 * ranked[heading] / len(ranked), "heading"
    words = set(heading.split())
    shared = max((len(words & set(h.split())) / len(words | set(h.split())) for h in ranked), default=0.0)
    return _PARTIAL * shared + (0.2 if shared else 0.0), "part_of_heading"


def _agreement(kind: Kind | None, shape: ColumnShape) -> float:
    """What the cells add to (or take from) what the heading says; an empty column says nothing."""
    if shape.filled == 0:
        return 1.0
    match kind:
        case Kind.NUMBER | Kind.RATE:
            share = shape.numeric
        case Kind.DATE:
            share = shape.dated
        case Kind.TAX_ID | Kind.IBAN:
            share = shape.coded
        case _:
            return 1.0 - 0.5 * shape.dated
    return share * (1.0 + _FITS)


def _assign(claims: Sequence[_Claim]) -> list[_Claim]:
    chosen: list[_Claim] = []
    for claim in claims:
        if all(claim.path != other.path and claim.place != other.place for other in chosen):
            chosen.append(claim)
    return chosen


def _sided(claims: Sequence[_Claim], header: tuple[str, ...]) -> list[_Claim]:
    """The claims with the tax id and the name of a customer where they belong."""
    by_column = {header[claim.place]: claim for claim in claims}
    sided = with_sides({claim.path: header[claim.place] for claim in claims}, header)
    return [
        replace(by_column[column], path=path)
        if column in by_column
        else _Claim(score=_PARTIAL, path=path, place=header.index(column), reason="part_of_heading")
        for path, column in sided.items()
    ]


def _find_sums(
    header: Sequence[str], columns: Sequence[Sequence[object]], shapes: Sequence[ColumnShape], mark: Mark | None
) -> dict[str, int]:
    """Three columns in which net + tax = gross on most rows, by field."""
    numeric = [i for i, shape in enumerate(shapes) if shape.numeric > _MOST_ROWS_HELD][:_MOST_COLUMNS]
    numbers = {i: [read_number(cell, mark) for cell in columns[i]] for i in numeric}
    for chosen in permutations(numeric, len(_SUMS)):
        if _adds_up(*(numbers[place] for place in chosen)) and not _NO_TAX.search(fold_header(header[chosen[1]])):
            return dict(zip(_SUMS, chosen, strict=True))
    return {}


def _adds_up(net: Sequence[Decimal | None], tax: Sequence[Decimal | None], gross: Sequence[Decimal | None]) -> bool:
    """Tax is the smaller part and not always nothing, so that net and tax are not swapped."""
    rows = [
        (n, t, g) for n, t, g in zip(net, tax, gross, strict=True) if n is not None and t is not None and g is not None
    ]
    held = sum(1 for n, t, g in rows if abs(n + t - g) <= _CENT)
    telling = sum(1 for n, t, _ in rows if t and abs(t) < abs(n))
    return len(rows) > 1 and held >= _MOST_ROWS_HELD * len(rows) and telling * 2 >= len(rows)


def _mark(columns: Sequence[Sequence[object]], shapes: Sequence[ColumnShape]) -> Mark | None:
    numeric = [column for column, shape in zip(columns, shapes, strict=True) if shape.numeric > _MOST_ROWS_HELD]
    if not any(isinstance(cell, str) for column in numeric for cell in column):
        return None
    return mark_to_declare(decide_mark(numeric, lambda _: 0), numeric)


def _order(columns: Sequence[Sequence[object]], shapes: Sequence[ColumnShape]) -> Order | None:
    dated = [column for column, shape in zip(columns, shapes, strict=True) if shape.dated > _MOSTLY]
    if not any(isinstance(cell, str) for column in dated for cell in column):
        return None
    decided = decide_order(dated)
    shown = None if decided.proved else order_of_access_keys(columns)
    return order_to_declare(Decided(value=shown, proved=True) if shown else decided, dated)
