"""One INSERT for many rows, which travel as one JSON value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

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
    listed = ", ".join(columns)
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    statement = (
        f"INSERT INTO {table} (tenant_id, {listed}) SELECT (SELECT app_tenant()), {listed} "  # noqa: S608  (names of ours)
        f"FROM jsonb_to_recordset(%(rows)s) AS v ({typed}) ON CONFLICT (tenant_id, {key}) DO NOTHING"
    )
    # As one JSON value: arrays of text would be escaped twice, which costs more than the insert.
    session.execute(statement, {"rows": Jsonb(rows, dumps=_dumps)})


def _dumps(rows: object) -> str:
    return json.dumps(rows, default=str, ensure_ascii=False)
