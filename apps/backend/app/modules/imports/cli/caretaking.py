"""Commands for whoever answers for the data: the audit trail, cancelling, holds, erasure, limits, the daily round."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from app.modules.imports.cli.opening import FAILED, Tenant, fail, opened_house, tenant_of, uuid_of
from app.modules.imports.ports import Ring
from app.modules.imports.usecases.audit_anchor import anchor_heads, verify_anchored
from app.modules.imports.usecases.cancel_batch import cancel_batch
from app.modules.imports.usecases.caretaking import collect_everywhere, take_care
from app.modules.imports.usecases.delete_batch import delete_batch
from app.modules.imports.usecases.erase_tenant import erase_tenant
from app.modules.imports.usecases.keys import DEMO_TENANT
from app.modules.imports.usecases.legal_hold import hold_batch, hold_tenant
from app.modules.imports.usecases.quotas import LIMIT_NAMES, change_limits

app = typer.Typer()

_ACTOR = "cli"


@app.command("verify-audit")
def verify_audit(
    tenant: Annotated[str | None, typer.Option(help="Only this tenant's trail, by name or id.")] = None,
) -> None:
    """Prove the audit trail from its first entry to its last, and against the heads that were anchored."""
    with opened_house() as house:
        wanted = tenant_of(house, tenant) if tenant else None
        broken = verify_anchored(house.database, house.anchors, wanted)
    for link in broken:
        typer.echo(link)
    typer.echo("the trail is whole" if not broken else f"{len(broken)} broken links")
    raise typer.Exit(FAILED if broken else 0)


@app.command("anchor-audit")
def anchor_audit() -> None:
    """Write down the head of every tenant's trail where the database cannot reach it, and print it."""
    with opened_house() as house:
        for head in anchor_heads(house.database, house.anchors):
            typer.echo(f"{head.tenant_id} {head.seq} {head.hash}")


@app.command()
def tidy(
    grace_hours: Annotated[
        float | None, typer.Option(min=1.0, help="How old a file without an item has to be to be collected.")
    ] = None,
) -> None:
    """Do now what is else done every hour and every day: purges, retention, anchors, files that nobody names."""
    with opened_house() as house:
        kept = take_care(house)
        files = collect_everywhere(house, None if grace_hours is None else timedelta(hours=grace_hours))
    typer.echo(
        f"dead letters emptied {kept.dead_letters}, originals let go {kept.originals}, answers forgotten "
        f"{kept.requests}, heads anchored {kept.anchored}, files collected {files}"
    )


@app.command()
def cancel(batch: str, tenant: Tenant = DEMO_TENANT) -> None:
    """Stop a batch for good: nothing more of it is published."""
    with opened_house() as house:
        tenant_id = tenant_of(house, tenant)
        with house.database.tenant_session(tenant_id) as session:
            cancelled = cancel_batch(session, uuid_of(batch), _ACTOR)
        for stage in cancelled.stages:
            house.doorbell.ring(Ring(stage, tenant_id))
    typer.echo(f"cancelled {cancelled.cancelled}")


@app.command("delete-batch")
def delete_batch_(batch: str, tenant: Tenant = DEMO_TENANT) -> None:
    """Delete a batch of which nothing was published, with all its content."""
    with opened_house() as house, house.database.tenant_session(tenant_of(house, tenant)) as session:
        delete_batch(session, uuid_of(batch), _ACTOR)
    typer.echo("deleted")


@app.command()
def hold(
    tenant: Tenant,
    batch: Annotated[str | None, typer.Option(help="Only this batch; else all that the tenant has.")] = None,
    reason: Annotated[str | None, typer.Option(help="For the audit trail.")] = None,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="End the hold.")] = False,
) -> None:
    """Legal hold: keep a tenant or a batch as it is, whatever retention, deletion or erasure would do."""
    with opened_house() as house, house.database.tenant_session(tenant_of(house, tenant)) as session:
        if batch:
            hold_batch(session, uuid_of(batch), held=not lift, actor=_ACTOR)
        else:
            hold_tenant(session, held=not lift, actor=_ACTOR, reason=reason)
    typer.echo("released" if lift else "held")


@app.command("limit")
def limit(
    tenant: str,
    limits: Annotated[list[str], typer.Argument(help=f"name=number, name= for the default: {sorted(LIMIT_NAMES)}")],
) -> None:
    """Give a tenant quotas of its own."""
    changes = dict(_limit(text) for text in limits)
    with opened_house() as house, house.database.tenant_session(tenant_of(house, tenant)) as session:
        typer.echo(dict(change_limits(session, changes, _ACTOR)))


@app.command("erase-tenant")
def erase_tenant_(
    tenant: str, *, yes: Annotated[bool, typer.Option("--yes", help="Really: this cannot be undone.")] = False
) -> None:
    """Erase a tenant: its keys, files and the content of all its rows. Tombstones and hashes stay."""
    if not yes:
        fail("nothing was done: say --yes to erase the tenant for good")
    with opened_house() as house:
        erased = erase_tenant(house, tenant_of(house, tenant), _ACTOR)
    typer.echo(f"erased {erased.tenant_id}: {erased.batches} batches, {erased.files} files")


def _limit(text: str) -> tuple[str, int | None]:
    name, _, number = text.partition("=")
    if name not in LIMIT_NAMES or not (number == "" or number.isdecimal()):
        fail(f"{text!r} is not one of {', '.join(sorted(LIMIT_NAMES))} with =number")
    return name, int(number) if number else None
