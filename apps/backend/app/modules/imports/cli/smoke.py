"""``smoke``: does this installation import, from ingest to publication? Rows only, in a tenant of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

from app.modules.imports.usecases.batches import NewBatch, batch_status, create_batch
from app.modules.imports.usecases.ingest import RowsRequest, ingest_rows, ring_for_new

if TYPE_CHECKING:
    from uuid import UUID

    from app.modules.imports.usecases.batches import BatchStatus
    from app.modules.imports.usecases.house import House

SMOKE_TENANT = "smoke"
_LOOK_SECONDS = 0.2


def send_rows(house: House, tenant_id: UUID, many: int) -> UUID:
    """A new batch of bank movements that no earlier run has sent."""
    run = uuid4().hex[:12]
    rows = [
        {"date": "2026-01-15", "description": f"smoke {run}", "amount": f"-{number}.25", "currency": "EUR"}
        for number in range(1, many + 1)
    ]
    with house.database.tenant_session(tenant_id) as session:
        batch = create_batch(session, NewBatch(name=f"smoke {run}"))
        ingest_rows(session, batch.id, RowsRequest(rows=rows))
    ring_for_new(house, tenant_id)
    return batch.id


def wait_for(house: House, tenant_id: UUID, batch_id: UUID, seconds: float) -> BatchStatus:
    """The status once the batch is finished, or as it stands when the time is over."""
    until = time.monotonic() + seconds
    while True:
        with house.database.tenant_session(tenant_id) as session:
            status = batch_status(session, batch_id)
        if status.finished or time.monotonic() > until:
            return status
        time.sleep(_LOOK_SECONDS)
