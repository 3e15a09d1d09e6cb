"""The seams: what the inside asks of the outside, and what a plug-in has to offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import timedelta
    from pathlib import Path
    from uuid import UUID

    import numpy as np
    from numpy.typing import NDArray

    from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.domain.page import Code, Page, Word
    from app.modules.imports.domain.pipeline import ItemKind, StageName, StageSpec

    Publish = Callable[[Sequence["Item"], "SqlSession"], Sequence[Outcome]]

# ---------------------------------------------------------------------------------------------- reading files


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What is known of a file before anything parses it. The client's name is a hint, never trusted."""

    name: str
    size: int
    head: bytes
    """The first 64 KiB."""
    media_type: str
    """Sniffed from the bytes: ``application/xml``, ``application/pdf``, ``image/jpeg``, ``text/plain`` …"""
    xml_root: tuple[str, str] | None = None
    """(namespace or "", local name) of the root element when the head is XML."""
    members: tuple[str, ...] = ()
    """Names in the central directory when the file is a zip."""
    text: str | None = None
    """The head decoded, when it is text."""
    encoding: str | None = None
    """Encoding the text was decoded with."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Content that states its documents itself."""

    documents: tuple[CanonicalDocument, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. ``rows`` may be called again and then starts anew; it streams, and holds one row at a time."""

    name: str
    rows: Callable[[], Iterator[tuple[object, ...]]]
    """Cells as str, Decimal, date, datetime, bool or None."""
    height: int | None = None
    """How many rows there are, where that is known without reading them."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Content that is one or more tables."""

    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file. ``name`` is data, never a path to write to."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Members:
    """Content that is other files."""

    members: Iterator[Member]


class PageSource(Protocol):
    """Pages that can be asked for their text layer or rendered. Lives only as long as the file is open."""

    @property
    def count(self) -> int: ...
    def text_page(self, number: int) -> Page | None:
        """The page by its text layer; None when it has none worth the name (then the picture must be read)."""

    def render(self, number: int, *, fine: bool = False) -> NDArray[np.uint8]:
        """The upright page as an RGB picture, height × width × 3, sized for OCR; ``fine`` for thin bars of codes."""

    def attachments(self) -> Sequence[Member]: ...


@dataclass(frozen=True, slots=True)
class Pages:
    """Content that must be read from its pages."""

    source: PageSource
    notes: tuple[str, ...] = ()
    """Codes of what the file as a whole has to be looked at for."""


Content = Documents | Tables | Members | Pages


class Reader(Protocol):
    """A format. A module under ``formats/`` with a ``READER`` is one, and nothing else has to be edited.

    ``read`` raises only ``Unreadable`` (broken bytes) and ``Unsupported`` (deliberately not handled).
    """

    @property
    def name(self) -> str: ...
    @property
    def gives(self) -> type[Documents | Tables | Members | Pages]: ...
    def score(self, probe: Probe) -> int:
        """0 (not mine) to 100 (certainly mine), from the probe alone."""

    def read(self, file: BinaryIO, probe: Probe) -> Content:
        """``file`` is seekable and stays open while the content is used."""


class OcrEngine(Protocol):
    """Reads a picture. ``version`` changes whenever an answer could change."""

    @property
    def version(self) -> str: ...
    def read(self, picture: NDArray[np.uint8]) -> Sequence[Word]:
        """Words with boxes in pixels of the RGB picture given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePicture:
    """A page as it was read: turned upright, and laid flat where it was photographed."""

    png: bytes
    width: float
    """Width and height in the units of the page's boxes, whatever the picture's own pixels are."""
    height: float
    count: int
    """Pages of the file."""


class PagePictures(Protocol):
    """Draws pages for people to look at."""

    def draw(self, key: str, name: str, number: int) -> PagePicture:
        """Raises ``Terminal('page_missing')`` for a page that the file has not, and for files without pages."""


class CodeReader(Protocol):
    """Finds machine-readable codes on a picture (boxes in its pixels)."""

    def read(self, picture: NDArray[np.uint8]) -> Sequence[Code]: ...


# ------------------------------------------------------------------------------------------- storing files


class FileStore(Protocol):
    """Content-addressed files. Keys are opaque to everybody else; a key holds the tenant."""

    def put(self, tenant_id: UUID, source: BinaryIO) -> StoredFile:
        """Stores durably before it returns; the same bytes twice give the same key."""

    def open(self, key: str) -> BinaryIO:
        """Raises ``Terminal('blob_missing')`` when there is no such file."""

    def path(self, key: str) -> Path:
        """A readable local path with the content, for a child process."""

    def exists(self, key: str) -> bool: ...

    def verify(self, key: str) -> None:
        """Raises ``Terminal('blob_corrupt')`` when the content is no longer what was put."""

    def old_keys(self, tenant_id: UUID, grace: timedelta) -> Iterator[str]:
        """Keys of the tenant that were put longer than ``grace`` ago."""

    def collect(
        self, keys: Sequence[str], grace: timedelta, let_go: Callable[[Sequence[str]], Collection[str]]
    ) -> Sequence[str]:
        """Deletes those of one tenant's keys that are still older than ``grace`` and that ``let_go`` gives back when
        asked; returns their keys. No ``put`` of the tenant comes in between asking and deleting.
        """

    def sweep_temp(self, older_than: timedelta) -> int:
        """Removes what a killed process left half written; answers how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What a store says of a file it keeps."""

    key: str
    sha256: str
    size: int


class Scanner(Protocol):
    """Antivirus. Returns the name of what was found, None when clean; raises ``Transient('av_unavailable')`` when it
    could not look at all of it. Never says clean of what it did not scan.
    """

    def scan(self, path: Path) -> str | None: ...


# --------------------------------------------------------------------------------------------- items and work


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item as a stage sees it. ``work`` is what earlier stages left, by name."""

    id: UUID
    batch_id: UUID
    kind: ItemKind
    attempt: int
    raw: Mapping[str, object] | None = None
    """The row as ingested, for kind ``row``."""
    file_key: str | None = None
    file_name: str | None = None
    parent_id: UUID | None = None
    part: int | None = None
    """0-based document within the parent's file, where several share one."""
    mapping: Mapping[str, object] | None = None
    """The mapping in force for the item (stored form), if any."""
    accepted: frozenset[str] = frozenset()
    """Finding codes that a reviewer accepted."""
    corrections: Mapping[str, object] = field(default_factory=dict)
    """Field path → value, entered by a reviewer."""
    work: Mapping[str, object] = field(default_factory=dict)
    doc_type: DocumentType | None = None
    document: CanonicalDocument | None = None
    """``work["document"]`` already decoded, when an earlier stage of the same walk had it in hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Items of one stage and one tenant, worked together under one lease."""

    token: UUID
    tenant_id: UUID
    stage: StageSpec
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """A hint: the stage of the tenant may have work. May be lost, doubled, late or forged."""

    stage: StageName
    tenant_id: UUID


class Doorbell(Protocol):
    """Carries rings. Never raises for a broker that is away: the sweeper rings again."""

    def ring(self, ring: Ring) -> None: ...
    def is_heard(self) -> bool:
        """Whether a ring would arrive now; false means delay, no loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What settling left: whom to ring, what came of each item, and the slice one stage on, when it may walk on."""

    rings: tuple[Ring, ...]
    outcomes: tuple[Outcome, ...]
    onward: Slice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedStage:
    """A stage that a slice went through without stopping, and how long it took."""

    stage: StageSpec
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Express:
    """The items of a slice that every stage but the last is done with, and what was found of each."""

    items: tuple[Item, ...]
    findings: tuple[tuple[Finding, ...], ...]
    passed: tuple[PassedStage, ...]


class ItemStore(Protocol):
    """Where items stand. Each method is one transaction."""

    def claim(self, stage: StageSpec, tenant_id: UUID) -> Slice | None: ...
    def settle(self, slice_: Slice, outcomes: Sequence[Outcome]) -> Settled:
        """Raises ``LeaseLost`` (and changes nothing) when the slice is no longer ours."""

    def settle_within(self, slice_: Slice, publish: Publish) -> Settled:
        """``settle`` for a stage that writes in the settling transaction itself."""

    def settle_express(self, slice_: Slice, express: Express, publish: Publish) -> Sequence[Outcome] | None:
        """Publishes what went express and records all stages of it at once; the rest of the slice stays leased as it
        was. None when not all of it could be published: then nothing has changed. Raises ``LeaseLost``.
        """

    def renew(self, slice_: Slice) -> None:
        """Raises ``LeaseLost``."""

    def release(self, slice_: Slice) -> None:
        """Gives the items back unworked; the attempt is not charged."""

    def release_expired(self) -> int: ...
    def rings_due(self) -> Sequence[Ring]: ...
    def next_tenant(self, stage: StageName, after: UUID) -> UUID | None:
        """The first tenant behind ``after``, by id and round again, that has work due in the stage."""

    def add_parts(self, slice_: Slice, item: Item, parts: Sequence[Part]) -> None:
        """Stores parts of a container; the same part twice changes nothing. Raises ``LeaseLost``."""

    def publish_parts(
        self, slice_: Slice, item: Item, parts: Sequence[Part], express: Express, publish: Publish
    ) -> Sequence[Outcome] | None:
        """``add_parts``, with those in ``express`` stored as published and recorded like ``settle_express``. None when
        not all of these could be published: then all are stored as new. Raises ``LeaseLost``.
        """

    def adopt_mapping(self, slice_: Slice, item: Item, mapping: Mapping[str, object]) -> None:
        """Makes this the mapping of a container and of its parts to come. Raises ``LeaseLost``."""

    def parts_cursor(self, slice_: Slice, item: Item) -> int:
        """The position of the part that is to be stored next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a container on its way to becoming an item."""

    position: int
    kind: ItemKind
    raw: Mapping[str, object] | None = None
    file_key: str | None = None
    file_name: str | None = None
    part: int | None = None
    work: Mapping[str, object] | None = None
    """What is known of the part from reading the whole, so that no part reads the whole again."""
    document: Mapping[str, object] | None = None
    """Canonical JSON of the part, where reading the whole gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One item on its way to a destination."""

    item_id: UUID
    document: CanonicalDocument
    evidence: Mapping[str, Any]
    """The document's evidence as JSON."""
    payload_hash: str
    duplicate_accepted: bool = False
    """A reviewer said that this is not the duplicate it looks like."""
    download_id: UUID | None = None
    """The file or row batch that the item came with, where several items share one; None is the item itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where an item went: a table and the id of its row there."""

    item_id: UUID
    table: str
    row_id: UUID
    findings: tuple[Finding, ...] = ()
    """What only publication could find out; kept with the item's other findings."""


class SqlSession(Protocol):
    """The part of a database session that a destination uses; the tenant is already set."""

    def execute(self, statement: str, parameters: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        """One statement with named parameters (``%(name)s``), its rows as mappings."""


class Destination(Protocol):
    """Where documents are published. A module under ``destinations/`` with a ``DESTINATION`` is one."""

    @property
    def name(self) -> str: ...
    @property
    def accepts(self) -> frozenset[DocumentType]: ...
    def publish(self, items: Sequence[Publication], session: SqlSession) -> Sequence[Published]:
        """Inside the settling transaction; an item published before answers with its existing row."""
