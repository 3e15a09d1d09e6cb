"""Pictures of pages for people: drawn behind the parser wall, and kept, so that a page is drawn once."""

from __future__ import annotations

import base64
import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.adapters.reading import write_atomically
from app.modules.imports.domain.pipeline import STAGES, StageName
from app.modules.imports.ports import PagePicture

if TYPE_CHECKING:
    from pathlib import Path

    from app.modules.imports.adapters.sandbox.pool import Sandbox
    from app.modules.imports.ports import FileStore

LONGEST_SIDE: Final = 1800
"""Pixels: small print is legible, and a page is a megabyte, or a few where it was photographed."""
_SECONDS: Final = STAGES[StageName.PREPROCESS].soft_limit.total_seconds()


class SandboxedPagePictures:
    """Implements ``ports.PagePictures``. A file of the cache is a line of JSON, then the PNG."""

    def __init__(self, sandbox: Sandbox, files: FileStore, derived: Path) -> None:
        self._sandbox = sandbox
        self._files = files
        self._derived = derived

    def draw(self, key: str, name: str, number: int) -> PagePicture:
        target = self._derived / key.replace("/", "-") / self._version / f"page-{number}"
        if not target.exists():
            drawn = self._drawn(key, name, number)
            png = base64.b64decode(drawn.pop("png"))
            write_atomically(target, json.dumps(drawn).encode() + b"\n" + png)
        sizes, _, png = target.read_bytes().partition(b"\n")
        return PagePicture(png=png, **json.loads(sizes))

    @cached_property
    def _version(self) -> str:
        """How a page lies is the engine's word, so another engine may lay it otherwise."""
        return str(self._sandbox.call("engine_version", {}, seconds=_SECONDS))

    def _drawn(self, key: str, name: str, number: int) -> dict[str, Any]:
        arguments = {"path": str(self._files.path(key)), "name": name, "number": number, "longest": LONGEST_SIDE}
        drawn: dict[str, Any] = self._sandbox.call("page_picture", arguments, seconds=_SECONDS)
        return drawn
