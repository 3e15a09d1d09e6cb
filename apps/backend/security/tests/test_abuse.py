"""The matrix has all its rows, and names tests that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from security.abuse import Abuse, abuses

BACKEND = Path(__file__).parents[2]


def test_every_abuse_of_the_matrix_has_its_row() -> None:
    assert [row.code for row in abuses()] == [f"A{number}" for number in range(1, 49)]


@pytest.mark.parametrize("row", abuses(), ids=lambda row: row.code)
def test_a_row_names_tests_that_exist_or_says_why_not(row: Abuse) -> None:
    assert bool(row.tests) != bool(row.not_applicable)
    for test in row.tests:
        path, _, name = test.partition("::")
        text = (BACKEND / path).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, test
