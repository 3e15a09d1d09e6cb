"""Files on the local disk, addressed by their content: durable before they are spoken of, never half written."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from app.crashpoints import crashpoint
from app.modules.imports.domain.errors import Terminal, Transient
from app.modules.imports.ports import StoredFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import timedelta
    from uuid import UUID

_BLOCK: Final = 1024 * 1024
_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/\2[0-9a-f]{62}")
_INCOMING: Final = ".incoming"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalFileStore:
    """``root/tenant/ab/abcd…`` for content with the SHA-256 ``abcd…``; the key is that path without the root.

    Implements ``ports.FileStore``. Everything is readable by the process's own account only.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        with _storage_errors():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)

    # ---------------------------------------------------------------------------------------------- ports.FileStore

    def put(self, tenant_id: UUID, source: BinaryIO) -> StoredFile:
        """Streams ``source`` to the disk; when it returns, a power cut loses nothing.

        Content that is there already is written over: that heals a copy that the disk has damaged.
        """
        draft, sha256, size = self._receive(source)
        try:
            key = f"{tenant_id}/{sha256[:2]}/{sha256}"
            with _storage_errors():
                self._place(draft, self._root / key)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return StoredFile(key=key, sha256=sha256, size=size)

    def open(self, key: str) -> BinaryIO:
        """Raises ``Terminal('blob_missing')`` when there is no such file."""
        path = self._checked(key)
        with _storage_errors():
            try:
                return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
            except FileNotFoundError:
                raise _missing(key) from None

    def path(self, key: str) -> Path:
        """The file itself, to be read only. Raises ``Terminal('blob_missing')`` when there is no such file."""
        if not self.exists(key):
            raise _missing(key)
        return self._checked(key)

    def exists(self, key: str) -> bool:
        with _storage_errors():
            return self._checked(key).is_file()

    # --------------------------------------------------------------------------------------------------- caretaking

    def verify(self, key: str) -> None:
        """Reads the file again. Raises ``Terminal('blob_corrupt')`` when it is not what its key says."""
        with self.open(key) as file, _storage_errors():
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() != key.rpartition("/")[2]:
            raise Terminal("blob_corrupt", key)

    def delete(self, key: str) -> None:
        """Deleting what is gone already is no error."""
        with _storage_errors():
            self._checked(key).unlink(missing_ok=True)

    def iter_keys(self, tenant_id: UUID) -> Iterator[str]:
        """All keys of the tenant, in order, a directory at a time."""
        tenant = self._root / str(tenant_id)
        with _storage_errors():
            shards = sorted(tenant.iterdir()) if tenant.is_dir() else []
            for shard in shards:
                yield from (f"{tenant_id}/{shard.name}/{path.name}" for path in sorted(shard.iterdir()))

    def old_keys(self, tenant_id: UUID, grace: timedelta) -> Iterator[str]:
        """A directory at a time, in order."""
        before = time.time() - grace.total_seconds()
        for key in self.iter_keys(tenant_id):
            if _modified(self._root / key) <= before:
                yield key

    def collect(
        self, keys: Sequence[str], grace: timedelta, let_go: Callable[[Sequence[str]], Collection[str]]
    ) -> Sequence[str]:
        """A file that is put again meanwhile is young again, and stays."""
        if not keys:
            return []
        with _storage_errors(), _locked(self._checked(keys[0]).parent.parent, fcntl.LOCK_EX):
            before = time.time() - grace.total_seconds()
            old = [key for key in keys if _modified(self._checked(key)) <= before]
            gone = sorted(let_go(old)) if old else []
            for key in gone:
                self._checked(key).unlink(missing_ok=True)
        return gone

    def sweep_temp(self, older_than: timedelta) -> int:
        """Removes what a killed process left half written; answers how many."""
        before = time.time() - older_than.total_seconds()
        removed = 0
        with _storage_errors():
            for path in self._incoming.iterdir():
                if _modified(path) < before:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    # --------------------------------------------------------------------------------------------------------- inside

    def _checked(self, key: str) -> Path:
        # Keys come from rows, but nothing that is not a key may ever become a path.
        if not _KEY.fullmatch(key):
            raise _missing(key)
        return self._root / key

    def _receive(self, source: BinaryIO) -> tuple[Path, str, int]:
        """The content in a synced file beside the others, its digest and its size."""
        with _storage_errors():
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
        draft = Path(name)
        crashpoint("blob:opened")
        try:
            with os.fdopen(descriptor, "wb") as target:
                sha256, size = _copy(source, target)
                with _storage_errors():
                    target.flush()
                    crashpoint("blob:written")
                    os.fsync(target.fileno())
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return draft, sha256, size

    def _place(self, draft: Path, target: Path) -> None:
        for directory in (target.parent.parent, target.parent):
            if not directory.is_dir():
                directory.mkdir(mode=0o700, exist_ok=True)
                _sync(directory.parent)
        with _locked(target.parent.parent, fcntl.LOCK_SH):
            crashpoint("blob:synced")
            draft.rename(target)
        crashpoint("blob:renamed")
        _sync(target.parent)
        crashpoint("blob:placed")


def _copy(source: BinaryIO, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):  # outside of the guard: an error of the source is not the storage's
        with _storage_errors():
            target.write(block)
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


@contextmanager
def _locked(directory: Path, how: int) -> Iterator[None]:
    """Files are put side by side; whoever collects them is alone. The kernel lets go of it with its process."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _sync(directory: Path) -> None:
    """A new name is durable only once its directory is."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")  # just placed by its writer


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Whatever the disk refuses may work later: people make room and mount again."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise Transient("storage_full" if error.errno in _FULL else "storage_unavailable", reason) from error


def _missing(key: str) -> Terminal:
    return Terminal("blob_missing", key)
