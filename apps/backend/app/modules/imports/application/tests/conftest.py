"""The worker tree is started once for a module: seven workers take seconds to come up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.application.tests.worker_site import Site, Tree, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.embedded import EmbeddedPostgres


@pytest.fixture(scope="module")
def site(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Site]:
    """A database and a broker that the tests of a module share; each takes a tenant of its own."""
    if not Path("/proc/self").exists():
        pytest.skip("finds processes by /proc")
    name = request.module.__name__.rpartition(".")[2]
    with open_site(postgres, tmp_path_factory.mktemp("site"), name) as opened:
        yield opened


@pytest.fixture(scope="module")
def tree(site: Site) -> Iterator[Tree]:
    """All seven workers with one process each."""
    with Tree(site, "tree") as started:
        yield started
