"""``backfill``: years of old files, batch after batch; it may be stopped and run again."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House

_KNOWN = """
SELECT sha256 FROM import_files WHERE tenant_id = (SELECT app_tenant()) AND sha256 = ANY (%(digests)s)
"""


def in_batches(files: Iterable[Path], size: int) -> Iterator[list[Path]]:
    """The files in groups of at most ``size``."""
    remaining = iter(files)
    while group := list(islice(remaining, size)):
        yield group


def not_imported(house: House, tenant_id: UUID, files: Sequence[Path]) -> list[Path]:
    """Those whose content the tenant has never brought: what an earlier run did is not done again."""
    digests = {file: _digest(file) for file in files if file.is_file()}
    with house.database.tenant_session(tenant_id) as session:
        known = {row["sha256"] for row in session.execute(_KNOWN, {"digests": list(digests.values())})}
    return [file for file, digest in digests.items() if digest not in known]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
