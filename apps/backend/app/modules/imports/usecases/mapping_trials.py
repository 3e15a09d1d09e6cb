"""Mappings tried before they are used: what rows would become, and what mapping a table seems to need."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical_json import to_json
from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.mapping.kind_column import with_kinds
from app.modules.imports.mapping.limits import MOST_COLUMNS
from app.modules.imports.mapping.model import to_json as mapping_to_json
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.rates import with_whole_rates
from app.modules.imports.mapping.rows import RowError, RowProblem, compile_mapping
from app.modules.imports.mapping.suggestions import SAMPLE, ColumnSuggestion, suggest
from app.modules.imports.usecases.mappings import checked_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument

_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedRow:
    """What one row becomes: the JSON of a document, or what is wrong with it."""

    document: Mapping[str, Any] | None
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A dry run; nothing is stored."""

    rows: tuple[PreviewedRow, ...]
    readable: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedMapping:
    """A mapping for a person to confirm, with the score and the reason of each column."""

    target: str
    score: float
    columns: Mapping[str, ColumnSuggestion]
    definition: Mapping[str, Any]


def preview_rows(
    definition: object, rows: Sequence[Mapping[str, object]], clock: Callable[[], float] = time.monotonic
) -> Preview:
    """What the rows would become. Raises ``RefusedUpload`` for a definition that cannot be, or that asks for more work
    than somebody who waits for the answer may.
    """
    _columns(rows)
    try:
        read = compile_mapping(checked_mapping(definition))
    except ValueProblem as problem:
        raise RefusedUpload(problem.code, problem.detail) from None
    previewed = tuple(_in_time(read, rows, clock))
    readable = sum(row.document is not None for row in previewed)
    return Preview(rows=previewed, readable=readable, refused=len(previewed) - readable)


def suggest_mapping(rows: Sequence[Mapping[str, object]]) -> SuggestedMapping:
    """The mapping that the rows seem to need. Raises ``RefusedUpload``: ``nothing_to_suggest``,
    ``too_many_columns``.
    """
    columns = _columns(rows)
    suggestion = suggest(columns, [[row.get(name) for name in columns] for row in rows])
    if suggestion is None:
        raise RefusedUpload("nothing_to_suggest", "neither headings nor cells say what the table holds")
    sample = rows[:SAMPLE]
    mapping = with_whole_rates(with_kinds(suggestion.to_mapping(), sample), sample)
    return SuggestedMapping(
        target=suggestion.target.value,
        score=suggestion.score,
        columns=suggestion.columns,
        definition=mapping_to_json(mapping),
    )


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if len(columns) > MOST_COLUMNS:
        raise RefusedUpload("too_many_columns", f"at most {MOST_COLUMNS}")
    return columns


def _in_time(
    read: Callable[[Mapping[str, object]], CanonicalDocument],
    rows: Sequence[Mapping[str, object]],
    clock: Callable[[], float],
) -> Iterator[PreviewedRow]:
    until = clock() + _SECONDS
    for row in rows:
        if clock() > until:
            raise RefusedUpload("mapping_too_slow", f"the rows take more than {_SECONDS:g} s")
        yield _previewed(read, row)


def _previewed(read: Callable[[Mapping[str, object]], CanonicalDocument], row: Mapping[str, object]) -> PreviewedRow:
    try:
        return PreviewedRow(document=to_json(read(row)))
    except RowError as error:
        return PreviewedRow(document=None, problems=error.problems)
