"""One INSERT for many rows: the values of each column travel as one array."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    names = list(columns)
    arrays = ", ".join(f"%({name})s::{kind}[]" for name, kind in columns.items())
    listed = ", ".join(names)
    statement = (
        f"INSERT INTO {table} (tenant_id, {listed}) SELECT (SELECT app_tenant()), {listed} "  # noqa: S608  (names of ours)
        f"FROM unnest({arrays}) AS v ({listed}) ON CONFLICT (tenant_id, {key}) DO NOTHING"
    )
    session.execute(statement, {name: [row.get(name) for row in rows] for name in names})


def rows_by_source(session: SqlSession, table: str, ids: Sequence[object]) -> Sequence[Mapping[str, object]]:
    """(source_item_id, id) of the rows that stand for the given items."""
    return session.execute(
        f"SELECT source_item_id, id FROM {table} "  # noqa: S608  (a table of ours)
        "WHERE tenant_id = (SELECT app_tenant()) AND source_item_id = ANY (%(ids)s::uuid[])",
        {"ids": list(ids)},
    )
