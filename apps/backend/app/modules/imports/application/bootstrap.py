"""The only wiring: settings in, a working house out."""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from app.crashpoints import arm
from app.database import Database, migrate
from app.modules.imports import plugins
from app.modules.imports.adapters.audit_anchors import AnchorFile
from app.modules.imports.adapters.clamav import ClamdScanner
from app.modules.imports.adapters.files import LocalFileStore
from app.modules.imports.adapters.page_pictures import SandboxedPagePictures
from app.modules.imports.adapters.postgres.item_store import PostgresItemStore
from app.modules.imports.adapters.postgres.registry import PostgresRegistry
from app.modules.imports.adapters.reading import SandboxedReading
from app.modules.imports.adapters.sandbox.confinement import EVERY_WALL, MissingWalls
from app.modules.imports.adapters.sandbox.owners import tenants_below
from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.adapters.scanning import DaemonScanner, EveryScanner, SandboxedScanner
from app.modules.imports.application.caretaker import Caretaker
from app.modules.imports.application.doorbells import CeleryDoorbell, InlineDoorbell
from app.modules.imports.application.inline_runner import InlineRunner
from app.modules.imports.application.observing import observer
from app.modules.imports.domain.pipeline import FIRST, StageName
from app.modules.imports.ports import Ring
from app.modules.imports.stages.classify import classify
from app.modules.imports.stages.extract import extract
from app.modules.imports.stages.ocr import read_pages
from app.modules.imports.stages.preprocess import preprocess
from app.modules.imports.stages.publish import publish
from app.modules.imports.stages.tools import TenantSettings, Tools
from app.modules.imports.stages.validate import validate
from app.modules.imports.usecases.advance_slice import Runtime
from app.modules.imports.usecases.house import Care, House, Limits
from app.modules.imports.usecases.quotas import Quotas
from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.modules.imports.ports import Doorbell, FileStore, Scanner, Slice
    from app.modules.imports.stages.tools import PartSink, Reading
    from app.settings import Settings

_STAGES = {
    StageName.PREPROCESS: preprocess,
    StageName.OCR: read_pages,
    StageName.CLASSIFY: classify,
    StageName.EXTRACT: extract,
    StageName.VALIDATE: validate,
}
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_SWITCH_SECONDS = 0.001
_TENANT = "SELECT settings FROM tenants WHERE id = (SELECT app_tenant())"


@contextmanager
def open_house(config: Settings, *, with_runner: bool) -> Iterator[House]:
    """Everything a process needs, closed again in reverse order. ``with_runner`` answers rings in this process when the
    mode is inline. Raises ``UnsafeDatabase`` where tenants would not be kept apart.
    """
    with ExitStack() as stack:
        _arm_crashpoint(config)
        load_plugins()
        # A slice of rows is a hundred thousand objects without a cycle among them: at the default of 700, looking for
        # cycles takes a third of the time that Python spends on rows.
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        # One thread reads rows while another waits for the database between short statements: at the default of 5 ms it
        # would mostly wait for the interpreter.
        sys.setswitchinterval(_SWITCH_SECONDS)
        config = embedded_database(config, stack)
        database = Database(config.db_dsn or "", pool_size=config.pool_size)
        stack.callback(database.close)
        database.refuse_if_unsafe()
        doorbell = _doorbell(config)
        _hung.append(doorbell)
        stack.callback(_hung.remove, doorbell)
        stopping = threading.Event()
        house = _house(config, database, doorbell, stack, stopping)
        if with_runner and isinstance(doorbell, InlineDoorbell):
            _run_inline(config, house, doorbell, stack, stopping)
        yield house


def embedded_database(config: Settings, stack: ExitStack) -> Settings:
    """The settings with a database in them: the configured one, or the embedded one, started and migrated."""
    if config.db_dsn:
        return config
    from app.embedded import EmbeddedPostgres  # noqa: PLC0415  (a configured database needs no wheel)

    server = stack.enter_context(EmbeddedPostgres(config.data_dir / "postgres"))
    migrate(server.superuser_dsn())
    return config.model_copy(update={"db_dsn": server.dsn("postgres", "imports_app")})


def enqueue_item(*, item_id: UUID, tenant_id: UUID, batch_id: UUID) -> str:
    """Ring for the first stage; whoever answers finds the item by its row. The id returned is for logs.

    In Celery mode the ring goes to the broker, from any process. In inline mode it goes to the house that is open in
    this process; from another process it goes nowhere, and the sweeper of the one that works finds the row.
    """
    hint = f"{batch_id}/{item_id}/{uuid4()}"
    if _hung:
        _hung[-1].ring(Ring(FIRST.name, tenant_id))
    elif settings().runner_mode == "celery":
        _celery_doorbell().ring(Ring(FIRST.name, tenant_id))
    return hint


_hung: list[Doorbell] = []
"""The doorbells of the houses open in this process."""


@cache
def _celery_doorbell() -> CeleryDoorbell:
    from app.modules.imports.application.celery_app import app  # noqa: PLC0415  (inline mode needs no broker library)

    return CeleryDoorbell(app)


def _doorbell(config: Settings) -> InlineDoorbell | CeleryDoorbell:
    return _celery_doorbell() if config.runner_mode == "celery" else InlineDoorbell()


def _arm_crashpoint(config: Settings) -> None:
    if config.crash_at and config.crash_dir and config.environment != "production":
        arm(config.crash_at, config.crash_dir, config.crash_action)


def load_plugins() -> None:
    """Every plug-in, or the error of the one that does not load."""
    plugins.readers()
    plugins.countries()
    plugins.destinations()


def _house(
    config: Settings, database: Database, doorbell: Doorbell, stack: ExitStack, stopping: threading.Event
) -> House:
    files = LocalFileStore(config.files_dir)
    sandbox = _sandbox(config, stack, config.sandbox_children)
    if config.sandbox_strict:
        _refuse_missing_walls(sandbox)
    reading = SandboxedReading(sandbox, files, config.data_dir / "derived")
    store = PostgresItemStore(database, lease_seconds=config.lease_seconds, backoff_seconds=config.backoff_seconds)
    runtime = Runtime(
        store=store,
        doorbell=doorbell,
        stages=_STAGES,
        publish=publish,
        equip=_equipment(database, files, _scanner(config, sandbox), reading),
        observe=observer(with_tenants=config.metrics_tenants),
        stopping=stopping.is_set,
        heartbeat_seconds=config.lease_seconds / 3,
        others_help=config.runner_mode == "celery",
    )
    return House(
        database=database,
        store=store,
        files=files,
        doorbell=doorbell,
        reading=reading,
        page_pictures=_page_pictures(config, files, stack),
        runtime=runtime,
        parser_walls=sandbox.walls,
        limits=Limits(
            max_file_bytes=config.max_file_bytes,
            max_files=config.max_files_per_request,
            max_rows=config.max_rows_per_request,
            requests_per_minute=config.requests_per_minute,
            quotas=Quotas(**{name: getattr(config, name) for name in Quotas.__slots__}),
        ),
        anchors=AnchorFile(config.anchors),
        care=Care(dead_letter_days=config.dead_letter_days, file_grace=timedelta(hours=config.file_grace_hours)),
    )


def _page_pictures(config: Settings, files: FileStore, stack: ExitStack) -> SandboxedPagePictures:
    """A child of its own, which starts when a page is first asked for: whoever looks at a page does not queue behind
    the pages being read.
    """
    return SandboxedPagePictures(_sandbox(config, stack, 1), files, config.data_dir / "derived")


def _sandbox(config: Settings, stack: ExitStack, children: int) -> Sandbox:
    sandbox = Sandbox(
        children=children,
        memory_bytes=config.sandbox_memory_bytes,
        rooms=config.data_dir / "rooms",
        owner_of=tenants_below(config.files_dir, config.data_dir / "derived"),
    )
    stack.callback(sandbox.close)
    return sandbox


def _refuse_missing_walls(sandbox: Sandbox) -> None:
    if missing := set(EVERY_WALL) - set(sandbox.walls()):
        detail = f"IMPORTS_SANDBOX_STRICT is set, and this host cannot build: {', '.join(sorted(missing))}"
        raise MissingWalls(detail)


def _run_inline(
    config: Settings, house: House, doorbell: InlineDoorbell, stack: ExitStack, stopping: threading.Event
) -> None:
    # One more than there are children to wait for, so that rows go on while files are read.
    threads, sweep = config.sandbox_children + 1, config.sweep_seconds
    runner = InlineRunner(house.runtime, doorbell, threads=threads, sweep_seconds=sweep, stopping=stopping)
    runner.start()
    stack.callback(runner.stop)
    caretaker = Caretaker(house, every_seconds=config.care_minutes * 60.0)
    caretaker.start()
    stack.callback(caretaker.stop)


def _scanner(config: Settings, sandbox: Sandbox) -> Scanner:
    own = SandboxedScanner(sandbox)
    if config.clamd_address:
        return EveryScanner((DaemonScanner(ClamdScanner(config.clamd_address)), own))
    return own


def _equipment(
    database: Database, files: FileStore, scanner: Scanner, reading: Reading
) -> Callable[[Slice, PartSink], Tools]:
    def equip(slice_: Slice, parts: PartSink) -> Tools:
        with database.tenant_session(slice_.tenant_id) as session:
            rows = session.execute(_TENANT)
        return Tools(
            tenant_id=slice_.tenant_id,
            tenant=TenantSettings.from_json(rows[0]["settings"] if rows else {}),
            today=datetime.now(UTC).date(),
            files=files,
            scanner=scanner,
            reading=reading,
            registry=PostgresRegistry(database, slice_.tenant_id),
            parts=parts,
        )

    return equip
