"""One bucket of request tokens per tenant, in the database, so that many processes pour from the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.modules.imports.ports import SqlSession

# The tenant's own limit, where it has one; an erased tenant has no bucket.
_MOST = """
SELECT greatest(1.0, coalesce((limits->>'requests_per_minute')::float8, %(most)s)) AS most FROM tenants
WHERE id = (SELECT app_tenant()) AND erased_at IS NULL
"""
_LEVEL = "least(%(most)s, b.tokens + extract(epoch FROM clock_timestamp() - b.filled_at) * %(most)s / 60.0)"
_TAKE = """
INSERT INTO import_rate_buckets AS b (tenant_id, tokens, filled_at)
VALUES ((SELECT app_tenant()), %(most)s - 1.0, clock_timestamp())
ON CONFLICT (tenant_id) DO UPDATE SET tokens = {level} - 1.0, filled_at = clock_timestamp()
WHERE {level} >= 1.0
RETURNING 1
""".replace("{level}", _LEVEL)
_WAIT = """
SELECT greatest(0.0, (1.0 - {level}) * 60.0 / %(most)s) AS seconds
FROM import_rate_buckets b WHERE b.tenant_id = (SELECT app_tenant())
""".replace("{level}", _LEVEL)


class UnknownTenant(LookupError):
    """The session's tenant does not exist."""


def take_token(session: SqlSession, requests_per_minute: int) -> float | None:
    """None when the request may pass, else after how many seconds it may be tried again. Raises ``UnknownTenant``."""
    found = session.execute(_MOST, {"most": float(requests_per_minute)})
    if not found:
        raise UnknownTenant
    most = {"most": float(found[0]["most"])}
    if session.execute(_TAKE, most):
        return None
    return float(session.execute(_WAIT, most)[0]["seconds"])
