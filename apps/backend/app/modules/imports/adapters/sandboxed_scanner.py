"""The embedded scanner behind the parser wall: it unpacks foreign archives and mails, so it is not trusted either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.modules.imports.domain.pipeline import FIRST

if TYPE_CHECKING:
    from app.modules.imports.adapters.sandbox.pool import Sandbox


class SandboxedScanner:
    """Implements ``ports.Scanner`` for files that lie on this machine's disk."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def scan(self, file: BinaryIO) -> str | None:
        path = str(Path(file.name).absolute())
        found: str | None = self._sandbox.call("scan", {"path": path}, seconds=FIRST.soft_limit.total_seconds())
        return found
