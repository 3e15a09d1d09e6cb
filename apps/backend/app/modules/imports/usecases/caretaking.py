"""What has to be done every hour or every day whatever comes in: purges, retention, anchors, and files nobody names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from app.modules.imports.usecases.audit_anchor import all_tenants, anchor_heads
from app.modules.imports.usecases.collect_files import collect_files
from app.modules.imports.usecases.dead_letters import purge_dead_letters
from app.modules.imports.usecases.retention import forget_requests, let_originals_go

if TYPE_CHECKING:
    from datetime import timedelta

    from app.modules.imports.usecases.house import House

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was done, in numbers of things."""

    dead_letters: int
    originals: int
    requests: int
    anchored: int


def take_care(house: House) -> Kept:
    """Safe to run at any time, twice, and in several processes at once."""
    database, care = house.database, house.care
    tenants = all_tenants(database)
    kept = Kept(
        dead_letters=purge_dead_letters(database, care.dead_letter_days),
        originals=sum(let_originals_go(database, tenant_id) for tenant_id in tenants),
        requests=sum(forget_requests(database, tenant_id) for tenant_id in tenants),
        anchored=len(anchor_heads(database, house.anchors)),
    )
    log.info("care_taken", **{name: getattr(kept, name) for name in Kept.__slots__})
    return kept


def collect_everywhere(house: House, grace: timedelta | None = None) -> int:
    """The files that no item names, and what killed processes left half written; returns how many files."""
    grace = house.care.file_grace if grace is None else grace
    found = 0
    for tenant_id in all_tenants(house.database):
        found += len(collect_files(house.database, house.files, house.reading, tenant_id, grace))
    drafts = house.files.sweep_temp(house.care.file_grace)
    orphans = house.reading.forget_orphans(grace)
    log.info("files_collected", files=found, drafts=drafts, read_of_files_gone=orphans)
    return found
