"""What is imported in one measurement: rows as a request brings them, or files as people upload them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.usecases.batches import NewBatch, create_batch
from app.modules.imports.usecases.ingest import Upload, ingest_files, store_uploads
from app.settings import Settings
from bench.figures import Clock, Spent
from bench.ground import add_rows, add_tenant, await_rest, refuse_unpublished
from bench.material import invoice_rows, write_csv, write_facturae, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House
    from bench.ground import Plot

_LARGEST_UPLOAD: Final = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``files`` writes them into a folder; without it the rows go in as one request."""

    name: str
    unit: str
    count: int
    files: Callable[[Path, int], Sequence[Path]] | None = None
    containers: int = 0
    """Items that are there besides those counted: the file that is split."""


def rows(count: int) -> Load:
    return Load(name="rows to published invoices", unit="items", count=count)


def csv_file(count: int) -> Load:
    return Load(name="CSV file to published invoices", unit="items", count=count, files=_csv, containers=1)


def xlsx_file(count: int) -> Load:
    return Load(name="XLSX file to published invoices", unit="items", count=count, files=_xlsx, containers=1)


def facturae_files(count: int) -> Load:
    return Load(name="Facturae files to published invoices", unit="documents", count=count, files=write_facturae)


def opened(plot: Plot, *, with_runner: bool) -> AbstractContextManager[House]:
    config = Settings(
        IMPORTS_ENABLED=True,
        DB_DSN=plot.app_dsn,
        IMPORTS_DATA_DIR=plot.directory / "data",
        IMPORTS_MAX_FILE_BYTES=_LARGEST_UPLOAD,
    )
    return open_house(config, with_runner=with_runner)


def import_load(house: House, plot: Plot, load: Load, root: int, ring: Callable[[House, UUID], None]) -> Spent:
    """From the first byte accepted until the last item is published. ``root`` is the process whose tree is counted."""
    given = None if load.files is None else load.files(plot.directory / "given", load.count)
    typed = invoice_rows(load.count) if given is None else []
    tenant = add_tenant(house.database)
    clock = Clock(root)
    batch = add_rows(house.database, tenant, typed) if given is None else _add_files(house, tenant, given)
    ring(house, tenant)
    await_rest(house.database, tenant)
    spent = clock.read()
    refuse_unpublished(house.database, tenant, batch, load.count + load.containers)
    return spent


def _add_files(house: House, tenant: UUID, paths: Sequence[Path]) -> UUID:
    stored = []
    for path in paths:
        with path.open("rb") as content:
            stored += store_uploads(house, tenant, [Upload(name=path.name, content=content)])
    with house.database.tenant_session(tenant) as session:
        batch = create_batch(session, NewBatch(name="bench"))
        ingest_files(session, batch.id, stored)
    return batch.id


def _csv(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    return [write_csv(folder / "invoices.csv", count)]


def _xlsx(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    return [write_xlsx(folder / "invoices.xlsx", count)]
