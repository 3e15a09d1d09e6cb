"""Scanners of stored files: the embedded one behind the parser wall, or a daemon that is handed the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.domain.pipeline import FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.modules.imports.adapters.clamav import ClamdScanner
    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import Scanner


class SandboxedScanner:
    """Implements ``ports.Scanner``. It unpacks foreign archives and mails, so it is trusted as little as a reader."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def scan(self, path: Path) -> str | None:
        seconds = FIRST.soft_limit.total_seconds()
        found: str | None = self._sandbox.call("scan", {"path": str(path)}, seconds=seconds)
        return found


class DaemonScanner:
    """Implements ``ports.Scanner`` with a ClamAV daemon."""

    def __init__(self, daemon: ClamdScanner) -> None:
        self._daemon = daemon

    def scan(self, path: Path) -> str | None:
        with path.open("rb") as file:
            return self._daemon.scan(file)


class EveryScanner:
    """Implements ``ports.Scanner`` by asking one scanner after the other until one finds something.

    A daemon knows the signatures, and ours looks where the daemon does not: ClamAV 1.4 does not see a file attached to
    a PDF whose objects are packed into streams.
    """

    def __init__(self, scanners: Sequence[Scanner]) -> None:
        self._scanners = scanners

    def scan(self, path: Path) -> str | None:
        return next((found for scanner in self._scanners if (found := scanner.scan(path))), None)
