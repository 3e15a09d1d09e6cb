"""Pictures of pages for people: drawn behind the parser wall, and kept, so that a page is drawn once."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.adapters.derived import Derived, engine_name, write_atomically
from app.modules.imports.adapters.waiting_line import Patience, WaitingLine
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.ports import PagePicture

if TYPE_CHECKING:
    from pathlib import Path

    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import FileStore

LONGEST_SIDE: Final = 1800
"""Pixels: small print is legible, and a page is a megabyte, or a few where it was photographed."""
PATIENCE: Final = Patience(code="pages_busy", in_all=12, of_a_tenant=6, seconds=20.0)
"""A browser asks for six things at a time. Of the server's forty threads most are left for everything else."""
_SECONDS: Final = STAGES[StageName.PREPROCESS].soft_limit.total_seconds()


class SandboxedPagePictures:
    """Implements ``ports.PagePictures``. A file of the cache is a line of JSON, then the PNG."""

    def __init__(self, sandbox: Sandbox, files: FileStore, derived: Path) -> None:
        self._sandbox = sandbox
        self._files = files
        self._derived = Derived(derived)
        self._line = WaitingLine(PATIENCE)
        self._engine: str | None = None
        """How a page lies is the engine's word, so another engine may lay it otherwise."""

    def draw(self, key: str, name: str, number: int) -> PagePicture:
        kept = self._kept(key, number)
        if kept is None:
            with self._line.turn(key.partition("/")[0]):
                self._learn_engine()
                kept = self._kept(key, number) or self._drawn(key, name, number)
        sizes, _, png = kept.partition(b"\n")
        return PagePicture(png=png, **json.loads(sizes))

    def _learn_engine(self) -> None:
        if self._engine is None:
            # Of a child that has read no file: what it says holds for all tenants.
            self._engine = engine_name(self._sandbox.call("engine_version", {}, seconds=_SECONDS))

    def _kept(self, key: str, number: int) -> bytes | None:
        if self._engine is None:
            return None
        try:
            return self._place(key, number).read_bytes()
        except FileNotFoundError:
            return None

    def _drawn(self, key: str, name: str, number: int) -> bytes:
        arguments = {"path": str(self._files.path(key)), "name": name, "number": number, "longest": LONGEST_SIDE}
        drawn: dict[str, Any] = self._sandbox.call("page_picture", arguments, seconds=_SECONDS)
        png = base64.b64decode(drawn.pop("png"))
        picture = json.dumps(drawn).encode() + b"\n" + png
        write_atomically(self._place(key, number), picture)
        return picture

    def _place(self, key: str, number: int) -> Path:
        return self._derived.of(key, str(self._engine), f"page-{number}")
