"""What a tenant has set for itself: its tax ids and country, how strict to be, and how long originals are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.plugins import countries
from app.modules.imports.usecases.audit import Entry, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.ports import SqlSession

STRICTNESS: Final = ("proven", "read", "nothing")
_MOST_TAX_IDS: Final = 50
_MOST_DAYS: Final = 36_500
_GET = "SELECT settings FROM tenants WHERE id = (SELECT app_tenant())"
_SET = "UPDATE tenants SET settings = settings || %(changes)s WHERE id = (SELECT app_tenant()) RETURNING settings"


def get_settings(session: SqlSession) -> Mapping[str, Any]:
    """The settings as stored; empty when nothing was ever set."""
    rows = session.execute(_GET, {})
    settings: Mapping[str, Any] = rows[0]["settings"] if rows else {}
    return settings


def change_settings(session: SqlSession, changes: Mapping[str, Any], actor: str) -> Mapping[str, Any]:
    """Lay the changes over what is set; returns all of it. Raises ``RefusedUpload('setting_invalid')``."""
    if not changes:
        return get_settings(session)
    checked = {name: _checked(name, value) for name, value in changes.items()}
    [row] = session.execute(_SET, {"changes": Jsonb(checked)})
    record(session, Entry(actor=actor, action="tenant.settings", details=checked))
    settings: Mapping[str, Any] = row["settings"]
    return settings


def _checked(name: str, value: Any) -> Any:  # noqa: ANN401  (JSON)
    match name, value:
        case "own_tax_ids", list() if len(value) <= _MOST_TAX_IDS and all(isinstance(v, str) for v in value):
            return [_tax_id(text) for text in value]
        case "country", str() if value.upper() in countries():
            return value.upper()
        case "keep_originals_days", int() if not isinstance(value, bool) and 0 <= value <= _MOST_DAYS:
            return value
        case "strictness", str() if value in STRICTNESS:
            return value
    raise RefusedUpload("setting_invalid", f"{name}: {value!r}"[:200])


def _tax_id(text: str) -> str:
    """The normal form of a tax id of a country that is known; one of elsewhere as it is."""
    normal = (country.tax_id(text) for country in countries().values())
    return next((found for found in normal if found), "".join(c for c in text.upper() if c.isalnum())[:30])
