"""The matrix of row security: every table with a tenant × what the tenant is set to × every command, as one role.

What a cell gives is compared with what a wall that stands gives; ``run_matrix`` returns the cells that differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from app.tests.wall import tenant_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Connection = psycopg.Connection[tuple[Any, ...]]
    Command = Callable[["Cell"], str]

A: Final = UUID("aaaaaaaa-0000-4000-8000-000000000001")
B: Final = UUID("bbbbbbbb-0000-4000-8000-000000000002")
NOBODY: Final = UUID("cccccccc-0000-4000-8000-000000000003")
GARBAGE: Final = "acme'; --"
APPEND_ONLY: Final = {"import_attempts", "import_publications", "import_audit"}
WITHOUT_INSERT: Final = {"import_audit"}

# Columns whose value a constraint of the table fixes.
_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("api_keys", "role"): "'viewer'",
    ("import_dlq", "reason"): "'dead'",
    ("invoice_taxes", "kind"): "'tax'",
    ("import_items", "state"): "'published'",
    ("import_items", "due_stage"): "NULL",
    ("import_items", "next_run_at"): "NULL",
}
_BY_TYPE: Final = {
    "uuid": "gen_random_uuid()", "text": "'x' || gen_random_uuid()", "bytea": "'x'", "jsonb": "'{}'", "boolean": "true",
    "date": "DATE '2026-01-01' + (random() * 9999)::integer", "timestamp with time zone": "now()",
    "ARRAY": "'{}'", "double precision": "1", "numeric": "1", "smallint": "1",
    "integer": "(random() * 1e9)::integer", "bigint": "(random() * 1e15)::bigint",
}  # fmt: skip
_COLUMNS: Final = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
  AND (is_nullable = 'NO' OR (table_name, column_name) IN (('import_items', 'due_stage'), ('import_items', 'next_run_at')))
  AND is_identity = 'NO' AND column_name <> 'tenant_id' ORDER BY ordinal_position
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One table seen by a connection on which the tenant is set to ``tenant``; None is none."""

    connection: Connection
    table: str
    insert: str
    tenant: UUID | None

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.execute(statement.replace("{t}", self.table).encode())
        return cursor.fetchall() if cursor.description else []

    def changed(self, statement: str) -> int:
        return self.connection.execute(statement.replace("{t}", self.table).encode()).rowcount

    @property
    def sees(self) -> int:
        return 1 if self.tenant in {A, B} else 0

    @property
    def other(self) -> UUID:
        return B if self.tenant == A else A


def seed(owner: Connection) -> None:
    """One row of A and one of B in every table; foreign keys and triggers are taken off, so that only the wall is met.

    The database is the test's own. ``owner`` is a superuser.
    """
    for kind, table, name in owner.execute(
        """SELECT 'CONSTRAINT', conrelid::regclass::text, conname FROM pg_constraint
           WHERE contype = 'f' AND connamespace = 'public'::regnamespace
           UNION ALL SELECT 'TRIGGER', tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"""
    ).fetchall():
        verb = f"ALTER TABLE {table} DROP CONSTRAINT" if kind == "CONSTRAINT" else "DROP TRIGGER"
        owner.execute(f'{verb} "{name}"{"" if kind == "CONSTRAINT" else f" ON {table}"}'.encode())
    for tenant in (A, B):
        owner.execute("INSERT INTO tenants (id, name) VALUES (%s, %s)", [tenant, str(tenant)])
        for table in tenant_tables(owner):
            owner.execute(insert_into(owner, table).replace("{tenant}", f"'{tenant}'").encode())
    owner.commit()


def insert_into(connection: Connection, table: str) -> str:
    """``INSERT`` of a whole new row, with ``{tenant}`` for whose it is."""
    columns = connection.execute(_COLUMNS, [table]).fetchall()
    names = ["tenant_id", *(name for name, _ in columns)]
    values = ["{tenant}", *(_VALUES.get((table, name), _BY_TYPE[kind]) for name, kind in columns)]
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join(values)})'


def run_matrix(dsn: str, tables: Sequence[str]) -> list[str]:
    """Every cell that is not as it must be, as the role of ``dsn``."""
    found = []
    with psycopg.connect(dsn) as connection:
        inserts = {table: insert_into(connection, table) for table in tables}
        connection.rollback()
        for name, set_tenant, tenant in _tenants():
            for table in tables:
                for command in COMMANDS:
                    problem = _try(command, Cell(connection, table, inserts[table], tenant), set_tenant)
                    if problem:
                        found.append(f"{table}, tenant {name}, {command.__name__.strip('_')}: {problem}")
    with psycopg.connect(dsn) as fresh:
        found += [
            f"{t}, fresh connection: rows" for t in tables if fresh.execute(f'SELECT 1 FROM "{t}"'.encode()).fetchall()
        ]
        fresh.rollback()
        found += _garbage(fresh, tables)
    return found


def _tenants() -> Iterator[tuple[str, Callable[[Connection], None], UUID | None]]:
    def to(value: object) -> Callable[[Connection], None]:
        def set_it(connection: Connection) -> None:
            connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(value)])

        return set_it

    def left_over(connection: Connection) -> None:
        """Set by the transaction before, on the same connection: PostgreSQL then says '' and not NULL."""
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(A)])
        connection.commit()

    yield "A", to(A), A
    yield "left over by A", left_over, None
    yield "B", to(B), B
    yield "nobody's", to(NOBODY), None
    yield "''", to(""), None


def _try(command: Command, cell: Cell, set_tenant: Callable[[Connection], None]) -> str:
    set_tenant(cell.connection)
    try:
        problem = command(cell)
    except psycopg.errors.InsufficientPrivilege as error:
        return "" if _is_without_right(command, cell) else f"refused: {error}"
    except psycopg.Error as error:
        return f"{type(error).__name__}: {error}"
    else:
        catches = command in _CATCHING or (command is _insert and cell.tenant is None)
        may_not = _is_without_right(command, cell) and not catches
        return problem or ("was allowed" if may_not else "")
    finally:
        cell.connection.rollback()


def _is_without_right(command: Command, cell: Cell) -> bool:
    if command in _ALWAYS_REFUSED:
        return True
    if command in _INSERTS:
        return cell.table in WITHOUT_INSERT
    return command in _CHANGES and cell.table in APPEND_ONLY


def _garbage(connection: Connection, tables: Sequence[str]) -> list[str]:
    """A tenant that is no id: an error denies as well as no rows do."""
    found = []
    for table in tables:
        connection.execute("SELECT set_config('app.tenant_id', %s, true)", [GARBAGE])
        try:
            if connection.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table))).fetchall():
                found.append(f"{table}: rows for a tenant that is no id")
        except psycopg.DataError:
            pass
        connection.rollback()
    return found


# -------------------------------------------------------------------------------- commands; "" is as it must be


def _differs(got: object, expected: object) -> str:
    return "" if got == expected else f"{got} instead of {expected}"


def _select(cell: Cell) -> str:
    return _differs([r[0] for r in cell.rows('SELECT tenant_id FROM "{t}"')], [cell.tenant] * cell.sees)


def _select_the_other(cell: Cell) -> str:
    return _differs(cell.rows(f"""SELECT 1 FROM "{{t}}" WHERE tenant_id = '{cell.other}'"""), [])


def _count(cell: Cell) -> str:
    return _differs(cell.rows('SELECT count(*) FROM "{t}"'), [(cell.sees,)])


def _cte(cell: Cell) -> str:
    return _differs(len(cell.rows('WITH all_of_it AS (SELECT * FROM "{t}") SELECT * FROM all_of_it')), cell.sees)


def _or_true(cell: Cell) -> str:
    return _differs(len(cell.rows("""SELECT 1 FROM "{t}" WHERE tenant_id::text LIKE '%' OR true""")), cell.sees)


def _copy_to(cell: Cell) -> str:
    with cell.connection.cursor() as cursor, cursor.copy(f'COPY "{cell.table}" TO STDOUT'.encode()) as copy:
        return _differs(len(list(copy.rows())), cell.sees)


def _explain_analyze(cell: Cell) -> str:
    [[plan]] = cell.rows('EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM "{t}"')
    return _differs(plan[0]["Plan"]["Actual Rows"], cell.sees)


def _select_for_update(cell: Cell) -> str:
    return _differs(len(cell.rows('SELECT 1 FROM "{t}" FOR UPDATE')), cell.sees)


def _update(cell: Cell) -> str:
    return _differs(cell.changed('UPDATE "{t}" SET tenant_id = tenant_id'), cell.sees)


def _update_the_other(cell: Cell) -> str:
    statement = f"""UPDATE "{{t}}" SET tenant_id = tenant_id WHERE tenant_id = '{cell.other}' RETURNING 1"""
    return _differs(cell.rows(statement), [])


def _delete(cell: Cell) -> str:
    return _differs(cell.changed('DELETE FROM "{t}"'), cell.sees)


def _delete_the_other(cell: Cell) -> str:
    return _differs(cell.changed(f"""DELETE FROM "{{t}}" WHERE tenant_id = '{cell.other}'"""), 0)


def _delete_in_a_cte(cell: Cell) -> str:
    return _differs(len(cell.rows('WITH gone AS (DELETE FROM "{t}" RETURNING *) SELECT * FROM gone')), cell.sees)


def _merge(cell: Cell) -> str:
    statement = 'MERGE INTO "{t}" t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET tenant_id = t.tenant_id'
    return _differs(cell.changed(statement), cell.sees)


def _insert(cell: Cell) -> str:
    if cell.tenant is None:
        return _refused_by_the_wall(cell, cell.insert.replace("{tenant}", f"'{A}'"))
    if cell.table in _ONE_ROW_EACH:
        cell.changed('DELETE FROM "{t}"')
    return _differs(cell.changed(cell.insert.replace("{tenant}", f"'{cell.tenant}'")), 1)


def _insert_for_the_other(cell: Cell) -> str:
    return _refused_by_the_wall(cell, cell.insert.replace("{tenant}", f"'{cell.other}'"))


def _insert_over_the_other(cell: Cell) -> str:
    statement = cell.insert.replace("{tenant}", f"'{cell.other}'") + " ON CONFLICT DO NOTHING"
    return _refused_by_the_wall(cell, statement)


def _upsert_over_the_other(cell: Cell) -> str:
    [[keys]] = cell.rows(
        """SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_index x
           JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
           WHERE x.indrelid = '{t}'::regclass AND x.indisprimary"""
    )
    if keys is None:
        return ""
    statement = cell.insert.replace("{tenant}", f"'{cell.other}'")
    update = f" ON CONFLICT ({keys}) DO UPDATE SET tenant_id = '{cell.tenant or A}'"
    return _refused_by_the_wall(cell, statement + update)


def _move_to_the_other(cell: Cell) -> str:
    statement = f"""UPDATE "{{t}}" SET tenant_id = '{cell.other}'"""
    return _refused_by_the_wall(cell, statement) if cell.sees else _differs(cell.changed(statement), 0)


def _copy_from(cell: Cell) -> str:
    try:
        with cell.connection.cursor() as cursor, cursor.copy(f'COPY "{cell.table}" FROM STDIN'.encode()):
            return "was allowed"
    except psycopg.errors.FeatureNotSupported:  # where there is row security, PostgreSQL has no COPY FROM at all
        return ""


def _truncate(cell: Cell) -> str:
    cell.rows('TRUNCATE "{t}" CASCADE')
    return "was allowed"


def _disable_the_wall(cell: Cell) -> str:
    cell.rows('ALTER TABLE "{t}" DISABLE ROW LEVEL SECURITY')
    return "was allowed"


def _drop_the_policy(cell: Cell) -> str:
    cell.rows('DROP POLICY tenant ON "{t}"')
    return "was allowed"


def _without_row_security(cell: Cell) -> str:
    """``SET row_security = off`` asks for an error instead of a filtered answer; it must not ask the filter away."""
    cell.rows("SET LOCAL row_security = off")
    cell.rows('SELECT 1 FROM "{t}"')
    return "was allowed"


def _refused_by_the_wall(cell: Cell, statement: str) -> str:
    try:
        cell.changed(statement)
    except psycopg.errors.InsufficientPrivilege:
        return ""
    return "was allowed"


_ONE_ROW_EACH: Final = {"import_rate_buckets", "import_store"}
_READS: Final = (_select, _select_the_other, _count, _cte, _or_true, _copy_to, _explain_analyze)
_CHANGES: Final = (
    _select_for_update, _update, _update_the_other, _delete, _delete_the_other, _delete_in_a_cte, _merge,
    _move_to_the_other,
)  # fmt: skip
_INSERTS: Final = (_insert, _insert_for_the_other, _insert_over_the_other, _upsert_over_the_other)
_ALWAYS_REFUSED: Final = (_copy_from, _truncate, _disable_the_wall, _drop_the_policy, _without_row_security)
_CATCHING: Final = (
    _insert_for_the_other, _insert_over_the_other, _upsert_over_the_other, _move_to_the_other, _copy_from,
)  # fmt: skip
"""These take a refusal for the answer that it is."""
COMMANDS: Final = (*_READS, *_CHANGES, *_INSERTS, *_ALWAYS_REFUSED)
