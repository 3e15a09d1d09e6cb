"""Settings are checked, kept in their normal form, and seen by the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.stages.tools import TenantSettings
from app.modules.imports.usecases.tenant_settings import change_settings, get_settings

if TYPE_CHECKING:
    from uuid import UUID

    from app.database import Database


def test_a_change_leaves_the_rest_and_is_audited(database: Database, tenant: UUID) -> None:
    with database.tenant_session(tenant) as session:
        change_settings(session, {"own_tax_ids": ["ES B-29423548"], "country": "es"}, "ana")
        change_settings(session, {"strictness": "nothing"}, "ana")
        kept = get_settings(session)
        audited = session.execute("SELECT actor, action FROM import_audit")
    assert kept == {"own_tax_ids": ["B29423548"], "country": "ES", "strictness": "nothing"}
    assert [(row["actor"], row["action"]) for row in audited] == [("ana", "tenant.settings")] * 2
    seen = TenantSettings.from_json(kept)
    assert (seen.own_tax_ids, seen.country, seen.strictness) == (frozenset({"B29423548"}), "ES", "nothing")


@pytest.mark.parametrize(
    "wrong",
    [{"country": "XX"}, {"strictness": "lax"}, {"own_tax_ids": "B29423548"}, {"own_tax_ids": [1]}, {"plan": "x"}],
)
def test_what_is_no_setting_is_refused(database: Database, tenant: UUID, wrong: dict[str, Any]) -> None:
    with database.tenant_session(tenant) as session:
        with pytest.raises(RefusedUpload, match="setting_invalid"):
            change_settings(session, wrong, "ana")
        assert get_settings(session) == {}
