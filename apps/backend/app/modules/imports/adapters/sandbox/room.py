"""A child's own corner of the file system: the file of its job to read, and a place to work; gone with the child."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = "room-"


class Room:
    """``files`` holds links to what the present job may read, ``work`` what the child writes."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock: int | None = None
        self.path = parent.absolute() / uuid4().hex
        try:
            self.path.mkdir(mode=0o700)
            # Held as long as this process lives, whatever its number in whichever container: so others know.
            self._lock = os.open(self.path, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self.path = self.path.rename(self.path.with_name(f"{_PREFIX}{self.path.name}"))
            self.files, self.work = self.path / "files", self.path / "work"
            self.files.mkdir()
            self.work.mkdir()
        except BaseException:
            self.leave()
            with suppress(OSError):
                self.path.rmdir()  # without a descriptor, which looking into it takes
            raise

    @contextmanager
    def lent(self, source: Path) -> Iterator[Path]:
        """The file under its own name in the room, as long as the job takes."""
        inside = self.files / source.name
        inside.unlink(missing_ok=True)  # left by a job that was interrupted
        try:
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
        lock, self._lock = self._lock, None  # first, so that nothing closes it twice
        if lock is not None:
            os.close(lock)  # the last descriptor of this process may have gone into it, and removing takes one
        _remove(self.path)


def remove_abandoned(parent: Path) -> None:
    """Remove the rooms of processes that ended without leaving them."""
    for room in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(room, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(room)
            finally:
                os.close(descriptor)


def _remove(room: Path) -> None:
    """However deep the folders in it are and whatever their rights: who made them may have meant them to be in the way
    of whoever removes them. Each is moved to the top, and emptied there.
    """
    with suppress(OSError):
        folders = list(room.iterdir())
        while folders:
            folder = folders.pop()
            for entry in list(os.scandir(folder)):
                if entry.is_dir(follow_symlinks=False):
                    Path(entry).chmod(0o700)
                    folders.append(Path(entry).rename(room / uuid4().hex))
                else:
                    Path(entry).unlink()
            folder.rmdir()
        room.rmdir()
