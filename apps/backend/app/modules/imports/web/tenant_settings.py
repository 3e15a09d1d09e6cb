"""Routes of what a tenant has set for itself."""

from __future__ import annotations

from fastapi import APIRouter

from app.modules.imports.usecases.tenant_settings import change_settings, get_settings
from app.modules.imports.web.admission import GuardedRoute, requires
from app.modules.imports.web.dependencies import TheHouse, Who, problems
from app.modules.imports.web.schemas import SettingsAnswer, SettingsBody
from app.security import Role

router = APIRouter(route_class=GuardedRoute, prefix="/settings", tags=["settings"])


@router.get("", operation_id="getSettings", responses=problems(), dependencies=[requires(Role.VIEWER)])
def read(house: TheHouse, who: Who) -> SettingsAnswer:
    """The tenant's settings."""
    with house.database.tenant_session(who.tenant_id) as session:
        return SettingsAnswer(**get_settings(session))


@router.patch("", operation_id="changeSettings", responses=problems(400, 413), dependencies=[requires(Role.ADMIN)])
def change(body: SettingsBody, house: TheHouse, who: Who) -> SettingsAnswer:
    """Change what is given, leave the rest; in force for the next slice that is worked."""
    with house.database.tenant_session(who.tenant_id) as session:
        changes = body.model_dump(exclude_unset=True, exclude_none=True)
        return SettingsAnswer(**change_settings(session, changes, who.actor))
