"""The abuse matrix: each abuse with the tests that try it, run and told row by row."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_BACKEND: Final = Path(__file__).resolve().parents[1]
_TABLE: Final = Path(__file__).with_name("abuse.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abuse:
    """One row: ``tests`` are paths or node ids; without any, ``not_applicable`` says why."""

    code: str
    title: str
    tests: tuple[str, ...] = ()
    not_applicable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one row's tests, or of a suite's."""

    title: str
    cases: int = 0
    failed: int = 0
    note: str = ""


def abuses() -> tuple[Abuse, ...]:
    """The table as it is kept."""
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(
        Abuse(
            code=code,
            title=row["title"],
            tests=tuple(row.get("tests", ())),
            not_applicable=row.get("not_applicable", ""),
        )
        for code, row in rows.items()
    )


def try_abuses() -> list[Tried]:
    """Every test of the table once; what a test found counts for each row that names it."""
    rows = abuses()
    results = run_tests({test for row in rows for test in row.tests})
    return [_tried(row, results) for row in rows]


def run_tests(tests: Collection[str]) -> Mapping[str, bool]:
    """Whether each case passed, by its node id. A test that could not be collected counts as a failed one."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", f"--junit-xml={report}"]
        done = subprocess.run(  # noqa: S603  (our own tests)
            [*command, "-o", "junit_family=xunit1", *sorted(tests)], cwd=_BACKEND, capture_output=True, check=False
        )
        if not report.exists():
            sys.stderr.write(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
            return dict.fromkeys(tests, False)
        cases = etree.parse(report, etree.XMLParser(resolve_entities=False, no_network=True)).iter("testcase")
        return {f"{case.get('file')}::{case.get('name')}": len(case) == 0 for case in cases}


def _tried(row: Abuse, results: Mapping[str, bool]) -> Tried:
    if row.not_applicable:
        return Tried(title=f"{row.code} {row.title}", note=f"does not apply: {row.not_applicable}")
    found = [passed for test in row.tests for node, passed in results.items() if _is_of(node, test)]
    missing = [test for test in row.tests if not any(_is_of(node, test) for node in results)]
    note = f"not found: {', '.join(missing)}" if missing else ""
    return Tried(
        title=f"{row.code} {row.title}",
        cases=len(found),
        failed=found.count(False) + len(missing),
        note=note,
    )


def _is_of(node: str, test: str) -> bool:
    return node == test or node.startswith((f"{test}[", f"{test}::"))
