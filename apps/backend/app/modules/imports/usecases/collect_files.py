"""Files that no item names: an upload whose request failed, a deleted batch, a restore. Collected after a grace."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from app.crashpoints import crashpoint
from app.modules.imports.usecases.quotas import release_accounts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import timedelta
    from uuid import UUID

    from app.database import Database, Session
    from app.modules.imports.ports import FileStore
    from app.modules.imports.stages.tools import Reading

_NAMED: Final = """
SELECT DISTINCT i.file_key FROM import_items i
WHERE i.tenant_id = (SELECT app_tenant()) AND i.file_key = ANY (%(keys)s::text[])
"""
_CHUNK: Final = 10_000


def collect_files(
    database: Database, files: FileStore, reading: Reading, tenant_id: UUID, grace: timedelta
) -> Sequence[str]:
    """Deletes files put longer than ``grace`` ago that no item names, with what was read of them; returns their keys.

    The grace is for those whose item is not committed yet: it has to be longer than any request or stage takes. What
    was read goes first: interrupted in between, the file is still there to be collected again.
    """

    def let_go(keys: Sequence[str]) -> Collection[str]:
        with database.tenant_session(tenant_id) as session:
            going = _unnamed(session, keys)
            release_accounts(session, going)
        crashpoint("collecting")
        for key in going:
            reading.forget(key)
        return going

    gone: list[str] = []
    for keys in _chunks(files.old_keys(tenant_id, grace)):
        with database.tenant_session(tenant_id) as session:
            candidates = _unnamed(session, keys)
        gone += files.collect(candidates, grace, let_go)
    return gone


def _unnamed(session: Session, keys: Sequence[str]) -> list[str]:
    named = {row["file_key"] for row in session.execute(_NAMED, {"keys": list(keys)})}
    return [key for key in keys if key not in named]


def _chunks(keys: Iterator[str]) -> Iterator[list[str]]:
    while chunk := list(islice(keys, _CHUNK)):
        yield chunk
