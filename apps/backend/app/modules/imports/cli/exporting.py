"""The command that writes a batch to a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from app.modules.imports.cli.opening import Tenant, fail, opened_house, tenant_of, uuid_of
from app.modules.imports.usecases.export_files import Delimiter, chunks_of, csv_chunks, workbook_file
from app.modules.imports.usecases.export_lines import export_lines
from app.modules.imports.usecases.keys import DEMO_TENANT

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer()

_USAGE = 2


@app.command("export")
def export_batch(
    batch: Annotated[str, typer.Argument(help="Id of the batch.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write: .csv or .xlsx.")],
    tenant: Tenant = DEMO_TENANT,
    delimiter: Annotated[Delimiter, typer.Option(help="Of CSV; with semicolons decimals have a comma.")] = "comma",
) -> None:
    """Write a batch as a table: one line for each item, what was read of it and where it went."""
    kind = out.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        typer.echo("--out needs a name that ends in .csv or .xlsx", err=True)
        raise typer.Exit(_USAGE)
    with opened_house() as house:
        lots = export_lines(house.database, tenant_of(house, tenant), uuid_of(batch))
        _write_whole(out, csv_chunks(lots, delimiter) if kind == ".csv" else chunks_of(workbook_file(lots)))
    typer.echo(str(out))


def _write_whole(out: Path, chunks: Iterator[bytes]) -> None:
    """Under another name until it is complete."""
    unfinished = out.with_name(f".{out.name}.{uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            file.writelines(chunks)
        unfinished.replace(out)
    except OSError as error:
        fail(f"{out}: {error.strerror}")
    finally:
        unfinished.unlink(missing_ok=True)
