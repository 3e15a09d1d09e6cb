"""Every crash point of the code, crashed once, with every invariant judged after it; ``make chaos`` does so always and
in pairs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from app.crashpoints import arm, crashpoint, mark_of
from app.embedded import template_database
from chaos.crash_points import NOT_REACHED, Site, chains, crash_always, crash_once, points_in_code, reached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.embedded import EmbeddedPostgres

_LEAST_POINTS = 30


@pytest.fixture(scope="module")
def crash_site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    template_database(postgres, "crash_points", "imports_template")
    with Site(postgres, "crash_points", tmp_path_factory.mktemp("crash")) as opened:
        yield opened


@pytest.fixture(scope="module")
def scenarios(crash_site: Site) -> dict[str, list[str]]:
    return reached(crash_site)


def test_every_point_in_the_code_is_passed_by_a_scenario(scenarios: dict[str, list[str]]) -> None:
    assert len(scenarios) > _LEAST_POINTS
    assert points_in_code() - set(scenarios) == set(NOT_REACHED)


def test_nothing_is_lost_and_nothing_published_twice_whichever_point_kills_the_process(
    crash_site: Site, scenarios: dict[str, list[str]]
) -> None:
    verdicts = [crash_once(crash_site, points, scenario) for scenario, points in chains(scenarios)]
    assert [str(verdict) for verdict in verdicts if verdict.problems] == []


@pytest.mark.parametrize("point", ["claimed:validate", "settling:publish"])
def test_what_dies_each_time_is_kept_for_a_person(
    crash_site: Site, scenarios: dict[str, list[str]], point: str
) -> None:
    assert crash_always(crash_site, point, scenarios[point][0]).problems == ()


def test_a_point_ends_the_process_as_a_kill_would(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        arm("here", tmp_path)
        crashpoint("elsewhere")
        crashpoint("here")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137
    assert (tmp_path / mark_of("here")).read_text() == str(child)


pytestmark = pytest.mark.timeout(300)
