"""Each planted bug is noticed, and nothing is noticed without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chaos.canaries import CANARIES, Canary, ground_on

if TYPE_CHECKING:
    from pathlib import Path

    from app.embedded import EmbeddedPostgres


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.code)
def test_the_proofs_go_red_with_the_bug_and_are_green_without(
    canary: Canary, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    with ground_on(postgres, "imports_template", tmp_path) as ground:
        assert canary.trial(ground, False) == []
    with ground_on(postgres, "imports_template", tmp_path) as ground:
        assert canary.trial(ground, True), f"{canary.bug}, and nobody noticed"
