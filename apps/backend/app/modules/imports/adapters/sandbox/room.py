"""A child's own corner of the file system: the file of its job to read, and a place to work; gone with the child."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = "room-"


class Room:
    """``files`` holds links to what the present job may read, ``work`` what the child writes."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unlocked = Path(tempfile.mkdtemp(dir=parent))
        # Held as long as this process lives, whatever its number in whichever container: so others know.
        self._lock: int | None = os.open(unlocked, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.path = unlocked.rename(parent / f"{_PREFIX}{unlocked.name}").absolute()
        self.files, self.work = self.path / "files", self.path / "work"
        self.files.mkdir()
        self.work.mkdir()

    @contextmanager
    def lent(self, source: Path) -> Iterator[Path]:
        """The file under its own name in the room, as long as the job takes."""
        inside = self.files / source.name
        try:
            os.link(source, inside)
        except FileExistsError:
            inside.unlink()
            os.link(source, inside)
        except OSError:  # another device, or a file system without links
            shutil.copy2(source, inside)
        try:
            yield inside
        finally:
            inside.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what a job left in its place to work."""
        for left in self.work.iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    def leave(self) -> None:
        """Remove the room; doing it again does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def remove_abandoned(parent: Path) -> None:
    """Remove the rooms of processes that ended without leaving them."""
    for room in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(room, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(room, ignore_errors=True)
            finally:
                os.close(descriptor)
