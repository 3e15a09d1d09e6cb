"""One INSERT for many rows, which travel as one array for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.array_literals import array_of
from app.modules.imports.domain.canonical_json import canonical_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.ports import SqlSession


def insert_rows(
    session: SqlSession, table: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, object]], key: str
) -> None:
    """Insert the rows of the tenant that are not there yet. ``columns`` maps names to PostgreSQL types, ``key`` is the
    unique key (column names with commas) that tells a row that was written before.
    """
    if not rows:
        return
    arrays = {name: _array(kind, [row.get(name) for row in rows]) for name, kind in columns.items()}
    # What no row has is left to the column's own default, which is nothing.
    used = {name: array for name, array in arrays.items() if array is not None}
    listed = ", ".join(used)
    given = ", ".join(f"%({name})s::{columns[name]}[]" for name in used)
    statement = (
        f"INSERT INTO {table} (tenant_id, {listed}) SELECT (SELECT app_tenant()), {listed} "  # noqa: S608  (names of ours)
        f"FROM unnest({given}) AS v ({listed}) ON CONFLICT (tenant_id, {key}) DO NOTHING"
    )
    session.execute(statement, used)


def _array(kind: str, values: Sequence[object]) -> str | None:
    if all(value is None for value in values):
        return None
    if kind == "jsonb":
        values = [None if value is None else canonical_text(value) for value in values]
    return array_of(kind, values)
