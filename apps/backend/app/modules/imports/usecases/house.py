"""What a running process has in hand, whatever its door is: HTTP, terminal or queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.ports import Doorbell, FileStore, ItemStore
    from app.modules.imports.stages.tools import Reading
    from app.modules.imports.usecases.advance_slice import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may bring."""

    max_file_bytes: int = 50 * 1024 * 1024
    max_files: int = 200
    max_rows: int = 10_000
    requests_per_minute: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Made by ``application.bootstrap.open_house``; closed by it too."""

    database: Database
    store: ItemStore
    files: FileStore
    doorbell: Doorbell
    reading: Reading
    runtime: Runtime
    limits: Limits
