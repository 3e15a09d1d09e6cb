"""The web process as it starts."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pytest

from app.main import create_app
from app.security import UnsafeSettings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client works with httpx as well as with its successor
    from fastapi.testclient import TestClient

if TYPE_CHECKING:
    from app.settings import Settings

SECRET = "pT7-vq2_Zc9.LmX4wKd8RbN1sYh6GfJ3"


def test_the_first_start_prints_a_key_that_opens_everything_and_the_second_none(
    config: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with TestClient(create_app(config)) as client:
        found = re.search(r"giq_\S+", capsys.readouterr().err)
        assert found is not None
        assert client.get("/health/ready").status_code == 200
        assert client.get("/api/v1/imports/keys", headers={"X-API-Key": found.group()}).status_code == 200
    with TestClient(create_app(config)):
        assert "giq_" not in capsys.readouterr().err


def test_a_disabled_module_opens_no_database_and_answers_503(config: Settings) -> None:
    disabled = config.model_copy(update={"enabled": False, "db_dsn": "postgresql://nobody@127.0.0.1:1/none"})
    with TestClient(create_app(disabled)) as client:
        assert client.get("/health/live").status_code == 200
        assert client.get("/api/v1/imports/batches").json()["code"] == "imports_disabled"
        assert client.get("/metrics").status_code == 200


def test_production_shows_no_documentation_and_prints_no_key(
    config: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pydantic import SecretStr

    production = config.model_copy(update={"environment": "production", "jwt_secret": SecretStr(SECRET)})
    with TestClient(create_app(production)) as client:
        assert "giq_" not in capsys.readouterr().err
        assert client.get("/docs").status_code == 404
        assert client.get("/openapi.json").status_code == 404


def test_production_does_not_start_without_a_secret(config: Settings) -> None:
    unsafe = config.model_copy(update={"environment": "production"})
    with pytest.raises(UnsafeSettings), TestClient(create_app(unsafe)):
        pass


def test_development_shows_the_documentation(config: Settings) -> None:
    client = TestClient(create_app(config))
    assert client.get("/docs").status_code == 200
    schema = client.get("/openapi.json").json()
    operations = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert len(operations) == len(set(operations)) >= 26


def test_the_console_may_not_be_framed_or_sniffed(config: Settings) -> None:
    answer = TestClient(create_app(config)).get("/console/")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
