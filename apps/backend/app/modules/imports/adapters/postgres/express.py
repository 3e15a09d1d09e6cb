"""Settling what went express: documents, publication, attempts of every stage and the end of the walk, all at once.

Rows of a table are written for the first time here, as published; rows that were stored before are brought up to date.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from app.array_literals import text_array, uuid_array
from app.crashpoints import crashpoint
from app.modules.imports.adapters.postgres.lease import change_ours, close_lease
from app.modules.imports.adapters.postgres.parts import add_parts
from app.modules.imports.adapters.postgres.unstorable import Unstorable, values_told_apart
from app.modules.imports.domain.finding_json import findings_to_json
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.database import Session
    from app.modules.imports.domain.finding import Finding
    from app.modules.imports.domain.outcome import Outcome
    from app.modules.imports.ports import Express, Item, Part, Slice, SqlSession

    Publish = Callable[[Sequence[Item], SqlSession], Sequence[Outcome]]

_DOCUMENTS = """
UPDATE import_payloads p SET document = v.document, findings = v.findings
FROM ROWS FROM (unnest(%(ids)s::uuid[], %(findings)s::jsonb[]), jsonb_array_elements(%(documents)s::jsonb))
     AS v (id, findings, document)
WHERE p.tenant_id = (SELECT app_tenant()) AND p.item_id = v.id
"""
_ATTEMPTS = """
INSERT INTO import_attempts (tenant_id, item_id, stage, attempt, outcome, started_at, finished_at)
SELECT (SELECT app_tenant()), item.id, passed.stage, 1, 'done', passed.began,
       coalesce(passed.ended, clock_timestamp())
FROM unnest(%(ids)s::uuid[]) AS item (id)
CROSS JOIN unnest(%(stages)s::text[], %(began)s::timestamptz[], %(ended)s::timestamptz[])
           AS passed (stage, began, ended)
"""
_PUBLISHED = """
UPDATE import_items i SET state = %(state)s, lease_token = NULL, attempt = 0, code = NULL, doc_type = v.doc_type,
    updated_at = clock_timestamp()
FROM unnest(%(ids)s::uuid[], %(doc_types)s::text[]) AS v (id, doc_type)
WHERE i.tenant_id = (SELECT app_tenant()) AND i.id = v.id AND i.lease_token = %(token)s
"""


_NOW = "SELECT clock_timestamp() AS now"


class _NotAll(Exception):
    """Something of the slice could not be published."""


def settle_express(
    session: Session, slice_: Slice, express: Express, began: datetime, publish: Publish
) -> Sequence[Outcome] | None:
    """All items of ``express`` published, or nothing of it: then None. ``began`` is when the slice was claimed."""
    try:
        with values_told_apart(), session.savepoint():
            _store_documents(session, express.items, express.findings)
            outcomes = _publish(session, express, publish)
    except (_NotAll, IntegrityError, Unstorable):
        return None
    ids = uuid_array(item.id for item in express.items)
    _record_attempts(session, express, ids, began)
    published = {
        "token": slice_.token,
        "state": LAST.gives.value,
        "ids": ids,
        "doc_types": text_array(str(item.doc_type) if item.doc_type else None for item in express.items),
    }
    change_ours(session, _PUBLISHED, published, len(express.items))
    if len(express.items) == len(slice_.items):
        close_lease(session, slice_.token)
    crashpoint("settling:express")
    return outcomes


def add_published_parts(
    session: Session, container: Item, parts: Sequence[Part], express: Express, publish: Publish
) -> Sequence[Outcome] | None:
    """All parts stored, those of ``express`` as published; or nothing of it: then None."""
    [row] = session.execute(_NOW)
    began = row["now"] - timedelta(seconds=sum(passed.seconds for passed in express.passed))
    try:
        with values_told_apart(), session.savepoint():
            _add_all(session, container, parts, express)
            outcomes = _publish(session, express, publish)
    except (_NotAll, IntegrityError, Unstorable):
        return None
    _record_attempts(session, express, uuid_array(item.id for item in express.items), began)
    return outcomes


def _add_all(session: Session, container: Item, parts: Sequence[Part], express: Express) -> None:
    if add_parts(session, container, parts, express) != len(parts):
        raise _NotAll


def _publish(session: Session, express: Express, publish: Publish) -> Sequence[Outcome]:
    outcomes = publish(express.items, session)
    if not all(isinstance(outcome, Done) for outcome in outcomes):
        raise _NotAll
    found = [
        (item, o.findings)
        for item, o in zip(express.items, outcomes, strict=True)
        if isinstance(o, Done) and o.findings
    ]
    if found:  # what publication found comes with what was found before
        _store_documents(session, [item for item, _ in found], [findings for _, findings in found])
    return outcomes


def _store_documents(session: Session, items: Sequence[Item], findings: Sequence[Sequence[Finding]]) -> None:
    parameters = {
        "ids": uuid_array(item.id for item in items),
        "documents": f"[{','.join(str(item.work['document']) for item in items)}]",
        "findings": text_array(json.dumps(findings_to_json(found)) if found else None for found in findings),
    }
    session.execute(_DOCUMENTS, parameters)


def _record_attempts(session: Session, express: Express, ids: str, began: datetime) -> None:
    moments = [began]
    for passed in express.passed:
        moments.append(moments[-1] + timedelta(seconds=passed.seconds))
    stages = [*(passed.stage.name.value for passed in express.passed), LAST.name.value]
    parameters = {"ids": ids, "stages": stages, "began": moments, "ended": [*moments[1:], None]}
    session.execute(_ATTEMPTS, parameters)
