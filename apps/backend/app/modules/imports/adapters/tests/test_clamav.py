"""The clamd client against a socket that answers in every way, and against the real daemon."""

from __future__ import annotations

import io
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.adapters.clamav import ClamdScanner
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.adapters.scanning import DaemonScanner, EveryScanner, SandboxedScanner
from app.modules.imports.adapters.tests.wrappings import EICAR, WRAPPINGS
from app.modules.imports.domain.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def read_stream(connection: socket.socket) -> bytes:
    """What a client sends by INSTREAM, joined."""
    with connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
        return content


@contextmanager
def daemon(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A clamd on a free port that treats its one client in the given way."""

    def accept() -> None:
        with suppress(OSError, struct.error), server.accept()[0] as connection:
            talk(connection)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=accept)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        read_stream(connection)
        connection.sendall(answer)

    return talk


def test_a_clean_stream_is_clean_and_arrives_whole() -> None:
    received: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        received.append(read_stream(connection))
        connection.sendall(b"stream: OK\0")

    content = os.urandom(700_000)
    with daemon(talk) as address:
        scanner = ClamdScanner(address=address)
        file = io.BytesIO(content)
        file.seek(1000)  # a scan looks at the whole file, wherever somebody left it
        assert scanner.scan(file) is None
    assert received == [content]


def test_what_is_found_is_named() -> None:
    with daemon(answering(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")) as address:
        assert ClamdScanner(address=address).scan(io.BytesIO(b"x")) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",  # broken off before its end
        b"garbage\0",
        b"stream: OK and more\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0",
        b"stream:  FOUND\0",
        b"\xff\xfe\0",
        b"a" * 10_000,
    ],
)
def test_any_other_answer_is_not_clean(answer: bytes) -> None:
    with daemon(answering(answer)) as address, pytest.raises(Transient, match="av_unavailable"):
        ClamdScanner(address=address).scan(io.BytesIO(b"x"))


def test_a_daemon_that_hangs_up_in_the_middle_is_not_clean() -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(10)

    with daemon(talk) as address, pytest.raises(Transient, match="av_unavailable"):
        ClamdScanner(address=address).scan(io.BytesIO(bytes(20_000_000)))


def test_a_daemon_that_drips_is_given_up_after_the_whole_time() -> None:
    def talk(connection: socket.socket) -> None:
        read_stream(connection)
        for _ in range(100):
            connection.sendall(b"s")
            time.sleep(0.02)

    with daemon(talk) as address:
        began = time.monotonic()
        with pytest.raises(Transient, match="av_unavailable"):
            ClamdScanner(address=address, seconds=0.2).scan(io.BytesIO(b"x"))
        assert time.monotonic() - began < 1.5


def test_a_file_over_the_limit_is_not_clean() -> None:
    with daemon(answering(b"stream: OK\0")) as address, pytest.raises(Transient, match="larger than 10 bytes"):
        ClamdScanner(address=address, max_size=10).scan(io.BytesIO(bytes(11)))


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "nonsense", "localhost:port"])
def test_a_daemon_that_is_not_there_is_not_clean(address: str) -> None:
    with pytest.raises(Transient, match="av_unavailable"):
        ClamdScanner(address=address).scan(io.BytesIO(b"x"))


# -------------------------------------------------------------------------------------------------- the real daemon


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real clamd with a signature database of one line, made here."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/sbin")
    if program is None:
        if os.environ.get("IMPORTS_TEST_NO_SKIP") == "1":
            pytest.fail("clamd is not installed, and this run may not skip")
        pytest.skip("clamd is not installed")
    place = tmp_path_factory.mktemp("clamd")
    (place / "own.ndb").write_text(f"Own.Eicar:0:*:{EICAR.hex()}\n")
    (place / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {place}\nLocalSocket {place}/s\nAlertExceedsMax yes\n"
        f"StreamMaxLength 1M\nLogFile {place}/log\nOfficialDatabaseOnly no\nUser root\n"
    )
    with subprocess.Popen([program, f"--config-file={place}/clamd.conf"], stdout=subprocess.DEVNULL) as process:
        wait_for(place / "s", process)
        yield str(place / "s")
        process.terminate()


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert process.poll() is None, "clamd ended"
        assert time.monotonic() < deadline, "clamd did not start"
        time.sleep(0.02)


UNSEEN_BY_THE_DAEMON = {
    "pdf",
    "pdf in mail in zip",
    "forwarded mail that was encoded",
    "mail in padded chunks",
    "mail in UTF-16",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    pool = Sandbox(children=1)
    yield pool
    pool.close()


@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS.keys() - UNSEEN_BY_THE_DAEMON))
def test_the_real_daemon_finds_eicar(clamd: str, wrapping: str) -> None:
    scanner = ClamdScanner(address=clamd)
    assert scanner.scan(io.BytesIO(WRAPPINGS[wrapping](b"an invoice"))) is None
    assert scanner.scan(io.BytesIO(WRAPPINGS[wrapping](EICAR))) == "Own.Eicar.UNOFFICIAL"


@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
def test_with_the_real_daemon_eicar_is_found_in_every_wrapping(
    clamd: str, sandbox: Sandbox, tmp_path: Path, wrapping: str
) -> None:
    scanner = EveryScanner((DaemonScanner(ClamdScanner(address=clamd)), SandboxedScanner(sandbox)))
    clean, infected = tmp_path / "clean", tmp_path / "infected"
    clean.write_bytes(WRAPPINGS[wrapping](b"an invoice"))
    infected.write_bytes(WRAPPINGS[wrapping](EICAR))
    assert scanner.scan(clean) is None
    assert "eicar" in (scanner.scan(infected) or "").casefold()


def test_the_real_daemon_states_its_version(clamd: str) -> None:
    assert ClamdScanner(address=f"unix:{clamd}").version().startswith("ClamAV ")


def test_the_real_daemon_refuses_a_stream_over_its_own_limit(clamd: str) -> None:
    with pytest.raises(Transient, match="av_unavailable"):
        ClamdScanner(address=clamd).scan(io.BytesIO(os.urandom(5_000_000)))
