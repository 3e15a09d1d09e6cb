"""``python -m fuzz``: every reader fuzzed for a while, a line each; exit 1 if one did anything but answer or refuse."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.modules.imports import plugins
from app.modules.imports.formats.probing import best_reader, probe_file

_BACKEND = Path(__file__).resolve().parents[1]
_FOLDERS = (_BACKEND / "app/modules/imports/formats/tests/samples", _BACKEND.parents[1] / "samples/documents")
_RAN = re.compile(rb"^(?:Done |#)(\d+)", re.MULTILINE)
_FEATURES = re.compile(rb"\bft: (\d+)")
_SECONDS_OF_ONE_INPUT = 20
_MEMORY_MB = 2048


@dataclass(frozen=True, slots=True)
class Hunt:
    """What came of fuzzing one reader: inputs tried, features of the code reached, places that raised, ends."""

    reader: str
    seeds: int
    tried: int
    features: int
    raised: tuple[str, ...]
    ended: str


def main() -> None:
    """Hunt in every reader that was asked for; two at a time."""
    asked = _arguments()
    seeds = _seeds(tuple(plugins.readers()))
    wanted = asked.readers or sorted(seeds)
    asked.keep.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=asked.jobs) as pool:
        hunts = list(pool.map(lambda name: _hunt(name, seeds[name], asked), wanted))
    _print(hunts)
    sys.exit(any(hunt.raised or hunt.ended for hunt in hunts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("readers", nargs="*", help="names of readers; all without")
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--jobs", type=int, default=2, help="readers at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(".fuzz"), help="where inputs that raised are kept")
    return parser.parse_args()


def _seeds(readers: tuple[str, ...]) -> dict[str, list[Path]]:
    """Our own files, by the reader that knows them."""
    seeds: dict[str, list[Path]] = {name: [] for name in readers}
    for path in sorted(path for folder in _FOLDERS for path in folder.rglob("*") if path.is_file()):
        if path.stat().st_size == 0 or path.name.endswith(".expected.json"):
            continue
        with path.open("rb") as file:
            reader = best_reader(probe_file(file, path.name))
        if reader is not None:
            seeds[reader.name].append(path)
    return seeds


def _hunt(name: str, seeds: list[Path], asked: argparse.Namespace) -> Hunt:
    findings = asked.keep.absolute() / name
    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            shutil.copyfile(seed, Path(corpus) / f"{number}")
        command = [
            *(sys.executable, "-m", "fuzz.target", name, str(findings), corpus),
            f"-max_total_time={asked.seconds}",
            *(f"-seed={asked.seed}", f"-timeout={_SECONDS_OF_ONE_INPUT}", f"-rss_limit_mb={_MEMORY_MB}"),
            *(f"-artifact_prefix={findings}/ended-", "-print_final_stats=1", "-max_len=65536"),
        ]
        done = subprocess.run(command, cwd=_BACKEND, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  (our own module)
    raised = tuple(sorted(path.name.removesuffix(".txt") for path in findings.glob("*.txt")))
    ended = "" if done.returncode == 0 else _last_words(done)
    tried = max((int(n) for n in _RAN.findall(done.stderr)), default=0)
    features = max((int(n) for n in _FEATURES.findall(done.stderr)), default=0)
    return Hunt(name, len(seeds), tried, features, raised, ended)


def _last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = [line for line in done.stderr.decode(errors="replace").splitlines() if "ERROR" in line or "Error" in line]
    return f"exit {done.returncode}: {lines[-1][:100] if lines else ''}"


def _print(hunts: list[Hunt]) -> None:
    table = Table("reader", "seeds", "inputs tried", "features", "raised", "ended")
    for hunt in hunts:
        figures = (str(hunt.seeds), f"{hunt.tried:,}", str(hunt.features))
        table.add_row(hunt.reader, *figures, "\n".join(hunt.raised) or "-", hunt.ended or "-")
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print(f"{sum(hunt.tried for hunt in hunts):,} inputs, {sum(len(hunt.raised) for hunt in hunts)} findings")


if __name__ == "__main__":
    main()
