"""Server processes that live exactly as long as their launcher, and never as root."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

UNPRIVILEGED: Final = "nobody"
_LAUNCH: Final = Path(__file__).with_name("embedded_launch.py")
_POLL_SECONDS: Final = 0.005
_LOG_CAP: Final = 8 * 1024 * 1024


class EmbeddedServerError(RuntimeError):
    """A server did not start or did not stop; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a server runs as. ``uid`` 0 means: as whoever launches it."""

    uid: int
    gid: int

    def own(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self.uid:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """The launcher's own account; for root, one without rights (PostgreSQL refuses to run as root)."""
    if os.geteuid() != 0:
        return Account(0, 0)
    import pwd  # noqa: PLC0415 [absent on Windows, where nobody is root]

    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError as error:
        raise EmbeddedServerError(f"root cannot run servers, and there is no user {UNPRIVILEGED}") from error
    return Account(entry.pw_uid, entry.pw_gid)


def run_to_end(command: Sequence[str], *, cwd: Path, log: IO[bytes]) -> int:
    """Runs a tool of the server under the server's account and answers its exit code."""
    return subprocess.run(  # noqa: S603 [our own list, no shell]
        _launching(command), cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(), check=False
    ).returncode


def spawn(command: Sequence[str], *, cwd: Path, log: IO[bytes], stdin: bytes = b"") -> subprocess.Popen[bytes]:
    """Starts a server. It is told to end when this process dies, however this process dies."""
    born: Future[subprocess.Popen[bytes]] = Future()

    def start_and_stay() -> None:
        # The kernel reports the death of the *thread* that forked, so the thread has to live as long as the server.
        try:
            process = subprocess.Popen(  # noqa: S603 [our own list, no shell]
                _launching(command),
                cwd=cwd,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,  # a Ctrl-C at the terminal is for the application, which then stops us
                umask=0o077,
            )
            _feed(process, stdin)
        except OSError as error:
            born.set_exception(error)
            return
        born.set_result(process)
        process.wait()

    threading.Thread(target=start_and_stay, name=Path(command[0]).name, daemon=True).start()
    return born.result()


def _feed(process: subprocess.Popen[bytes], text: bytes) -> None:
    assert process.stdin is not None
    # A server that ended at once is noticed by whoever waits for it, with the end of its log.
    with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
        pipe.write(text)


def _launching(command: Sequence[str]) -> list[str]:
    account = server_account()
    shim = [sys.executable, "-I", "-S", str(_LAUNCH)]
    return [*shim, str(os.getpid()), str(account.uid), str(account.gid), *command]


def _environment() -> dict[str, str]:
    """Nothing of the launcher's: its secrets are none of the server's business."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def stop_process(process: subprocess.Popen[bytes], *, within: float) -> None:
    """Asks to end, then insists."""
    for signal_ in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(signal_)
        if wait_until(lambda: process.poll() is not None, within=within):
            return
    raise EmbeddedServerError(f"process {process.pid} cannot be ended")


def wait_until(condition: Callable[[], bool], *, within: float) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def works_in(pid: int, directory: Path) -> bool:
    """Whether the process has the directory as its own, as our servers do; a recycled process id does not."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(directory)
    except PermissionError:
        return False
    except FileNotFoundError:
        # Without /proc (macOS) the doubt counts for the server: two on the same files would destroy them.
        return not Path("/proc/self").exists() and is_alive(pid)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Between processes: at most one starts or stops the server of a directory."""
    import fcntl  # noqa: PLC0415 [absent on Windows]

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def log_file(path: Path) -> Iterator[IO[bytes]]:
    """Appends; starts anew once the log has grown large."""
    large = path.exists() and path.stat().st_size > _LOG_CAP
    with path.open("wb" if large else "ab") as file:
        yield file


def tail(path: Path, size: int = 2000) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode("utf-8", "replace")
