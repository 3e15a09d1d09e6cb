"""The door to the database: every session has a tenant, every process proves at start that the wall stands."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

_ALEMBIC_INI = Path(__file__).parents[1] / "alembic.ini"
_VERSIONS = _ALEMBIC_INI.parent / "migrations" / "versions"
# Whoever stops in the middle of a transaction holds its locks no longer than a lease lasts.
_SESSION_GUARDS = (
    "-c idle_in_transaction_session_timeout=15s -c lock_timeout=10s -c statement_timeout=60s -c timezone=UTC"
)


class UnsafeDatabase(RuntimeError):
    """The process must not start on this connection; the message says why and what to do."""


class Session:
    """One transaction of one tenant (or of none, which sees no rows)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: Mapping[str, object] | None = None) -> Sequence[Mapping[str, Any]]:
        """One statement with ``%(name)s`` parameters; its rows as mappings, an empty list when it gives none."""
        result = self._connection.exec_driver_sql(statement, dict(parameters) if parameters is not None else None)
        if result.cursor is None or not result.returns_rows:
            return []
        # Straight from the driver: SQLAlchemy's rows cost more than the query where rows come by the hundred.
        names = tuple(result.keys())
        rows = [dict(zip(names, row, strict=True)) for row in result.cursor.fetchall()]
        result.close()
        return rows

    def count(self, statement: str, parameters: Mapping[str, object]) -> int:
        """Number of rows the statement changed."""
        return self._connection.exec_driver_sql(statement, dict(parameters)).rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undoes only what was done inside when an exception leaves it."""
        with self._connection.begin_nested():
            yield


class Database:
    """A pool of connections as the app's own role. Thread-safe."""

    def __init__(self, dsn: str, *, pool_size: int = 8) -> None:
        self._engine = _engine(dsn, pool_size)

    @contextmanager
    def tenant_session(self, tenant_id: UUID) -> Iterator[Session]:
        """One transaction that sees and writes this tenant's rows only; commits when the block ends well."""
        with self._engine.begin() as connection:
            connection.exec_driver_sql("SELECT set_config('app.tenant_id', %s, true)", (str(tenant_id),))
            yield Session(connection)

    @contextmanager
    def door_session(self) -> Iterator[Session]:
        """One transaction without a tenant: it sees no rows and may only call the functions made for it."""
        with self._engine.begin() as connection:
            yield Session(connection)

    def refuse_if_unsafe(self) -> None:
        """Raises ``UnsafeDatabase`` for a role that row-level security does not bind, or a schema without it."""
        with self.door_session() as session:
            _refuse_strong_role(session)
            _refuse_missing_schema(session)

    def close(self) -> None:
        self._engine.dispose()


def _engine(dsn: str, pool_size: int) -> Engine:
    url = make_url(dsn)
    if url.get_backend_name() not in ("postgresql", "postgres"):
        msg = f"DB_DSN must be a postgresql:// address, not {url.get_backend_name()}://"
        raise UnsafeDatabase(msg)
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={"options": _SESSION_GUARDS, "connect_timeout": 5, "application_name": "gestiq-imports"},
    )


def _refuse_strong_role(session: Session) -> None:
    [role] = session.execute("""
        SELECT current_user AS name, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
               EXISTS (SELECT 1 FROM pg_roles s WHERE (s.rolsuper OR s.rolbypassrls) AND s.rolname <> current_user
                       AND pg_has_role(current_user, s.oid, 'MEMBER')) AS strong_member,
               EXISTS (SELECT 1 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                       AND a.attname = 'tenant_id' AND NOT a.attisdropped
                       AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owner,
               EXISTS (SELECT 1 FROM pg_roles d WHERE d.rolname = 'imports_doors'
                       AND pg_has_role(current_user, d.oid, 'MEMBER')) AS doors
        FROM pg_roles r WHERE r.rolname = current_user""")
    reasons = {
        "rolsuper": "is a superuser",
        "rolbypassrls": "may bypass row-level security",
        "strong_member": "is a member of a role that bypasses row-level security",
        "owner": "owns the tables, or may become who owns them",
        "doors": "is a member of imports_doors, whom no tenant's wall stops",
        "rolcreaterole": "may create roles, and so make itself a member of others",
    }
    for column, reason in reasons.items():
        if role[column]:
            msg = (
                f"the database role {role['name']!r} {reason}, so tenants would not be kept apart. "
                "Use the role imports_app in DB_DSN and the strong one in DB_ADMIN_DSN for `gestiq-imports migrate`."
            )
            raise UnsafeDatabase(msg)


def _refuse_missing_schema(session: Session) -> None:
    rows = session.execute("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS walled FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' AND NOT a.attisdropped""")
    if not rows:
        msg = "the database has no imports tables yet; run `gestiq-imports migrate` with DB_ADMIN_DSN set"
        raise UnsafeDatabase(msg)
    open_tables = sorted(row["relname"] for row in rows if not row["walled"])
    if open_tables:
        msg = f"row-level security is not forced on {', '.join(open_tables)}; run `gestiq-imports migrate`"
        raise UnsafeDatabase(msg)


def migrate(admin_dsn: str, app_dsn: str | None = None) -> None:
    """Bring the schema up to date as administrator; the app's role gets the password of ``app_dsn``, if any.

    Raises ``UnsafeDatabase`` when both are one role, which would become a member of all that the migration makes.
    """
    app_url = make_url(app_dsn) if app_dsn else None
    if app_url is not None and app_url.username == make_url(admin_dsn).username:
        msg = f"DB_DSN and DB_ADMIN_DSN name the same role {app_url.username!r}: use imports_app in DB_DSN"
        raise UnsafeDatabase(msg)
    engine = create_engine(make_url(admin_dsn).set(drivername="postgresql+psycopg"), pool_size=1)
    try:
        with engine.begin() as connection:
            # Two processes that start at once migrate one after the other.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7046029)")
            if app_url is None and _is_current(connection):
                return
            _ensure_roles(connection, app_url.username if app_url else None, app_url.password if app_url else None)
            connection.exec_driver_sql("SET ROLE imports_owner")
            _upgrade(connection)
            connection.exec_driver_sql("RESET ROLE")
    finally:
        engine.dispose()


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration has run; the embedded database asks at every start."""
    newest = max(path.stem.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))
    if connection.exec_driver_sql("SELECT to_regclass('public.alembic_version')").scalar() is None:
        return False
    return bool(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == newest)


def _upgrade(connection: Connection) -> None:
    import alembic.command  # noqa: PLC0415  (dear to import, and mostly there is nothing to upgrade)
    import alembic.config  # noqa: PLC0415

    config = alembic.config.Config(str(_ALEMBIC_INI))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")


def _ensure_roles(connection: Connection, login: str | None, password: object) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    for role, options in (("imports_owner", "NOLOGIN"), ("imports_doors", "NOLOGIN"), ("imports_app", "LOGIN")):
        found = driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if not found:
            driver.execute(sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(role)))
    for role in ("imports_owner", "imports_doors"):
        driver.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    driver.execute("GRANT imports_doors TO imports_owner")
    database = sql.Identifier(driver.info.dbname)
    driver.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO imports_owner").format(database))
    driver.execute("GRANT CREATE, USAGE ON SCHEMA public TO imports_owner WITH GRANT OPTION")
    _ensure_login(driver, login or "imports_app", password)


def _ensure_login(driver: psycopg.Connection[Any], login: str, password: object) -> None:
    if login != "imports_app":
        if not driver.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (login,)).fetchone():
            driver.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login)))
        driver.execute(sql.SQL("GRANT imports_app TO {}").format(sql.Identifier(login)))
    if password:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        driver.execute(statement.format(sql.Identifier(login), sql.Literal(str(password))))


def is_reachable(database: Database) -> bool:
    """Whether a statement can be run right now."""
    try:
        with database.door_session() as session:
            session.execute("SELECT 1")
    except OperationalError:
        return False
    return True
