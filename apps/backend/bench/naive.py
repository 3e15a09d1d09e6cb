"""The naive way, for comparison: one Celery chain of six tasks per item, each of which commits twice.

It does the same to each item as the pipeline does (the same reading, rules and destination, the same row-level
security), one item at a time: "running" is committed, the work is done, "done" is committed, the next task is sent.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery import Celery, chain
from psycopg.types.json import Jsonb

from app.database import Database
from app.modules.imports.countries.judging import judge
from app.modules.imports.destinations.invoices import DESTINATION
from app.modules.imports.domain.canonical_json import from_json, to_json
from app.modules.imports.domain.country import RuleContext
from app.modules.imports.domain.finding_json import findings_to_json
from app.modules.imports.domain.natural_key import natural_key
from app.modules.imports.mapping.rows import read_row
from app.modules.imports.ports import Publication
from app.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.database import Session

    Row = Mapping[str, Any]
    Work = Callable[[UUID, Row, Session], dict[str, object]]

SCHEMA = """
CREATE TABLE naive_items (
    tenant_id uuid NOT NULL, id uuid NOT NULL, state text NOT NULL DEFAULT 'pending', raw jsonb NOT NULL,
    document jsonb, findings jsonb, updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
ALTER TABLE naive_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE naive_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON naive_items
    USING (tenant_id = (SELECT app_tenant())) WITH CHECK (tenant_id = (SELECT app_tenant()));
GRANT SELECT, INSERT, UPDATE ON naive_items TO imports_app;
"""
_RUNNING = """
UPDATE naive_items SET state = %(state)s, updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s RETURNING raw, document, findings
"""
_DONE = """
UPDATE naive_items SET state = %(state)s, document = coalesce(%(document)s, document),
    findings = coalesce(%(findings)s, findings), updated_at = clock_timestamp()
WHERE tenant_id = (SELECT app_tenant()) AND id = %(id)s
"""
_SAME = "SELECT 1 FROM invoices WHERE tenant_id = (SELECT app_tenant()) AND natural_key = %(key)s"

app = Celery("naive", broker=settings().redis_url or "redis://127.0.0.1:6379/0")
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)


def send(tenant_id: UUID, item_id: UUID) -> None:
    """One chain for one item."""
    given = (str(tenant_id), str(item_id))
    chain(*(task.si(*given).set(queue=queue_of(name)) for name, task in _TASKS.items())).apply_async()


def queue_of(stage: str) -> str:
    return f"naive_{stage}"


def _task(name: str, work: Work) -> Any:  # noqa: ANN401 [Celery's tasks have no type]
    def run(tenant_id: str, item_id: str) -> None:
        tenant, item = UUID(tenant_id), UUID(item_id)
        with _database().tenant_session(tenant) as session:
            [row] = session.execute(_RUNNING, {"id": item, "state": f"{name}_running"})
        with _database().tenant_session(tenant) as session:
            result = work(item, row, session)
            session.execute(_DONE, {"id": item, "state": f"{name}_done", "document": None, "findings": None} | result)

    return app.task(name=f"naive.{name}")(run)


@cache
def _database() -> Database:
    return Database(settings().db_dsn or "", pool_size=1)


def _nothing(_item: UUID, _row: Row, _session: Session) -> dict[str, object]:
    """A row has no bytes to scan, no pages to read and no type to guess."""
    return {}


def _extract(_item: UUID, row: Row, _session: Session) -> dict[str, object]:
    return {"document": Jsonb(to_json(read_row(row["raw"])))}


def _validate(_item: UUID, row: Row, session: Session) -> dict[str, object]:
    document = from_json(row["document"])
    if session.execute(_SAME, {"key": natural_key(document)}):
        raise ValueError("published before")
    findings = judge(document, RuleContext(today=datetime.now(UTC).date()), country=None)
    return {"findings": Jsonb(findings_to_json(findings))}


def _publish(item: UUID, row: Row, session: Session) -> dict[str, object]:
    stored = row["document"]
    digest = hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()
    publication = Publication(
        item_id=item, document=from_json(stored), evidence=stored.get("evidence") or {}, payload_hash=digest
    )
    DESTINATION.publish([publication], session)
    return {}


_TASKS = {
    "preprocess": _task("preprocess", _nothing),
    "ocr": _task("ocr", _nothing),
    "classify": _task("classify", _nothing),
    "extract": _task("extract", _extract),
    "validate": _task("validate", _validate),
    "publish": _task("publish", _publish),
}
STAGES = tuple(_TASKS)
