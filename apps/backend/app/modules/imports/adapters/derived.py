"""What is read of a file, kept so that no page is read or drawn twice: a folder a file, and a name for each engine."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.errors import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from uuid import UUID

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,99}")
_FOLDER: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9a-f]{2})-([0-9a-f]{64})")


class Derived:
    """``root/tenant-ab-abcd…/`` for the file with the key ``tenant/ab/abcd…``. May be lost: pages are read again."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def of(self, key: str, *names: str) -> Path:
        """Where something that is read of the file is kept."""
        return self._beneath(key.replace("/", "-"), *names)

    def at(self, place: str) -> Path:
        """Where that lies whose ``place`` was told before."""
        return self._beneath(place)

    def place(self, path: Path) -> str:
        """What an item remembers of it."""
        return str(path.relative_to(self._root))

    def forget(self, key: str) -> None:
        """All that was read of the file."""
        shutil.rmtree(self.of(key), ignore_errors=True)

    def old_keys(self, grace: timedelta, tenant_id: UUID | None = None) -> Iterator[str]:
        """Keys of the files, of one tenant or of all, of which nothing was kept any more for longer than ``grace``."""
        before = time.time() - grace.total_seconds()
        with suppress(FileNotFoundError), os.scandir(self._root) as folders:
            for folder in folders:
                found = _FOLDER.fullmatch(folder.name)
                if found is None or (tenant_id is not None and found[1] != str(tenant_id)):
                    continue
                if _written(Path(folder.path)) <= before:
                    yield "/".join(found.groups())

    def _beneath(self, *names: str) -> Path:
        # Names come from rows, and from children that read foreign bytes: none of them leads anywhere else.
        path = self._root.joinpath(*names)
        inside = path.relative_to(self._root).parts if path.is_relative_to(self._root) else ()
        if not inside or ".." in inside:
            raise Terminal("blob_missing", "/".join(names))
        return path


def engine_name(version: object) -> str:
    """A name for what an engine calls itself, whatever a child that was taken over may call it."""
    text = str(version)
    if _PLAIN.fullmatch(text):
        return text
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_atomically(target: Path, data: bytes) -> None:
    """Nobody ever sees half of what is derived from a file."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(draft).replace(target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _written(folder: Path) -> float:
    """When something was last put into the folder or one of its own."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    except FileNotFoundError:  # being written, or forgotten, this moment
        return float("inf")
