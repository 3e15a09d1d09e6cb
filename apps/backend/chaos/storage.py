"""Faults of files and of the virus scanner: no room, damaged content, nobody who scans."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final, Self

from httpx import HTTPError

from app.modules.imports.usecases.ingest import Upload, store_uploads
from app.modules.imports.usecases.retry_batch import retry_batch
from chaos.fault import Fault, NotPossible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from httpx import Client

    from chaos.tree import Api
    from chaos.trial import Trial

_REFUSED: Final = frozenset({503, 507})
_OK: Final = 200
_SCANNED: Final = 15.0


@contextmanager
def _tiny_disk(place: Path, kilobytes: int) -> Iterator[None]:
    """A file system of that size mounted there."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(  # noqa: S603 [our own folder]
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0755", "none", str(place)],  # noqa: S607 [from PATH]
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        raise NotPossible("mounting a small file system needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)  # noqa: S603, S607 [our own folder]


def _upload(trial: Trial, client: Client, content: bytes) -> tuple[int, UUID]:
    batch = trial.new_batch(client)
    answer = client.post(f"/api/v1/imports/batches/{batch}/files", files={"files": ("invoice.xml", content)})
    return answer.status_code, batch


def _full_store(trial: Trial) -> Sequence[float]:
    """The disk of the files is full; when there is room again the same upload is taken."""
    assert trial.tree.is_running()
    content = trial.xml(1)[0].read_bytes()
    with trial.api() as client:
        with _tiny_disk(trial.site.files, 64):
            (trial.site.files / ".incoming").mkdir()
            status, batch = _upload(trial, client, content + b"\n" * 400_000)
            left = list((trial.site.files / ".incoming").iterdir())
        began = time.time()
        accepted, healed = _upload(trial, client, content)
    assert status in _REFUSED, f"answered {status}"
    assert not trial.count("batch_id = %s", batch), "an item without its file"
    assert not left, "half a file was left"
    assert accepted == _OK, f"answered {accepted} when there was room"
    trial.note_batch(healed)
    trial.wait_published(healed)
    return [trial.attempts("stage = 'preprocess'")[0]["started_at"].timestamp() - began]


def _kill_uploads(trial: Trial) -> Sequence[float]:
    """The API dies at any moment of an upload: a file without an item may be left, never an item without its file."""
    assert trial.tree.is_running()
    for path in trial.xml(3 if trial.short else 10):
        with trial.site.api() as api, trial.client(api) as client:
            batch = trial.new_batch(client)
            files = {"files": (path.name, path.read_bytes() + b"\n" * 3_000_000)}
            kill_during(trial, api, partial(client.post, f"/api/v1/imports/batches/{batch}/files", files=files))
        trial.note_batch(batch)
    return [trial.probe()]


def _damaged(trial: Trial) -> Sequence[float]:
    """One file is gone and one has changed by a bit before anybody read it; neither is tried three times."""
    assert trial.tree.is_running()
    house = trial.site.house
    gone, changed = trial.xml(1)[0], trial.pdf(1)[0]
    with gone.open("rb") as first, changed.open("rb") as second:
        uploads = [Upload(name="a.xml", content=first), Upload(name="b.pdf", content=second)]
        keys = store_uploads(house, trial.a, uploads)
    house.files.path(keys[0][0].key).unlink()
    damaged = house.files.path(keys[1][0].key)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    trial.ingest(keys, ends="preprocess_failed")
    trial.wait_quiet()
    attempts = {row["code"]: row["attempt"] for row in trial.attempts("outcome = 'dead'")}
    damaged.unlink()  # the invariant of files would see it, as it should
    trial.site.ask("UPDATE import_items SET file_key = NULL WHERE tenant_id = %s", trial.a)
    assert attempts == {"blob_missing": 1, "blob_corrupt": 1}, f"ended as {attempts}"
    return []


class _Scanner:
    """A daemon that speaks as it is told (clamd(8), INSTREAM)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.says: bytes | None = None
        """None: it hears, and never answers."""

    def __enter__(self) -> Self:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen(20)
        threading.Thread(target=self._answer_all, daemon=True, name="scanner").start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._path.unlink()

    def _answer_all(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            heard = b""
            while not heard.endswith(b"\0\0\0\0") and (data := connection.recv(65_536)):
                heard += data
            if self.says is not None:
                connection.sendall(self.says)


def _no_scanner(trial: Trial) -> Sequence[float]:
    """Absent, then talking nonsense: nothing passes; with the scanner back, a retry takes everything on."""
    address = trial.site.directory / "clamd"
    assert trial.site.tree({"CLAMD_ADDRESS": str(address)}).is_running()
    batch = trial.upload(trial.xml(2))
    trial.wait_quiet()
    nonsense = []
    with _Scanner(address) as scanner:
        for said in (b"stream: PERHAPS\0", b"\xff\xfe", b"stream: Heuristics.Limits.Exceeded FOUND\0"):
            scanner.says = said
            nonsense.append(trial.upload(trial.xml(1)))
            trial.wait_quiet()
        passed = trial.count("tenant_id = %s AND (state <> 'preprocess_failed' OR code <> 'av_unavailable')", trial.a)
        assert not passed, f"{passed} items passed without a scan"
        scanner.says = b"stream: OK\0"
        began = time.time()
        recoveries = [_retry_and_wait(trial, one, began) for one in (batch, *nonsense)]
    trial.site.end_tree()
    return recoveries


def _retry_and_wait(trial: Trial, batch: UUID, began: float) -> float:
    with trial.site.house.database.tenant_session(trial.a) as session:
        retry_batch(session, batch, "chaos")
    trial.wait_published(batch)
    return time.time() - began


def _no_room_for_pages(trial: Trial) -> Sequence[float]:
    """No room for what is derived from a file; with room again, a retry takes it on."""
    assert trial.tree.is_running()
    derived = trial.site.directory / "data" / "derived"
    with _tiny_disk(derived, 8):
        (derived / "filler").write_bytes(b"x" * 4096)
        with suppress(OSError):
            (derived / "more").write_bytes(b"x" * 8192)
        batch = trial.upload(trial.pdf(1))
        trial.wait_quiet()
        assert trial.count("state = 'ocr_failed'") == 1, "pages were read without room for them"
    began = time.time()
    return [_retry_and_wait(trial, batch, began)]


def kill_during(trial: Trial, api: Api, request: Callable[[], object]) -> None:
    """The API is killed with -9 at some moment of a request."""
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(request)
        time.sleep(trial.chance.uniform(0.0, 0.08))
        api.kill()
        with suppress(HTTPError):
            answer.result()


FAULTS: Final = (
    Fault(id="F37", title="no room for an upload; from when there is again", inject=_full_store),
    Fault(id="F38", title="API killed during uploads", inject=_kill_uploads),
    Fault(id="F39", title="a file gone, and one changed by a bit", inject=_damaged, bound=None),
    Fault(id="F40", title="scanner absent or talking nonsense; until all is done", inject=_no_scanner, bound=_SCANNED),
    Fault(id="F41", title="no room for derived pages; until all is done", inject=_no_room_for_pages, bound=_SCANNED),
)
