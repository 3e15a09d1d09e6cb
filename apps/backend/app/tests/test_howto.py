"""The guides for contributors, followed in a copy of the sources: what they say to write is written, and its tests run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

BACKEND = Path(__file__).parents[2]
GUIDES = BACKEND.parents[1] / "docs" / "howto"
FILE: Final = re.compile(r"^File `([^`]+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADDED: Final = re.compile(
    r"^In `([^`]+)` add to `(\w+)`\n\n```python\n(.*?)^```\n\nand to `(\w+)` the entry `([^`]+)`",
    re.MULTILINE | re.DOTALL,
)
COMMANDS: Final = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM: Final = ".venv/bin/"


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("guide", "concerned"),
    [
        ("add-a-format", "gestmov"),
        ("add-a-country", "nit or rate_that"),
        ("add-a-destination", "deliver or every_destination or accepts_the_apps_own_role"),
    ],
)
def test_a_guide_can_be_followed(guide: str, concerned: str, tmp_path: Path) -> None:
    text = (GUIDES / f"{guide}.md").read_text(encoding="utf-8")
    copy = _copy(tmp_path)
    written = FILE.findall(text)
    assert written
    for path, content in written:
        assert not (copy / path).exists(), f"{path} is there already: the guide is out of date"
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(content, encoding="utf-8")
    added = ADDED.findall(text)
    assert len(added) == text.count(" add to `")
    for path, first, lines, second, entry in added:
        _add(copy / path, first, lines)
        _add(copy / path, second, f"    {entry},\n")
    commands = [line for block in COMMANDS.findall(text) for line in block.splitlines()]
    ran = [_run(command, concerned, copy) for command in commands]
    assert sum(ran) > 1


def _copy(folder: Path) -> Path:
    """As far as the guides need it, at the place in the folder that it has in the repository."""
    backend = folder / "apps" / "backend"
    for part in ("app", "migrations"):
        shutil.copytree(BACKEND / part, backend / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "alembic.ini", ".importlinter"):
        shutil.copy(BACKEND / part, backend / part)
    return backend


def _add(path: Path, table: str, lines: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert f"\n{table} = {{" in text
    path.write_text(text.replace(f"\n{table} = {{", f"\n{table} = {{\n{lines}", 1), encoding="utf-8")


def _run(command: str, concerned: str, copy: Path) -> bool:
    """Tests are run as far as they concern what was added; types, layers and the command line, which would read the
    sources that are installed, are left out.
    """
    settings, _, rest = command.partition(PROGRAM)
    words = shlex.split(rest.split("&&")[0])
    if not words or words[0] not in {"python", "ruff"}:
        return False
    selected = [] if "-k" in words or words[0] == "ruff" else ["-k", concerned]
    program = [sys.executable] if words[0] == "python" else [sys.executable, "-m", "ruff"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"} | dict(
        setting.split("=") for setting in settings.split()
    )
    done = subprocess.run(
        [*program, *words[1:], *selected], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "skipped" not in done.stdout.splitlines()[-1]
    return True
