"""The workers' own ``/metrics``: on loopback, behind the token where there is one, and silent of tenants."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from pydantic import SecretStr

from app.modules.imports.application.observing import observer
from app.modules.imports.application.worker_metrics import metrics_server, served_metrics
from app.modules.imports.domain.outcome import Dead
from app.modules.imports.domain.pipeline import PIPELINE, ItemKind
from app.modules.imports.ports import Item, Slice
from app.security import UnsafeSettings, refuse_unsafe_settings
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "0123456789abcdefghij"


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, ""


def test_the_workers_answer_on_loopback_where_a_port_is_set() -> None:
    with metrics_server(Settings()) as server:
        assert server.server_address[0] == "127.0.0.1"
        status, page = get(server.server_port, "/metrics")
        assert (status, "imports_task_duration_seconds" in page) == (200, True)
        assert get(server.server_port, "/health/live")[0] == 200
        assert get(server.server_port, "/")[0] == 404
    with served_metrics(Settings()) as port:
        assert port is None


def test_a_token_that_is_set_has_to_be_shown() -> None:
    config = Settings(IMPORTS_METRICS_TOKEN=SecretStr(TOKEN))
    with metrics_server(config) as server:
        port = server.server_port
        assert get(port, "/metrics")[0] == 401
        assert get(port, "/metrics", {"Authorization": "Bearer wrong"})[0] == 401
        assert get(port, "/metrics", {"Authorization": f"Bearer {TOKEN}"})[0] == 200


def test_the_counters_name_a_tenant_only_when_they_are_told_to() -> None:
    with metrics_server(Settings()) as server:
        for with_tenants in (False, True):
            item = Item(id=uuid4(), batch_id=uuid4(), kind=ItemKind.ROW, attempt=1)
            slice_ = Slice(token=uuid4(), tenant_id=uuid4(), stage=PIPELINE[0], items=(item,))
            observer(with_tenants=with_tenants)(slice_, [Dead(code="broken")], 0.1)
            page = get(server.server_port, "/metrics")[1]
            assert (str(slice_.tenant_id) in page) is with_tenants
        assert 'tenant_id="all"' in page


@pytest.mark.parametrize("changed", [{"IMPORTS_METRICS_TENANTS": True}, {"IMPORTS_METRICS_TOKEN": "short"}])
def test_production_does_not_start_with_metrics_that_name_tenants_to_anybody(changed: dict[str, object]) -> None:
    secret = SecretStr("pT7-vq2_Zc9.LmX4wKd8RbN1sYh6GfJ3")
    safe = Settings(IMPORTS_ENV="production", IMPORTS_JWT_SECRET=secret)
    refuse_unsafe_settings(safe)
    with pytest.raises(UnsafeSettings, match="IMPORTS_METRICS"):
        refuse_unsafe_settings(Settings(IMPORTS_ENV="production", IMPORTS_JWT_SECRET=secret, **changed))  # type: ignore[arg-type]  # [by alias]
