"""Anchoring the audit trail: the hash of its last entry is written down where the database's owner cannot reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from app.modules.imports.usecases.audit_chain import head_of, verify_chain

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database
    from app.modules.imports.domain.audit_head import AuditAnchors, AuditHead
    from app.modules.imports.usecases.audit_chain import BrokenLink

log = structlog.get_logger()

_ALL_TENANTS = "SELECT tenant_id FROM imports_all_tenants()"


def all_tenants(database: Database) -> list[UUID]:
    """Every tenant there is, erased ones too."""
    with database.door_session() as session:
        return [row["tenant_id"] for row in session.execute(_ALL_TENANTS)]


def anchor_heads(database: Database, anchors: AuditAnchors) -> list[AuditHead]:
    """Write down and log every head that moved since the last time; returns those."""
    known = {head.tenant_id: head for head in anchors.all()}
    moved = []
    for tenant_id in all_tenants(database):
        with database.tenant_session(tenant_id) as session:
            head = head_of(session, tenant_id)
        if head is not None and head != known.get(tenant_id):
            moved.append(head)
    anchors.add(moved)
    for head in moved:
        log.info("audit_anchored", tenant_id=str(head.tenant_id), seq=head.seq, hash=head.hash)
    return moved


def verify_anchored(database: Database, anchors: AuditAnchors, tenant_id: UUID | None = None) -> list[BrokenLink]:
    """Every broken link of one tenant's trail or of all, also against what was anchored. A tenant that only an anchor
    knows has lost its whole trail.
    """
    kept = anchors.all()
    known = {*all_tenants(database), *(head.tenant_id for head in kept)}
    broken: list[BrokenLink] = []
    for one in [tenant_id] if tenant_id is not None else sorted(known):
        with database.tenant_session(one) as session:
            broken += verify_chain(session, one, kept)
    return broken
