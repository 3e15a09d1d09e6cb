"""Reads the rows of a table as canonical documents: by a mapping, or by what the headings say when there is none."""

from __future__ import annotations

import dataclasses
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import Evidence, Proof
from app.modules.imports.domain.cell_evidence import CellEvidence
from app.modules.imports.domain.errors import Terminal
from app.modules.imports.mapping.assembly import document_builder, evidence_path
from app.modules.imports.mapping.cells import cell_reader, printed
from app.modules.imports.mapping.fields import NUMERIC, Kind, field_kind
from app.modules.imports.mapping.headings import infer_mapping
from app.modules.imports.mapping.kept_lines import LINES, with_lines
from app.modules.imports.mapping.model import read_defaults, read_transforms
from app.modules.imports.mapping.other_tables import ANOTHER_TABLE
from app.modules.imports.mapping.problem import ValueProblem
from app.modules.imports.mapping.transforms import compile_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
    from app.modules.imports.mapping.model import ColumnRule, TableMapping, Transform

_JOINERS: Final = frozenset({"concat", "coalesce"})
_LISTED: Final = 5
_LONGEST_SHOWN: Final = 1_000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong with one field of a row."""

    code: str
    field: str | None = None
    column: str | None = None
    detail: str = ""


class RowError(Terminal):
    """A row that does not become a document. ``problems`` lists all of them; ``code`` and ``field`` are the first's."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        listed = "; ".join(f"{p.field or 'row'}: {p.detail or p.code}" for p in problems[:_LISTED])
        super().__init__(problems[0].code, listed)
        self.problems = tuple(problems)
        self.field = problems[0].field

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return type(self), (self.problems,)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    path: str
    public_path: str
    column: str
    columns: tuple[str, ...]
    read: Callable[[object], object]
    default: object
    required: bool
    instead: Evidence
    """Where the default comes from."""


def compile_mapping(mapping: TableMapping) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """The function that reads rows by this mapping: compile once, call for every row.

    Raises ValueProblem for a mapping that cannot be; the function raises ``RowError``, ``other_table`` for a row of
    another table than the one that the mapping is for.
    """
    steps = tuple(_compile_step(path, rule, mapping) for path, rule in mapping.columns.items())
    given = {**mapping.stated, **mapping.defaults}
    steps += tuple(_default_step(path, mapping) for path in given if path not in mapping.columns)
    build = document_builder(mapping.target, (step.path for step in steps))
    read = _with_lines(partial(_read, steps=steps, build=build), mapping)
    return _only_of_its_table(read, mapping) if mapping.headings else read


def _with_lines(
    read: Callable[[Mapping[str, object]], CanonicalDocument], mapping: TableMapping
) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """For rows that were joined: each keeps its lines. Rows of one invoice that do not add up are nobody's, unless a
    person's mapping says what a row is.
    """

    def told(row: Mapping[str, object]) -> CanonicalDocument:
        if LINES not in row or not (row[LINES] or mapping.headings):
            return read(row)
        try:
            return with_lines(read(row), row[LINES], mapping.decimal_mark)
        except ValueProblem as problem:
            raise RowError([RowProblem(code=problem.code)]) from problem

    return told


def _only_of_its_table(
    read: Callable[[Mapping[str, object]], CanonicalDocument], mapping: TableMapping
) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """Another sheet of a workbook may have other headings: by those that both have, its rows would be half read."""
    headings = frozenset(mapping.headings)
    columns = frozenset(column for rule in mapping.columns.values() for column in rule.columns)

    def told(row: Mapping[str, object]) -> CanonicalDocument:
        is_other = not (row.keys() <= headings or columns <= row.keys())
        if is_other and ANOTHER_TABLE not in row:
            raise RowError([RowProblem(code="other_table", detail="its headings are those of another table")])
        return read(row)

    return told


def read_row(
    row: Mapping[str, object],
    mapping: TableMapping | None = None,
    *,
    defaults: Mapping[str, object] | None = None,
    transforms: Mapping[str, object] | None = None,
    target: DocumentType | None = None,
) -> CanonicalDocument:
    """One row as a document: what ``row_reading`` gives, once. Raises ``RowError``; ValueProblem for a bad mapping."""
    return row_reading(mapping, defaults=defaults, transforms=transforms, target=target)(row)


def row_reading(
    mapping: TableMapping | None = None,
    *,
    defaults: Mapping[str, object] | None = None,
    transforms: Mapping[str, object] | None = None,
    target: DocumentType | None = None,
) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    """The function that reads rows, with ``defaults`` and ``transforms`` (by field path) laid over the mapping.

    Without a mapping the headings of each row decide, and the target too unless one is given: code ``unmapped_row``
    when nothing is recognised. Raises ValueProblem for what cannot be compiled.
    """
    if mapping is not None:
        return compile_mapping(_overlaid(mapping, defaults or {}, transforms or {}))
    if not defaults and not transforms:
        return lambda row: _inferred_reader(_columns(row), target)(_by_itself(row))
    compiled: dict[tuple[str, ...], Callable[[Mapping[str, object]], CanonicalDocument]] = {}

    def read(row: Mapping[str, object]) -> CanonicalDocument:
        columns = _columns(row)
        if columns not in compiled:
            overlaid = _overlaid(_inferred(columns, target), defaults or {}, transforms or {})
            compiled[columns] = compile_mapping(overlaid)
        return compiled[columns](_by_itself(row))

    return read


def _columns(row: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name in row if name not in (ANOTHER_TABLE, LINES))


def _by_itself(row: Mapping[str, object]) -> Mapping[str, object]:
    """The row without the mark of its table, where its own headings decide."""
    return {name: row[name] for name in row if name != ANOTHER_TABLE} if ANOTHER_TABLE in row else row


@lru_cache(maxsize=1_000)
def _inferred_reader(
    columns: tuple[str, ...], target: DocumentType | None
) -> Callable[[Mapping[str, object]], CanonicalDocument]:
    return compile_mapping(_inferred(columns, target))


def _inferred(columns: tuple[str, ...], target: DocumentType | None) -> TableMapping:
    mapping = infer_mapping(columns, target)
    if mapping is None:
        raise RowError([RowProblem(code="unmapped_row", detail="the headings name no known fields: declare a mapping")])
    return mapping


def _overlaid(mapping: TableMapping, defaults: Mapping[str, object], transforms: Mapping[str, object]) -> TableMapping:
    if unmapped := [path for path in transforms if path not in mapping.columns]:
        raise ValueProblem("mapping_unknown_field", f"{', '.join(unmapped)[:200]}: no column is mapped to it")
    columns = {
        path: dataclasses.replace(rule, transforms=(*rule.transforms, *read_transforms(transforms.get(path))))
        for path, rule in mapping.columns.items()
    }
    declared = {**mapping.defaults, **read_defaults(defaults, mapping.target)}
    return dataclasses.replace(mapping, columns=columns, defaults=declared)


def _compile_step(path: str, rule: ColumnRule, mapping: TableMapping) -> _Step:
    return _Step(
        path=path,
        public_path=evidence_path(path),
        column=" + ".join(rule.columns),
        columns=rule.columns,
        read=_compile_reading(path, rule, mapping),
        default=_read_default(path, mapping),
        required=rule.required,
        instead=_instead(path, mapping),
    )


def _default_step(path: str, mapping: TableMapping) -> _Step:
    return _Step(
        path=path,
        public_path=evidence_path(path),
        column="",
        columns=(),
        read=printed,
        default=_read_default(path, mapping),
        required=False,
        instead=_instead(path, mapping),
    )


def _compile_reading(path: str, rule: ColumnRule, mapping: TableMapping) -> Callable[[object], object]:
    """Transforms first, then what the field holds, so that a transform sees the cell as it is printed."""
    final = cell_reader(_kind(path, mapping.target), mapping.decimal_mark, mapping.date_order)
    named = [_bound(transform, mapping) for transform in rule.transforms]
    if len(rule.columns) > 1 and not (rule.transforms and rule.transforms[0].name in _JOINERS):
        named.insert(0, compile_transform("concat", ()))
    if not named:
        return final
    chain = (*named, final)

    def read(value: object) -> object:
        for step in chain:
            value = step(value)
        return value

    return read


def _bound(transform: Transform, mapping: TableMapping) -> Callable[[object], object]:
    """A transform that reads a number or a date follows the table's own mark and order unless it names another."""
    declared: dict[str, object] = {"decimal": mapping.decimal_mark, "date": mapping.date_order}
    if transform.name in declared and not transform.arguments and declared[transform.name]:
        return compile_transform(transform.name, (declared[transform.name],))
    step = compile_transform(transform.name, transform.arguments)
    if transform.name not in ("negate", "abs", "percent", "multiply"):
        return step
    read_number = cell_reader(Kind.NUMBER, mapping.decimal_mark, None)
    return lambda value: step(read_number(value))


def _read_default(path: str, mapping: TableMapping) -> object:
    given = mapping.defaults.get(path, mapping.stated.get(path))
    if given is None:
        return None
    kind = _kind(path, mapping.target)
    return cell_reader(kind, "." if kind in NUMERIC else None, "ymd")(given)


def _instead(path: str, mapping: TableMapping) -> Evidence:
    return _STATED if path in mapping.stated and path not in mapping.defaults else _DECLARED


def _kind(path: str, target: DocumentType) -> Kind:
    kind = field_kind(target, path)
    if kind is None:
        raise ValueProblem("mapping_unknown_field", f"{path!r} is no field of {target.value}")
    return kind


def _read(row: Mapping[str, object], *, steps: tuple[_Step, ...], build: Any) -> CanonicalDocument:  # noqa: ANN401  (a Builder)
    values: dict[str, object] = {}
    cells: dict[str, tuple[str, str] | Evidence] = {}
    problems: list[RowProblem] = []
    if ANOTHER_TABLE in row:
        raise RowError([RowProblem(code="other_table", detail=printed(row[ANOTHER_TABLE])[:_LONGEST_SHOWN])])
    for step in steps:
        columns = step.columns
        raw = row.get(columns[0]) if len(columns) == 1 else tuple(map(row.get, columns))
        try:
            value = step.read(raw) if columns else None
        except ValueProblem as problem:
            problems.append(RowProblem(code=problem.code, field=step.path, column=step.column, detail=problem.detail))
            continue
        if value is not None:
            values[step.path] = value
            cells[step.public_path] = (step.column, raw if type(raw) is str else _as_printed(raw))
        elif step.default is not None:
            values[step.path] = step.default
            cells[step.public_path] = step.instead
        elif step.required:
            problems.append(RowProblem(code="missing_value", field=step.path, column=step.column))
    return _built(values, cells, problems, build)


_DECLARED: Final = Evidence(source="person", path="mapping.defaults", proofs=(Proof.PERSON,))
_STATED: Final = Evidence(source="cell", proofs=(Proof.STRUCTURED,))
"""What stands above the table, for all of its rows."""


def _built(
    values: dict[str, object],
    cells: dict[str, tuple[str, str] | Evidence],
    problems: list[RowProblem],
    build: Any,  # noqa: ANN401  (a Builder)
) -> CanonicalDocument:
    if not problems and all(isinstance(found, Evidence) for found in cells.values()):
        problems.append(RowProblem(code="empty_row", detail="no mapped column holds a value"))
    if problems:
        raise RowError(problems)
    try:
        document: CanonicalDocument = build(values, CellEvidence(cells))
    except ValueProblem as problem:
        raise RowError([RowProblem(code=problem.code, field=problem.field, detail=problem.detail)]) from problem
    return document


def _as_printed(raw: object) -> str:
    # Cut, because a cell that fills no field is of any length, and may be named many times.
    return " | ".join(printed(cell)[:_LONGEST_SHOWN] for cell in raw) if isinstance(raw, tuple) else printed(raw)
