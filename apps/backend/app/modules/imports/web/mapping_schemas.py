"""The bodies of the API that are about mappings."""
# ruff: noqa: TC003  (the models read their annotations at run time)

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.modules.imports.web.schemas import Answer, Body, Name


class MappingBody(Body):
    """A mapping, or its next version."""

    name: Name
    definition: dict[str, Any] = Field(
        examples=[{"target": "invoice", "columns": {"invoice_number": "Factura", "totals.gross": "Total"}}]
    )


class MappingAnswer(Answer):
    """One version of a mapping."""

    id: UUID
    version: int
    name: str
    definition: dict[str, Any]
    created_at: datetime


class MappingPage(Answer):
    """The latest versions, by name."""

    mappings: list[MappingAnswer]
    next_cursor: str | None


class GivenMappingBody(Body):
    """How the columns of a waiting table are to be read."""

    mapping_id: UUID
    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class PreviewBody(Body):
    """Rows to be tried."""

    rows: list[dict[Annotated[str, Field(max_length=500)], Any]] = Field(min_length=1, max_length=200)


class DraftPreviewBody(PreviewBody):
    """Rows to be tried on a mapping that is not stored yet."""

    definition: dict[str, Any]


class RowProblemAnswer(Answer):
    """What is wrong with one field of a row."""

    code: str
    field: str | None
    column: str | None
    detail: str


class PreviewedRowAnswer(Answer):
    """What one row becomes."""

    document: dict[str, Any] | None
    problems: list[RowProblemAnswer]


class PreviewAnswer(Answer):
    """A dry run."""

    rows: list[PreviewedRowAnswer]
    readable: int
    refused: int


class ColumnSuggestionAnswer(Answer):
    """One column for one field, and why."""

    column: str
    score: float
    reason: str


class SuggestionAnswer(Answer):
    """A mapping for a person to confirm; ``definition`` can be stored as it is."""

    target: str
    score: float
    columns: dict[str, ColumnSuggestionAnswer]
    definition: dict[str, Any]
