"""Routes of what a tenant has used and done: its quotas, and its audit trail."""

from __future__ import annotations

from fastapi import APIRouter

from app.modules.imports.usecases.audit import list_audit
from app.modules.imports.usecases.quotas import usage
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import Cursor, Limit, TheHouse, Who, problems
from app.modules.imports.web.schemas import AuditAnswer, AuditPage, UsageAnswer
from app.security import Role

router = APIRouter(route_class=GuardedRoute, tags=["operations"])


@router.get("/usage", operation_id="getUsage", responses=problems(), dependencies=[requires(Role.VIEWER)])
def read_usage(house: TheHouse, who: Who) -> UsageAnswer:
    """What was brought today, is in store and at work, and how much of each there may be."""
    with house.database.tenant_session(who.tenant_id) as session:
        return UsageAnswer.model_validate(usage(session, house.limits.quotas))


@router.get("/audit", operation_id="listAudit", responses=problems(), dependencies=[requires(Role.ADMIN)])
def read_audit(house: TheHouse, who: Who, limit: Limit = 50, cursor: Cursor = None) -> AuditPage:
    """Who did what, newest first; each entry's hash holds the one before."""
    with house.database.tenant_session(who.tenant_id) as session:
        page = list_audit(session, limit=limit, cursor=cursor)
    return AuditPage(entries=[AuditAnswer.model_validate(e) for e in page.entries], next_cursor=page.next_cursor)
