"""Cursors come back as they went, and anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.usecases.paging import MOST_PER_PAGE, clamped, read_cursor, write_cursor


def test_a_cursor_comes_back_as_it_went() -> None:
    moment, id_ = datetime.now(UTC), uuid4()
    assert read_cursor(write_cursor([moment.isoformat(), id_]), datetime.fromisoformat, UUID) == (moment, id_)


@given(st.text())
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(RefusedUpload, match="cursor_invalid"):
        read_cursor(text, datetime.fromisoformat, UUID)


def test_a_limit_is_between_one_and_the_most() -> None:
    assert [clamped(limit) for limit in (-5, 0, 1, 70, 10**30)] == [1, 1, 1, 70, MOST_PER_PAGE]
