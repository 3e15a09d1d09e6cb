"""What a running process has in hand, whatever its door is: HTTP, terminal or queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from app.modules.imports.usecases.quotas import Quotas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.database import Database
    from app.modules.imports.domain.audit_head import AuditAnchors
    from app.modules.imports.ports import Doorbell, FileStore, ItemStore, PagePictures
    from app.modules.imports.stages.tools import Reading
    from app.modules.imports.usecases.advance_slice import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may bring, and a tenant use."""

    max_file_bytes: int = 50 * 1024 * 1024
    max_files: int = 200
    max_rows: int = 10_000
    requests_per_minute: int = 600
    quotas: Quotas = field(default_factory=Quotas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """How long things are kept that nobody asked to keep."""

    dead_letter_days: int = 7
    file_grace: timedelta = timedelta(hours=24)
    """How long a file may be without an item: longer than any request and any stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Made by ``application.bootstrap.open_house``; closed by it too."""

    database: Database
    store: ItemStore
    files: FileStore
    doorbell: Doorbell
    reading: Reading
    page_pictures: PagePictures
    runtime: Runtime
    limits: Limits
    parser_walls: Callable[[], Sequence[str]]
    """Names of the walls that stand around what parses outside bytes; the first call may take a second."""
    anchors: AuditAnchors
    care: Care = field(default_factory=Care)
