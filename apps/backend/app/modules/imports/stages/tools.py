"""What a stage may use: the outside, by its ports, for one tenant and one slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, timedelta
    from decimal import Decimal
    from uuid import UUID

    from app.modules.imports.domain.pipeline import ItemKind
    from app.modules.imports.ports import FileStore, Item, Part, Scanner


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettings:
    """What a tenant has set. ``strictness`` says what may be published without a person: ``proven`` (every required
    value has a proof, and any other value without one is left out), ``read`` (a reading is enough), ``nothing`` (a
    person sees each page).
    """

    own_tax_ids: frozenset[str] = field(default_factory=frozenset)
    country: str | None = None
    strictness: str = "proven"

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> TenantSettings:
        own = data.get("own_tax_ids")
        country, strictness = data.get("country"), data.get("strictness")
        return cls(
            own_tax_ids=frozenset(str(v) for v in own) if isinstance(own, list) else frozenset(),
            country=str(country) if country else None,
            strictness=str(strictness) if strictness else "proven",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What preprocess says of a file. ``gives`` is documents, tables, members or pages."""

    reader: str
    gives: str
    media_type: str

    def to_json(self) -> dict[str, str]:
        return {"reader": self.reader, "gives": self.gives, "media_type": self.media_type}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Recognition:
        return cls(reader=data["reader"], gives=data["gives"], media_type=data["media_type"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedDocuments:
    """What the pages of a file hold. Of several documents only the ``spans`` are told, their first and last pages."""

    documents: Sequence[Mapping[str, object]]
    """Canonical JSON."""
    spans: Sequence[tuple[int, int]]


class Reading(Protocol):
    """Everything that parses outside bytes, behind the parser wall. Answers are JSON; errors are ``ImportsError``s."""

    def recognise(self, key: str, name: str) -> Recognition: ...
    def pages(self, key: str, name: str) -> Mapping[str, object]:
        """``{"documents": [...]}`` when the file carries its own data, else ``{"pages": key of the words, …}``."""

    def classify(self, pages_key: str, span: tuple[int, int] | None = None) -> Mapping[str, object]:
        """``{"doc_type", "confidence", "reason"}``, of the pages from first to last where they are a part of a file."""

    def documents(self, key: str, name: str, start: int = 0) -> Generator[Sequence[Mapping[str, object]]]:
        """Canonical JSON of each document that the file states, from a position on, in micro-batches. A file of one
        document gives one batch of one, a file of several never a first batch of one.

        A reader is held until this is closed, as with ``table`` and ``parts``: whoever is interrupted has to do so, as
        a traceback may keep it for ever.
        """

    def fields(
        self, pages_key: str, own_tax_ids: frozenset[str], span: tuple[int, int] | None = None
    ) -> PagedDocuments:
        """What is read from the pages, or from those of a part."""

    def table(
        self, key: str, name: str
    ) -> tuple[Mapping[str, object] | None, Generator[Sequence[Mapping[str, object]]]]:
        """Of a table that came without one, the mapping that its own headings and cells suggest, and its ``parts`` from
        the first on; None and no parts when they say too little. The file is opened once for both.
        """

    def parts(
        self, key: str, name: str, start: int, bookmark: Sequence[int] | None = None
    ) -> Generator[Sequence[Mapping[str, object]]]:
        """The parts of a container from a position on, in micro-batches: ``{"position", "row"}`` for tables,
        ``{"position", "name", "content"}`` for archives. The last of a batch may have a ``bookmark``, which brings a
        later call that begins behind it there faster.
        """

    def forget(self, key: str) -> None:
        """What was read of a file goes with the file."""

    def forget_orphans(self, grace: timedelta, tenant_id: UUID | None = None) -> int:
        """What was read of files that are gone: written after ``forget``, or left by a process that was killed. Only
        what is older than ``grace``, of one tenant or of all; returns of how many files.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """What is published under a business key."""

    item_id: UUID
    kind: ItemKind | None
    """Of the item that it was read from; None for a row that no item of ours stands behind."""
    issue_date: date
    total: Decimal | None
    """What tells apart documents with one key: the gross total, or what a voucher withholds."""


class Registry(Protocol):
    """What the tenant has already: files and published documents."""

    def first_upload(self, item: Item, sha256: str) -> UUID | None:
        """The live item that brought these bytes before, None when this item is the first."""

    def namesakes(self, natural_keys: Sequence[str]) -> Mapping[str, Sequence[Namesake]]:
        """What is published already, by natural key."""


class PartSink(Protocol):
    """Where the parts of a container go."""

    def cursor(self, item: Item) -> int: ...
    def adding(self, item: Item) -> AbstractContextManager[Callable[[Sequence[Part]], None]]:
        """Gives what takes the parts, in the order of their positions; all of them are stored when the block ends."""

    def adopt(self, item: Item, mapping: Mapping[str, object]) -> None:
        """Makes this the mapping of the container and of the parts that follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Handed to every stage function."""

    tenant_id: UUID
    tenant: TenantSettings
    today: date
    files: FileStore
    scanner: Scanner
    reading: Reading
    registry: Registry
    parts: PartSink
    seconds_left: float = 25.0
    """How long a stage may stream before it stops at a safe point and goes on in its next turn."""
