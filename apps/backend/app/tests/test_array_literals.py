"""Arrays arrive in PostgreSQL as they were given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.array_literals import array_of

if TYPE_CHECKING:
    from app.database import Database

AWKWARD = ['"', "\\", '\\"', "", " ", "NULL", "null", "{a,b}", "a,b", "ñ€\U0001f600", "line\nbreak\ttab", "'", None]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", AWKWARD),
        ("uuid", [uuid4(), None, uuid4()]),
        ("numeric", [Decimal("1.50"), None, Decimal("-1E+3"), Decimal(0)]),
        ("integer", [1, None, -3]),
        ("date", [date(2026, 1, 2), None]),
        ("boolean", [True, False, None]),
        ("text", []),
    ],
)
def test_every_value_arrives_as_it_is(database: Database, kind: str, values: list[object]) -> None:
    with database.door_session() as session:
        [row] = session.execute(f"SELECT %(values)s::{kind}[] AS found", {"values": array_of(kind, values)})
    assert row["found"] == values


def test_json_text_arrives_as_json(database: Database) -> None:
    with database.door_session() as session:
        [row] = session.execute("SELECT %(v)s::jsonb[] AS found", {"v": array_of("jsonb", ['{"a": "\\"b\\\\"}', None])})
    assert row["found"] == [{"a": '"b\\'}, None]
