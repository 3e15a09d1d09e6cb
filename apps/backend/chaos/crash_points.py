"""Crashes at every crash point of the code, once and always, singly and in pairs, and what is left each time.

``python -m chaos.crash_points [--points a,b] [--pairs N] [--seed S]``. A process runs a scenario, ends with 137 at the
point, and is started again until it comes to its end; then every invariant is judged.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID, uuid4

import psycopg

from app.crashpoints import mark_of
from app.database import migrate
from app.embedded import EmbeddedPostgres, template_database
from app.modules.imports.domain.pipeline import StageName
from app.modules.imports.usecases.invariants import broken_invariants
from chaos.crash_scenarios import NOTHING_LEFT, SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

BACKEND: Final = Path(__file__).parents[1]
_KILLED: Final = 137
_MOST_RUNS: Final = 15
_ALWAYS_RUNS: Final = 5
_LONG_AGO: Final = timedelta(hours=1)
NOT_REACHED: Final[Mapping[str, str]] = {
    "worked:publish": "publication runs inside the settling transaction: there is no moment between the two",
    "express:ocr": "idle for rows",
    "express:classify": "idle for rows",
    "express:publish": "the ride ends before it",
}
"""Names that an f-string could give and no process ever passes, with the reason."""
_ONE_CHANCE: Final = frozenset({"many_rows"})
"""Only what was never tried goes express, so each of its points needs a trial of its own."""
_MANY_MOMENTS: Final = frozenset({"containers", "long_table"})
"""All its points lie in one stage, and a stage is tried three times."""
_UNPUBLISHED: Final = """
SELECT id FROM import_items WHERE tenant_id = %s AND state <> 'published' AND id = ANY (%s::uuid[])
"""


def points_in_code() -> frozenset[str]:
    """Every name that ``crashpoint`` is called with; a name with a stage in it stands for six."""
    return frozenset(
        name
        for path in sorted((BACKEND / "app").rglob("*.py"))
        if "tests" not in path.parts
        for name in _points_of(path)
    )


def _points_of(path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)) if "crashpoint(" in source else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crashpoint":
            match node.args[0]:
                case ast.Constant(value=str(name)):
                    yield name
                case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()]):
                    yield from (f"{prefix}{stage}" for stage in StageName)
                case _:
                    raise ValueError(f"{path.name}: a crash point whose name cannot be told: {ast.unparse(node)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one plan. ``problems`` is empty when everything held."""

    points: tuple[str, ...]
    scenario: str
    mode: str
    runs: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        said = "; ".join(self.problems) or "holds"
        return f"{' + '.join(self.points):42} {self.mode:7} {self.scenario:11} {self.runs:2} runs  {said}"


@dataclass(slots=True)
class Site:
    """A database and a folder; one tenant for each plan."""

    server: EmbeddedPostgres
    name: str
    folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self._owner = self._stack.enter_context(psycopg.connect(self.server.superuser_dsn(self.name), autocommit=True))
        log = self._stack.enter_context((self.folder / "children.log").open("wb"))
        self._child = self._stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "chaos.crash_child"],
                cwd=BACKEND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        )
        return self

    _owner: psycopg.Connection[Any] = field(init=False)
    _child: subprocess.Popen[str] = field(init=False)

    def __exit__(self, *_: object) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._stack.close()

    def trial(self, scenario: str) -> Trial:
        tenant = uuid4()
        self._owner.execute("INSERT INTO tenants (id, name) VALUES (%s, %s)", [tenant, str(tenant)])
        room = self.folder / str(tenant)
        (room / "marks").mkdir(parents=True)
        return Trial(self, scenario, tenant, room)

    def run(self, what: Mapping[str, Any]) -> int:
        """The exit code of a process that did it."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"dsn": self.server.dsn(self.name, "imports_app"), **what}) + "\n")
        self._child.stdin.flush()
        return int(self._child.stdout.readline())

    def judge(self, trial: Trial, *, all_published: bool) -> list[str]:
        accepted = trial.accepted()
        files = trial.room / "data" / "files"
        broken = broken_invariants(self._owner, accepted=accepted, grace=_LONG_AGO)
        problems = [str(one) for one in broken]
        if files.is_dir():
            problems += self._misplaced(trial, files)
        if all_published:
            waiting = self._owner.execute(_UNPUBLISHED, [trial.tenant, accepted]).fetchall()
            problems += [f"{len(waiting)} of {len(accepted)} accepted items are not published"] if waiting else []
        return problems

    def _misplaced(self, trial: Trial, files: Path) -> list[str]:
        query = "SELECT DISTINCT file_key FROM import_items WHERE tenant_id = %s AND file_key IS NOT NULL"
        keys = [key for (key,) in self._owner.execute(query, [trial.tenant])]
        return [f"I12: {key} has a row and no file" for key in keys if not (files / key).is_file()]


@dataclass(frozen=True, slots=True)
class Trial:
    """One scenario of one tenant, crashed and begun again."""

    site: Site
    scenario: str
    tenant: UUID
    room: Path

    def run(self, points: Collection[str], *, action: str = "exit", always: bool = False, heal: bool = False) -> int:
        return self.site.run(
            {
                "data": str(self.room / "data"),
                "tenant": str(self.tenant),
                "memory": str(self.room / "accepted.json"),
                "marks": str(self.room / "marks"),
                "scenario": self.scenario,
                "points": list(points),
                "action": action,
                "always": always,
                "heal": heal,
            }
        )

    def accepted(self) -> list[UUID]:
        memory = self.room / "accepted.json"
        return [UUID(text) for text in json.loads(memory.read_text("utf-8"))] if memory.exists() else []

    def passed(self, names: Collection[str]) -> set[str]:
        return {name for name in names if (self.room / "marks" / mark_of(name)).exists()}


def reached(site: Site) -> dict[str, list[str]]:
    """Each point with the scenarios that pass it, the cheapest first. Raises RuntimeError when one fails by itself."""
    points = points_in_code()
    found: dict[str, list[str]] = {}
    for scenario in SCENARIOS:
        trial = site.trial(scenario)
        code = trial.run(points, action="note")
        problems = site.judge(trial, all_published=scenario not in NOTHING_LEFT)
        if code or problems:
            log = (site.folder / "children.log").read_text("utf-8")[-2000:]
            raise RuntimeError(f"{scenario} ended with {code}: {problems}\n{log}")
        for point in trial.passed(points):
            found.setdefault(point, []).append(scenario)
    return found


def crash_once(site: Site, points: Sequence[str], scenario: str, *, every: bool = True) -> Verdict:
    """Crash at each of the points the first time it is passed, and go on until a run comes to its end. A point that is
    never passed is a problem when it has to be ``every`` one.
    """
    trial = site.trial(scenario)
    problems: list[str] = []
    runs = 0
    code = _KILLED
    while code == _KILLED and runs < _MOST_RUNS:
        runs += 1
        code = trial.run(points)
        problems += site.judge(trial, all_published=False)
    problems += [] if code == 0 else [f"the last run ended with {code}"]
    problems += _healed(site, trial)
    if every and (missed := sorted(set(points) - trial.passed(points))):
        problems.append(f"never came to {', '.join(missed)}")
    return Verdict(points=tuple(points), scenario=scenario, mode="once", runs=runs, problems=tuple(problems))


def chains(scenarios: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Scenarios with points to be crashed one after the other in one trial: those of one moment (``claimed:…``), or of
    one client, which cost each stage few attempts. The same is judged after each crash, for a third of the time.
    """
    groups: dict[str, set[str]] = {}
    for point, passing in scenarios.items():
        groups.setdefault(_moment(point, passing[0]), set()).add(point)
    return [chain for _, group in sorted(groups.items()) for chain in _cover(group, scenarios)]


def _moment(point: str, scenario: str) -> str:
    if scenario in _ONE_CHANCE:
        return point
    prefix, stage, _ = point.partition(":")
    return prefix if stage or scenario in _MANY_MOMENTS else scenario


def _cover(points: set[str], scenarios: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    while points:
        covered = {name: {p for p in points if name in scenarios[p]} for name in SCENARIOS}
        best = max(SCENARIOS, key=lambda name: len(covered[name]))
        yield best, sorted(covered[best])
        points = points - covered[best]


def crash_always(site: Site, point: str, scenario: str) -> Verdict:
    """Crash each time, for some runs; what was accepted has to be there still, and to be published once that ends."""
    trial = site.trial(scenario)
    problems: list[str] = []
    runs = 0
    code = _KILLED
    while code == _KILLED and runs < _ALWAYS_RUNS:
        runs += 1
        code = trial.run([point], always=True)
        problems += site.judge(trial, all_published=False)
    problems += [] if code in (0, _KILLED) else [f"the last run ended with {code}"]
    problems += _healed(site, trial)
    return Verdict(points=(point,), scenario=scenario, mode="always", runs=runs, problems=tuple(problems))


def _healed(site: Site, trial: Trial) -> list[str]:
    """Without any crash, and what was given up put back by a person: then all is done."""
    if trial.scenario not in NOTHING_LEFT and not site.judge(trial, all_published=True):
        return []
    code = trial.run([], heal=trial.scenario not in NOTHING_LEFT)
    problems = [f"a run without crashes ended with {code}"] if code else []
    return problems + site.judge(trial, all_published=trial.scenario not in NOTHING_LEFT)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each crash; 1 when one of them broke something."""
    parser = argparse.ArgumentParser(prog="python -m chaos.crash_points", description=__doc__.partition("\n")[0])
    parser.add_argument("--points", default="", help="comma-separated names; all of them when left out")
    parser.add_argument("--pairs", type=int, default=0, help="how many random pairs, besides")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="gq-crash-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            verdicts = _all(server, Path(folder), chosen)
    failed = [verdict for verdict in verdicts if verdict.problems]
    sys.stdout.write(f"{len(verdicts)} crash plans, {len(failed)} broke something (seed {chosen.seed})\n")
    return 1 if failed else 0


def _all(server: EmbeddedPostgres, folder: Path, chosen: argparse.Namespace) -> list[Verdict]:
    template_database(server, "crash", "template1")
    migrate(server.superuser_dsn("crash"))
    wanted = {name for name in chosen.points.split(",") if name}
    verdicts = []
    with Site(server, "crash", folder) as site:
        scenarios = {name: s[0] for name, s in reached(site).items() if not wanted or name in wanted}
        for verdict in _plans(site, scenarios, chosen):
            sys.stdout.write(f"{verdict}\n")
            verdicts.append(verdict)
    return verdicts


def _plans(site: Site, scenarios: Mapping[str, str], chosen: argparse.Namespace) -> Iterator[Verdict]:
    for point, scenario in sorted(scenarios.items()):
        yield crash_once(site, [point], scenario)
        yield crash_always(site, point, scenario)
    chance = random.Random(chosen.seed)  # noqa: S311  (a seed that can be given again)
    for _ in range(chosen.pairs):
        first, second = chance.choices(sorted(scenarios), k=2)
        yield crash_once(site, sorted({first, second}), scenarios[first], every=False)


if __name__ == "__main__":
    sys.exit(main())
