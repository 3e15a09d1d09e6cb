"""``gestiq-imports``: the same use cases from a terminal."""

from __future__ import annotations

import json
import os
import sys
from contextlib import nullcontext
from datetime import datetime  # noqa: TC003  (typer reads the annotations)
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.database import migrate
from app.modules.imports.cli import caretaking, exporting
from app.modules.imports.cli import doctor as doctor_checks
from app.modules.imports.cli.backfill import in_batches, not_imported
from app.modules.imports.cli.explaining import explaining
from app.modules.imports.cli.extracting import as_line, extract_files, walk
from app.modules.imports.cli.giving_mapping import give_stored_or_new
from app.modules.imports.cli.importing import import_files, readable, results, watch
from app.modules.imports.cli.opening import FAILED as _FAILED
from app.modules.imports.cli.opening import Tenant
from app.modules.imports.cli.opening import fail as _fail
from app.modules.imports.cli.opening import opened_house as _house
from app.modules.imports.cli.opening import tenant_of as _tenant
from app.modules.imports.cli.opening import uuid_of as _uuid
from app.modules.imports.cli.opening import wide_console as _console
from app.modules.imports.cli.replaying import apply_replayed, replayed_lines
from app.modules.imports.cli.smoke import SMOKE_TENANT, send_rows, wait_for
from app.modules.imports.cli.verifying import verify
from app.modules.imports.domain.errors import ImportsError, RefusedUpload
from app.modules.imports.domain.messages import message
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.batches import batch_status, list_batches
from app.modules.imports.usecases.discard import discard_items
from app.modules.imports.usecases.keys import DEMO_TENANT, create_key, list_keys, revoke_key
from app.modules.imports.usecases.retry_batch import retry_batch
from app.modules.imports.usecases.tenant_settings import STRICTNESS, change_settings
from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from rich.console import Console

    from app.modules.imports.usecases.house import House

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Batches of documents in, accounting records out.")
keys_app = typer.Typer(no_args_is_help=True, help="API keys of a tenant.")
app.add_typer(keys_app, name="keys")

Language = Annotated[str, typer.Option("--lang", help="Language of messages: es or en.")]
Paths = Annotated[list[Path], typer.Argument(help="Files, and folders to walk.")]

_USAGE = 2


@app.command()
def run(
    paths: Paths,
    tenant: Tenant = DEMO_TENANT,
    lang: Language = "en",
    *,
    key: Annotated[bool, typer.Option("--key", help="Also make a key for the review console.")] = False,
) -> None:
    """Import files in this process and show what came of each."""
    console = _console()
    with _house(inline=True) as house:
        tenant_id = _tenant(house, tenant, create=True)
        batch_id = _import(house, tenant_id, list(walk(paths)), console)
        watch(house, tenant_id, batch_id, console)
        console.print(results(house, tenant_id, batch_id, lang))
        _say_how_to_go_on(house, tenant_id, batch_id, console)
        if key:
            with house.database.tenant_session(tenant_id) as session:
                made = create_key(session, name="console", role="reviewer", actor="cli")
            console.print(f"To see and correct them: make serve, http://127.0.0.1:8000/console, key {made.key}")


def _import(house: House, tenant_id: UUID, files: Sequence[Path], console: Console) -> UUID:
    taken: list[Path] = []
    for file in readable(files, house):
        if isinstance(file, RefusedUpload):
            console.print(f"[red]{file.code}[/red] {file.detail}: {message(file.code, 'en', {})}")
        else:
            taken.append(file)
    if not taken:
        console.print("No file to import.")
        raise typer.Exit(_USAGE)
    return import_files(house, tenant_id, taken, name=f"{len(taken)} files from the terminal")


def _say_how_to_go_on(house: House, tenant_id: UUID, batch_id: UUID, console: Console) -> None:
    with house.database.tenant_session(tenant_id) as session:
        status = batch_status(session, batch_id)
    discarded = f", {status.discarded} discarded" if status.discarded else ""
    console.print(f"batch {batch_id}: {status.completed} published, {status.failed} waiting for a person{discarded}")
    if status.failed:
        console.print(
            "Correct or accept what waits in the review console (make serve) or by PATCH /api/v1/imports/items/{id}; "
            f"after mending a cause: gestiq-imports retry {batch_id}"
        )


@app.command()
def extract(
    paths: Paths,
    jsonl: Annotated[Path | None, typer.Option(help="Write the lines here instead of standard output.")] = None,
    own_tax_id: Annotated[list[str] | None, typer.Option(help="A tax id of your own; repeatable.")] = None,
) -> None:
    """Read documents without a database: one JSON line per file."""
    lines = extract_files(list(walk(paths)), Path.cwd(), own_tax_id or [])
    with jsonl.open("w", encoding="utf-8") if jsonl else nullcontext(sys.stdout) as output:
        for line in lines:
            output.write(as_line(line) + "\n")
            output.flush()


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="One document.", exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option(help="Draw its pages here, with a box for each field (PNG).")] = None,
    page: Annotated[int | None, typer.Option(min=1, help="Only this page; else those with fields.")] = None,
    own_tax_id: Annotated[list[str] | None, typer.Option(help="A tax id of your own; repeatable.")] = None,
) -> None:
    """Show how a document was read: each field's value, place, proofs and findings."""
    console = _console()
    try:
        with explaining(file, own_tax_id or []) as explained:
            if out is not None and explained.has_pages:
                console.print(*map(str, explained.write(out, page)), sep="\n", markup=False)
            else:
                console.print(*explained.tables(), sep="\n")
    except ImportsError as error:
        _fail(f"{error.code}: {message(error.code, 'en', {}) or error.detail}")


@app.command()
def serve(host: str = "127.0.0.1", port: int = 8000) -> None:
    """The API and the review console, with the imports routes switched on."""
    environment = {**os.environ, "IMPORTS_ENABLED": "1"}
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", host, "--port", str(port)]
    os.execve(sys.executable, command, environment)  # noqa: S606  (becomes the server, so that signals reach it)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def worker(context: typer.Context) -> None:
    """The Celery workers, one per queue (arguments as of worker_main)."""
    from app.modules.imports.application.worker_main import main  # noqa: PLC0415  (needs a broker's library)

    raise typer.Exit(main(context.args))


@app.command()
def status(batch: Annotated[str | None, typer.Argument()] = None, tenant: Tenant = DEMO_TENANT) -> None:
    """How far a batch is, or the newest batches: one line each."""
    with _house() as house, house.database.tenant_session(_tenant(house, tenant)) as session:
        batches = [_uuid(batch)] if batch else [b.id for b in list_batches(session, limit=20).entries]
        for batch_id in batches:
            found = batch_status(session, batch_id)
            states = " ".join(f"{state}={count}" for state, count in found.status_breakdown.items())
            typer.echo(f"{batch_id} {found.status} {found.progress}% {states}")


@app.command()
def retry(batch: str, tenant: Tenant = DEMO_TENANT) -> None:
    """Start each failed item of a batch again at the stage where it failed."""
    console = _console()
    with _house(inline=settings().runner_mode == "inline") as house:
        tenant_id = _tenant(house, tenant)
        with house.database.tenant_session(tenant_id) as session:
            retried = retry_batch(session, _uuid(batch), "cli")
        for stage in retried.stages:
            house.doorbell.ring(Ring(stage, tenant_id))
        if settings().runner_mode == "inline":
            watch(house, tenant_id, _uuid(batch), console)
        console.print(f"retried {retried.retried}")


@app.command()
def discard(
    batch: str,
    code: Annotated[list[str], typer.Option(help="What the items stopped with; may be given several times.")],
    reason: Annotated[str | None, typer.Option()] = None,
    tenant: Tenant = DEMO_TENANT,
) -> None:
    """Discard the failed items of a batch that stopped with these codes: duplicates, or what is no document at all."""
    with _house() as house, house.database.tenant_session(_tenant(house, tenant)) as session:
        discarded = discard_items(session, _uuid(batch), code, "cli", reason)
    typer.echo(f"discarded {discarded.discarded}")


@app.command("give-mapping")
def give_mapping(
    item: str,
    mapping: Annotated[str, typer.Argument(help="Id of a stored mapping, or a JSON file with a new definition.")],
    tenant: Tenant = DEMO_TENANT,
) -> None:
    """Tell a table that stopped with mapping_needed how it reads; it goes on with its rows."""
    console = _console()
    with _house(inline=settings().runner_mode == "inline") as house:
        tenant_id = _tenant(house, tenant)
        try:
            batch_id = give_stored_or_new(house, tenant_id, _uuid(item), mapping)
        except RefusedUpload as error:
            _fail(f"{error.code}: {error.detail or message(error.code, 'en', {})}")
        if settings().runner_mode == "inline":
            watch(house, tenant_id, batch_id, console)
        console.print(f"given to {item}")


@app.command("replay-rules")
def replay_rules(
    *,
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Documents that came in on or after this day.")],
    tenant: Tenant = DEMO_TENANT,
    apply: Annotated[bool, typer.Option("--apply", help="Then make it so for what waits for a person.")] = False,
) -> None:
    """Say which outcomes today's rules would change; what is published is listed and never changed."""
    inline = settings().runner_mode == "inline"
    with _house(inline=inline and apply) as house:
        tenant_id = _tenant(house, tenant)
        for line in replayed_lines(house, tenant_id, since.date()):
            typer.echo(line)
        if apply:
            done, batches = apply_replayed(house, tenant_id, since.date())
            for batch_id in batches if inline else ():
                watch(house, tenant_id, batch_id, _console())
            typer.echo(f"{done['stored']} waiting items show the new findings; {done['put_back']} are validated again")


@app.command("migrate")
def migrate_() -> None:
    """Bring the database up to date (DB_ADMIN_DSN, or the embedded database)."""
    config = settings()
    if config.db_admin_dsn:
        migrate(config.db_admin_dsn, config.db_dsn)
    elif config.db_dsn:
        _fail("DB_ADMIN_DSN is not set: the app's own role may not change the schema")
    else:
        with _house():
            pass
    typer.echo("the schema is up to date")


@app.command("tenant")
def tenant_(
    name: str,
    own_tax_id: Annotated[list[str] | None, typer.Option(help="A tax id of the tenant; repeatable.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Judged by its law where a document does not say: ES or EC.")
    ] = None,
    strictness: Annotated[str | None, typer.Option(help=f"What pages need: {', '.join(STRICTNESS)}.")] = None,
) -> None:
    """Make a tenant, or change what it has set; shows its settings."""
    given = {"own_tax_ids": own_tax_id, "country": country, "strictness": strictness}
    with _house() as house:
        tenant_id = _tenant(house, name, create=True)
        with house.database.tenant_session(tenant_id) as session:
            kept = change_settings(session, {k: v for k, v in given.items() if v is not None}, "cli")
    typer.echo(f"{tenant_id} {name} {json.dumps(kept)}")


@keys_app.command("create")
def keys_create(name: str, tenant: Tenant = DEMO_TENANT, role: str = "uploader") -> None:
    """A new key, shown this once; the tenant is made when there is none of that name."""
    with _house() as house:
        tenant_id = _tenant(house, tenant, create=True)
        with house.database.tenant_session(tenant_id) as session:
            typer.echo(create_key(session, name=name, role=role, actor="cli").key)


@keys_app.command("list")
def keys_list(tenant: Tenant = DEMO_TENANT) -> None:
    """Keys of a tenant, without their secret."""
    with _house() as house, house.database.tenant_session(_tenant(house, tenant)) as session:
        for key in list_keys(session):
            typer.echo(f"{key.id} {key.role:9} {key.name}{' (revoked)' if key.revoked_at else ''}")


@keys_app.command("revoke")
def keys_revoke(key: str, tenant: Tenant = DEMO_TENANT) -> None:
    """Revoke a key at once."""
    with _house() as house, house.database.tenant_session(_tenant(house, tenant)) as session:
        revoke_key(session, _uuid(key), "cli")
    typer.echo("revoked")


@app.command()
def smoke(rows: int = 3, seconds: float = 60.0) -> None:
    """Send a few rows through the configured pipeline and wait until they are published."""
    inline = settings().runner_mode == "inline"
    with _house(inline=inline) as house:
        tenant_id = _tenant(house, SMOKE_TENANT, create=True)
        found = wait_for(house, tenant_id, send_rows(house, tenant_id, rows), seconds)
    typer.echo(f"{found.completed} of {found.total_items} published: {dict(found.status_breakdown)}")
    raise typer.Exit(0 if found.completed == rows else _FAILED)


@app.command()
def backfill(paths: Paths, tenant: Tenant = DEMO_TENANT, batch_size: int = 100) -> None:
    """Import many old files, one batch at a time; what was imported before is left out, so it can be run again."""
    console = _console()
    with _house(inline=settings().runner_mode == "inline") as house:
        tenant_id = _tenant(house, tenant, create=True)
        for group in in_batches(walk(paths), batch_size):
            new = not_imported(house, tenant_id, group)
            console.print(f"{len(group)} files, {len(group) - len(new)} of them imported before")
            if new:
                watch(house, tenant_id, _import(house, tenant_id, new, console), console)


@app.command("verify")
def verify_() -> None:
    """Judge the invariants of all tenants, changing nothing (DB_ADMIN_DSN, or the embedded database)."""
    raise typer.Exit(0 if verify(settings(), _console()) else _FAILED)


@app.command()
def doctor() -> None:
    """What is configured, reachable and missing."""
    raise typer.Exit(0 if doctor_checks.report(settings(), _console()) else _FAILED)


app.add_typer(exporting.app)
app.add_typer(caretaking.app)
