"""What every command needs: the house, a tenant by name, and one line on standard error when it cannot go on."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console

from app.database import UnsafeDatabase
from app.modules.imports.adapters.sandbox.confinement import MissingWalls
from app.modules.imports.application.bootstrap import open_house
from app.modules.imports.domain.errors import ImportsError
from app.modules.imports.domain.messages import message
from app.modules.imports.usecases.keys import create_tenant, find_tenant
from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.usecases.house import House
    from app.settings import Settings

Tenant = Annotated[str, typer.Option("--tenant", help="Name or id of the tenant.")]

FAILED = 1
_PIPE_COLUMNS = 160


def wide_console() -> Console:
    """A pipe has no width of its own; eighty columns would cut every cell into pieces."""
    return Console(width=None if sys.stdout.isatty() else _PIPE_COLUMNS, soft_wrap=False)


@contextmanager
def opened_house(*, inline: bool = False) -> Iterator[House]:
    """The house as configured; ``inline`` works in this process, whatever the mode."""
    config: Settings = settings()
    if inline:
        config = config.model_copy(update={"runner_mode": "inline"})
    try:
        with open_house(config, with_runner=inline) as house:
            yield house
    except (UnsafeDatabase, MissingWalls) as error:
        fail(str(error))
    except ImportsError as error:
        fail(f"{error.code}: {error.detail or message(error.code, 'en', {})}")


def tenant_of(house: House, wanted: str, *, create: bool = False) -> UUID:
    """The id of the tenant with this name or id; ends the command when there is none."""
    found = find_tenant(house.database, wanted)
    if found is None and create:
        found = create_tenant(house.database, wanted)
    if found is None:
        fail(f"there is no tenant {wanted!r}")
    return found


def uuid_of(text: str) -> UUID:
    """An id as typed; ends the command when it is none."""
    try:
        return UUID(text)
    except ValueError:
        fail(f"{text!r} is not an id")


def fail(reason: str) -> NoReturn:
    """End the command."""
    typer.echo(reason, err=True)
    raise typer.Exit(FAILED)
