"""What ``explain`` shows of each field: its value, where it was read, what proves it and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.countries.judging import judge
from app.modules.imports.domain.canonical_json import from_json
from app.modules.imports.domain.country import RuleContext
from app.modules.imports.domain.finding import Severity
from app.modules.imports.fields.proofs import missing_proofs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.domain.canonical import Evidence
    from app.modules.imports.domain.finding import Finding

_NOT_FIELDS: Final = frozenset({"evidence", "findings", "lines_count", "transactions_count", "format"})


class State(StrEnum):
    """How far a value may be believed."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    CONFLICTING = "conflicting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a document. ``evidence`` is None for what follows from other values."""

    path: str
    value: str
    evidence: Evidence | None
    findings: tuple[str, ...]

    @property
    def state(self) -> State:
        if self.findings:
            return State.CONFLICTING
        return State.PROVEN if self.evidence is not None and self.evidence.proofs else State.UNPROVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One document: its kind, its fields, and what is said of it as a whole."""

    doc_type: str
    fields: tuple[Field, ...]
    findings: tuple[str, ...]
    """Codes that name no field, among them the proofs that are missing for publication."""

    def on_page(self, number: int) -> list[Field]:
        """In reading order."""
        shown = [f for f in self.fields if f.evidence and f.evidence.box and f.evidence.page == number]
        height = _usual_height(shown)
        return sorted(shown, key=lambda each: _place(each, height))

    def pages(self) -> frozenset[int]:
        return frozenset(f.evidence.page for f in self.fields if f.evidence and f.evidence.box and f.evidence.page)


def explain_document(data: Mapping[str, Any], own_tax_ids: Sequence[str]) -> Explained:
    """From the public JSON of a document, judged by the rules in force today."""
    document = from_json(data)
    context = RuleContext(today=datetime.now(UTC).date(), own_tax_ids=frozenset(own_tax_ids))
    weighty = [each for each in judge(document, context, country=None) if each.severity is not Severity.NOTE]
    unproven = missing_proofs(document) if _is_of_pages(document.evidence) else ()
    return Explained(
        doc_type=document.doc_type.value,
        fields=tuple(_fields(data, document.evidence, weighty)),
        findings=(*(each.code for each in weighty if each.field is None), *unproven),
    )


def _is_of_pages(evidence: Mapping[str, Evidence]) -> bool:
    return any(each.page is not None for each in evidence.values())


def _fields(data: Mapping[str, Any], evidence: Mapping[str, Evidence], findings: Sequence[Finding]) -> Iterator[Field]:
    values = dict(_leaves({name: value for name, value in data.items() if name not in _NOT_FIELDS}, ""))
    for path in dict.fromkeys((*values, *evidence)):
        against = tuple(dict.fromkeys(each.code for each in findings if each.field == path))
        yield Field(path=path, value=values.get(path, ""), evidence=evidence.get(path), findings=against)


def _leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(inner, f"{path}.{name}" if path else str(name))
        case list():
            for index, inner in enumerate(value):
                yield from _leaves(inner, f"{path}.{index}")
        case None:
            return
        case _:
            yield path, str(value)


def _usual_height(fields: Sequence[Field]) -> float:
    boxes = [each.evidence.box for each in fields if each.evidence and each.evidence.box]
    return max(median(box.bottom - box.top for box in boxes), 1.0) if boxes else 1.0


def _place(field: Field, height: float) -> tuple[float, float]:
    """From top to bottom, and from left to right within a line."""
    assert field.evidence is not None
    assert field.evidence.box is not None
    box = field.evidence.box
    return round((box.top + box.bottom) / 2 / height), box.left
