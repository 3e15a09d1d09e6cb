"""The site on which faults are done: cluster, broker, the wires to them, the worker tree and the API."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from celery import Celery
from psycopg.rows import dict_row

from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.application.doorbells import CeleryDoorbell
from app.modules.imports.application.tests.wire import Wire
from app.settings import Settings
from chaos.fault import BACKOFF, DEAF, LEASE, SWEEP
from chaos.servers import IMMEDIATE, Broker, Cluster
from chaos.tree import Api, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.modules.imports.usecases.house import House

_DATABASE: Final = "chaos"
_CONCURRENCY: Final = 2


class Site:
    """``house`` is that of a client: it ingests and rings, and answers nothing itself."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
        self.cluster = stack.enter_context(Cluster(directory / "postgres"))
        self.cluster.new_database(_DATABASE)
        self.broker = stack.enter_context(Broker(directory / "broker"))
        self.broker_wire = stack.enter_context(Wire(self.broker.port))
        self.database_wire = stack.enter_context(Wire(self.cluster.socket_path))
        self.files = directory / "data" / "files"
        self.environment = self._environment()
        self.celery = Celery("client", broker=self.environment["REDIS_URL"])
        config = Settings(DB_DSN=self.environment["DB_DSN"], IMPORTS_DATA_DIR=directory / "data")
        quiet = stack.enter_context(open_house(config, with_runner=False))
        self.house: House = replace(quiet, doorbell=CeleryDoorbell(self.celery))
        self.rate: float | None = None
        """Of an undisturbed site, once it was measured."""
        self._programs = 0
        self._tree: Tree | None = None
        self._tree_of: tuple[object, ...] = ()
        stack.callback(self.end_tree)

    def _environment(self) -> dict[str, str]:
        return {
            "DB_DSN": self.cluster.dsn(_DATABASE, "imports_app"),
            "REDIS_URL": self.broker.url(self.broker_wire.port),
            "IMPORTS_RUNNER_MODE": "celery",
            "IMPORTS_DATA_DIR": str(self.directory / "data"),
            "IMPORTS_LEASE_SECONDS": str(LEASE),
            "IMPORTS_SWEEP_SECONDS": str(SWEEP),
            "IMPORTS_BACKOFF_SECONDS": str(BACKOFF),
            "IMPORTS_DEAF_SECONDS": str(DEAF),
        }

    # ------------------------------------------------------------------------------------------------- processes

    def tree(self, environment: Mapping[str, str] | None = None, *, concurrency: int | None = _CONCURRENCY) -> Tree:
        """The workers with this addition to their environment: those that run, or new ones in their place."""
        wanted = (tuple(sorted((environment or {}).items())), concurrency)
        if self._tree is None or not self._tree.is_running() or self._tree_of != wanted:
            self.end_tree()
            self._tree, self._tree_of = self.new_tree(environment or {}, concurrency=concurrency), wanted
            self._tree.start()
            self._tree.await_workers(self.celery)
        return self._tree

    def new_tree(
        self, environment: Mapping[str, str], *, concurrency: int | None = _CONCURRENCY, queues: Sequence[str] = ()
    ) -> Tree:
        """Workers of their own, not started; who starts them ends them."""
        self._programs += 1
        place = self.directory / f"tree-{self._programs}"
        return Tree({**self.environment, **environment}, place, concurrency=concurrency, queues=queues)

    def end_tree(self) -> None:
        tree, self._tree = self._tree, None
        if tree is not None and tree.is_running():
            tree.stop()

    def forget_tree(self) -> None:
        """After it was killed, or left in a state that nobody should inherit."""
        tree, self._tree = self._tree, None
        if tree is not None:
            tree.kill()

    @contextmanager
    def api(self, environment: Mapping[str, str] | None = None) -> Iterator[Api]:
        self._programs += 1
        log = self.directory / f"api-{self._programs}.log"
        api = Api({**self.environment, **(environment or {})}, log)
        api.start()
        try:
            api.await_ready()
            yield api
        finally:
            if api.is_running():
                api.kill()

    @property
    def wired_dsn(self) -> str:
        """The database by way of its wire."""
        return f"postgresql://imports_app@127.0.0.1:{self.database_wire.port}/{_DATABASE}"

    # -------------------------------------------------------------------------------------------------- database

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """As superuser, which sees every tenant; each statement commits."""
        dsn = self.cluster.dsn(_DATABASE, "postgres")
        with psycopg.connect(dsn, autocommit=True, row_factory=dict_row, connect_timeout=5) as connection:
            yield connection

    def ask(self, statement: str, *parameters: object) -> Sequence[Mapping[str, Any]]:
        """Rows of all tenants; waits for a database that is away."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self.admin() as connection:
                    cursor = connection.execute(statement.encode(), parameters or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def heal(self) -> None:
        """All servers up, the wires whole and the database new, whatever a fault that failed left behind."""
        self.forget_tree()
        if not self.cluster.answers():
            self.cluster.stop(IMMEDIATE)
            self.cluster.start()
        self.broker.kill()
        self.broker.start()
        for wire in (self.broker_wire, self.database_wire):
            wire.delay, wire.silent, wire.change = 0.0, False, None
            wire.open()
        self.cluster.new_database(_DATABASE)
        for tenant in self.files.glob("[!.]*"):
            shutil.rmtree(tenant)
        self.rate = None


@contextmanager
def open_site() -> Iterator[Site]:
    """In a temporary folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="gq-chaos-", ignore_cleanup_errors=True) as name, ExitStack() as stack:
        directory = Path(name)
        directory.chmod(0o755)
        yield Site(directory, stack)
