"""The local file store on a real disk: durable, healing, clean after failures, closed to strange keys."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4

import pytest

from app.modules.imports.adapters.files import LocalFileStore, _storage_errors
from app.modules.imports.domain.errors import Terminal, Transient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.modules.imports.ports import FileStore

TENANT, OTHER = UUID(int=1), UUID(int=2)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts file systems")


@pytest.fixture
def store(tmp_path: Path) -> LocalFileStore:
    return LocalFileStore(tmp_path / "files")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    place = tmp_path / "tiny"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


def incoming(root: Path) -> list[Path]:
    return list((root / ".incoming").iterdir())


def test_what_is_put_can_be_read_by_its_key(store: LocalFileStore) -> None:
    port: FileStore = store
    content = os.urandom(3_000_000)
    stored = port.put(TENANT, io.BytesIO(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)
    with port.open(stored.key) as file:
        assert file.read() == content
    assert port.path(stored.key).read_bytes() == content
    assert port.exists(stored.key)
    store.verify(stored.key)


def test_the_same_bytes_twice_are_one_file_and_tenants_share_none(store: LocalFileStore, tmp_path: Path) -> None:
    keys = {tenant: {store.put(tenant, io.BytesIO(b"x")).key for _ in range(2)} for tenant in (TENANT, OTHER)}
    assert [len(each) for each in keys.values()] == [1, 1]
    assert keys[TENANT].isdisjoint(keys[OTHER])
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 2


def test_only_the_owner_may_enter_or_read(store: LocalFileStore, tmp_path: Path) -> None:
    store.put(TENANT, io.BytesIO(b"x"))
    for path in (tmp_path / "files").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_missing_file_is_final(store: LocalFileStore) -> None:
    key = f"{TENANT}/ab/ab{'0' * 62}"
    assert not store.exists(key)
    for read in (store.open, store.path, store.verify):
        with pytest.raises(Terminal, match="blob_missing"):
            read(key)


@pytest.mark.parametrize(
    "key", ["", "../../etc/passwd", "/etc/passwd", f"{TENANT}/../{OTHER}/x", f"{TENANT}/ab/cd{'0' * 62}", "a\0b"]
)
def test_nothing_but_a_key_becomes_a_path(store: LocalFileStore, key: str) -> None:
    for use in (store.open, store.path, store.exists, store.delete):
        with pytest.raises(Terminal, match="blob_missing"):
            use(key)


def test_a_link_in_the_place_of_a_file_is_not_followed(store: LocalFileStore, tmp_path: Path) -> None:
    key = store.put(TENANT, io.BytesIO(b"mine")).key
    path = store.path(key)
    path.unlink()
    (tmp_path / "secret").write_bytes(b"not mine")
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(Transient, match="storage_unavailable"):
        store.open(key)


def test_damage_is_noticed_and_healed_by_putting_the_file_again(store: LocalFileStore) -> None:
    key = store.put(TENANT, io.BytesIO(b"total 121.00")).key
    store.path(key).write_bytes(b"total 921.00")
    with pytest.raises(Terminal, match="blob_corrupt"):
        store.verify(key)
    assert store.put(TENANT, io.BytesIO(b"total 121.00")).key == key
    store.verify(key)


def test_a_deleted_file_is_gone_and_may_be_deleted_again(store: LocalFileStore) -> None:
    key = store.put(TENANT, io.BytesIO(b"x")).key
    store.delete(key)
    store.delete(key)
    assert not store.exists(key)


def test_the_keys_of_a_tenant_are_listed_and_nobody_elses(store: LocalFileStore) -> None:
    mine = sorted(store.put(TENANT, io.BytesIO(bytes([n]))).key for n in range(20))
    store.put(OTHER, io.BytesIO(b"other"))
    assert list(store.iter_keys(TENANT)) == mine
    assert list(store.iter_keys(uuid4())) == []


class BrokenSource(io.BytesIO):
    """An upload whose connection breaks in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(4)
        if not block:
            raise ConnectionResetError
        return block


def test_an_error_of_the_source_stays_its_own_and_leaves_nothing(store: LocalFileStore, tmp_path: Path) -> None:
    source: BinaryIO = BrokenSource(b"half a file")
    with pytest.raises(ConnectionResetError):
        store.put(TENANT, source)
    assert incoming(tmp_path / "files") == []


@as_root
def test_a_full_disk_is_worth_another_attempt_and_leaves_nothing(tiny_disk: Path) -> None:
    store = LocalFileStore(tiny_disk)
    with pytest.raises(Transient, match="storage_full"):
        store.put(TENANT, io.BytesIO(bytes(200_000)))
    assert incoming(tiny_disk) == []
    assert store.put(TENANT, io.BytesIO(bytes(4_000))).size == 4_000


@as_root
def test_a_read_only_disk_is_worth_another_attempt(tiny_disk: Path) -> None:
    store = LocalFileStore(tiny_disk)
    key = store.put(TENANT, io.BytesIO(b"x")).key
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(Transient, match="storage_unavailable"):
        store.put(TENANT, io.BytesIO(b"y"))
    with store.open(key) as file:
        assert file.read() == b"x"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "storage_full"),
        (errno.EDQUOT, "storage_full"),
        (errno.EROFS, "storage_unavailable"),
        (errno.EIO, "storage_unavailable"),
    ],
)
def test_each_refusal_of_the_disk_has_its_code(number: int, code: str) -> None:
    with pytest.raises(Transient) as caught, _storage_errors():
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code


def test_what_a_killed_process_left_is_swept_once_it_is_old(store: LocalFileStore, tmp_path: Path) -> None:
    old, fresh = (tmp_path / "files/.incoming" / name for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert store.sweep_temp(timedelta(hours=1)) == 1
    assert incoming(tmp_path / "files") == [fresh]
