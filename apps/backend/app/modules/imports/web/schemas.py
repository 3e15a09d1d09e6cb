"""The bodies of the API. What a client sends may hold nothing else; what it gets is what the use cases say."""
# ruff: noqa: TC003  (the models read their annotations at run time)

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from app.security import Role

if TYPE_CHECKING:
    from app.modules.imports.usecases.items import ItemDetail

Name = Annotated[str, Field(min_length=1, max_length=200)]
_YEARS = r"^[2-8][0-9]{3}-"


def _of_these_years(value: object) -> object:
    if not isinstance(value, str) or not re.match(_YEARS, value):
        raise ValueError("the year is one of 2000 to 8999")
    return value


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


ExpiryTime = Annotated[
    AwareDatetime,
    BeforeValidator(_of_these_years),
    Field(description="With its zone", json_schema_extra={"pattern": _YEARS}),
]
"""In all zones a time that the database and Python both have."""
DaysKept = Annotated[int, Field(strict=True, ge=0, le=36_500), BeforeValidator(_whole)]
"""A whole number as JSON Schema has it: 7.0 is one, and "7" is not."""
FieldPath = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]
Reason = Annotated[str, Field(max_length=1000)]


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What a client gets; taken from what a use case returns."""

    model_config = ConfigDict(from_attributes=True)


class NewBatchBody(Body):
    """A batch to be made."""

    name: Name | None = Field(None, examples=["March purchases"])
    source_type: Annotated[str, Field(max_length=50)] | None = Field(None, examples=["invoices"])
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(None, examples=["ES"])


class StatusAnswer(Answer):
    """How far a batch is; the five counts add up to ``total_items`` in one snapshot."""

    batch_id: UUID
    status: Literal["pending", "processing", "completed", "completed_with_errors"]
    total_items: int
    completed: int
    processing: int
    failed: int
    discarded: int = Field(description="Not wanted by a person")
    pending: int
    progress: float = Field(description="Published share of what was not discarded, in per cent", examples=[70.0])
    finished: bool
    status_breakdown: dict[str, int] = Field(examples=[{"published": 7, "validate_failed": 1, "extracting": 2}])


class BatchAnswer(Answer):
    """One batch."""

    id: UUID
    name: str | None
    source_type: str | None
    country: str | None
    created_at: datetime
    cancelled_at: datetime | None = Field(description="Since when nothing of it is published any more")
    legal_hold: bool = Field(description="Kept as it is, whatever retention or erasure would do")
    status: StatusAnswer | None = None


class BatchPage(Answer):
    """Batches, newest first."""

    batches: list[BatchAnswer]
    next_cursor: str | None


class RowsBody(Body):
    """Rows of a table, with how they are to be read."""

    rows: list[dict[str, Any]] = Field(
        min_length=1, examples=[[{"Factura": "F-101", "Fecha": "03/02/2026", "Total": "1.210,00"}]]
    )
    mapping_id: UUID | None = None
    transforms: dict[FieldPath, Any] | None = Field(None, description="By field path, after those of the mapping")
    defaults: dict[FieldPath, str | int] | None = Field(None, description="By field path, where the row states nothing")


class IngestAnswer(Answer):
    """What was taken in."""

    batch_id: UUID
    items_ingested: int
    pipeline_enqueued: bool
    group_id: UUID


class RetryAnswer(Answer):
    """How many failed items were put back to the stage where they failed."""

    batch_id: UUID
    retried: int


class OutlineAnswer(Answer):
    """What tells one document from another in a list, corrections laid over it."""

    name: str | None = Field(description="Of the supplier, the holder of the account, or the product")
    reference: str | None = Field(description="Series and number, the account, or the product's code")
    number: str | None
    issue_date: str | None = Field(description="Of a statement its last day, of a movement its own")
    supplier_name: str | None
    supplier_tax_id: str | None
    total: str | None = Field(
        description="With tax; where none is stated what is to be paid, withheld, or the one movement's amount",
        examples=["1210.00"],
    )
    currency: str | None
    movements: int | None = Field(description="How many a statement has")
    findings: int = Field(description="How many ask for a look that nobody has taken; notes ask for none")
    first_finding: str | None
    first_message: str | None


class ItemAnswer(Answer):
    """One item of a list."""

    id: UUID
    batch_id: UUID
    kind: str
    state: str
    doc_type: str | None
    code: str | None
    message: str | None = Field(description="What the code means")
    attempt: int
    next_run_at: datetime | None
    position: int
    parent_id: UUID | None
    part: int | None
    file_name: str | None
    has_file: bool
    created_at: datetime
    updated_at: datetime
    outline: OutlineAnswer | None = Field(description="Absent before there is a document")


class ItemPage(Answer):
    """Items in the order of their batch, the parts of a container after it."""

    items: list[ItemAnswer]
    next_cursor: str | None


class AttemptAnswer(Answer):
    """One attempt that ended."""

    stage: str
    attempt: int
    outcome: str
    code: str | None
    detail: str | None
    started_at: datetime
    finished_at: datetime


class FindingAnswer(Answer):
    """What a rule says of the document."""

    code: str
    severity: str
    field: str | None
    params: Mapping[str, str]
    message: str
    accepted: bool


class PublicationAnswer(Answer):
    """Where the item went."""

    table: str
    id: UUID
    published_at: datetime


class ItemDetailAnswer(ItemAnswer):
    """All that is known of one item."""

    detail: str | None
    raw: dict[str, Any] | None
    document: dict[str, Any] | None = Field(description="Canonical document with evidence, corrections laid over it")
    findings: list[FindingAnswer]
    corrections: dict[str, Any]
    accepted: list[str]
    attempts: list[AttemptAnswer]
    publication: PublicationAnswer | None
    mapping_id: UUID | None
    mapping_version: int | None

    @classmethod
    def of(cls, detail: ItemDetail) -> Self:
        """Flat, as the API shows it."""
        parts = {name: getattr(detail, name) for name in detail.__slots__ if name != "summary"}
        summary = {name: getattr(detail.summary, name) for name in detail.summary.__slots__}
        return cls.model_validate({**summary, **parts}, from_attributes=True)


class ReviewBody(Body):
    """What a reviewer says of a failed item."""

    corrections: dict[FieldPath, Any] = Field(
        default_factory=dict,
        max_length=200,
        description="Field path to value; null removes the field",
        examples=[{"supplier.tax_id": "B12345674", "due_date": None}],
    )
    accept: list[Code] = Field(default_factory=list, max_length=50, examples=[["duplicate_suspect"]])
    reason: Reason | None = None


class DiscardBody(Body):
    """Why an item is not wanted."""

    reason: Reason | None = None


class DiscardItemsBody(DiscardBody):
    """Which failed items of a batch are not wanted."""

    codes: list[Code] = Field(
        min_length=1,
        max_length=50,
        description="What they stopped with",
        examples=[["duplicate_file", "duplicate_suspect"]],
    )


class DiscardAnswer(Answer):
    """How many failed items were discarded."""

    batch_id: UUID
    discarded: int


class RestoreAnswer(Answer):
    """How many discarded items were taken back."""

    batch_id: UUID
    restored: int


class DeadLetterAnswer(Answer):
    """One final failure."""

    id: UUID
    item_id: UUID
    batch_id: UUID
    stage: str
    reason: Literal["review", "dead", "exhausted", "cancelled"]
    code: str
    detail: str | None
    attempts: int
    created_at: datetime
    resolved_at: datetime | None
    has_payload: bool


class DeadLetterPage(Answer):
    """Dead letters, newest first."""

    dead_letters: list[DeadLetterAnswer]
    next_cursor: str | None


class NewKeyBody(Body):
    """A key to be made."""

    name: Name = Field(examples=["bookkeeping"])
    role: Role = Role.UPLOADER
    expires_at: ExpiryTime | None = None


class KeyAnswer(Answer):
    """What is known of a key."""

    id: UUID
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyAnswer(KeyAnswer):
    """A key at the only moment at which it can be read; a replayed request gets null."""

    key: str | None


class KeyList(Answer):
    """All keys of the tenant."""

    keys: list[KeyAnswer]


class SettingsBody(Body):
    """What is to be changed of a tenant's settings."""

    own_tax_ids: list[str] | None = Field(None, max_length=50, examples=[["B29423548"]])
    country: str | None = Field(None, examples=["ES"])
    strictness: Literal["proven", "read", "nothing"] | None = None
    keep_originals_days: DaysKept | None = Field(None, examples=[2190])


class SettingsAnswer(Answer):
    """What a tenant has set. ``strictness``: what a value of a page needs to be published without a person;
    ``keep_originals_days``: how long files of items at rest are kept, 0 for ever.
    """

    own_tax_ids: list[str] = []
    country: str | None = None
    strictness: str = "proven"
    keep_originals_days: int = 0


class CancelAnswer(Answer):
    """How many items were stopped; they failed as ``cancelled``."""

    batch_id: UUID
    cancelled: int


class QuotasAnswer(Answer):
    """How much a tenant may use; days are of UTC."""

    rows_per_day: int
    files_per_day: int
    bytes_per_day: int
    files_in_store: int
    bytes_in_store: int
    open_batches: int
    items_in_flight: int


class UsageAnswer(Answer):
    """What a tenant has used."""

    limits: QuotasAnswer
    rows_today: int
    files_today: int
    bytes_today: int
    day_ends_at: datetime
    files_in_store: int
    bytes_in_store: int
    open_batches: int
    items_in_flight: int


class AuditAnswer(Answer):
    """Who did what; ``hash`` is SHA-256 over the entry and the hash of the one before."""

    seq: int
    at: datetime
    actor: str
    action: str
    batch_id: UUID | None
    item_id: UUID | None
    details: dict[str, Any] | None
    hash: str


class AuditPage(Answer):
    """The audit trail, newest first."""

    entries: list[AuditAnswer]
    next_cursor: str | None


class ProblemBody(BaseModel):
    """A problem document (RFC 9457)."""

    type: str = Field(examples=["urn:gestiq-imports:problem:batch_not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str
    code: str = Field(examples=["batch_not_found"])
    errors: list[dict[str, str]] | None = None
