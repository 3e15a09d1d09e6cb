"""The files that run the system elsewhere: they parse, name real commands and settings, and hold no secret."""

from __future__ import annotations

import configparser
import importlib.util
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from app import telemetry
from app.modules.imports.domain.pipeline import MAINTENANCE_QUEUE, PIPELINE
from app.settings import Settings

ROOT = Path(__file__).parents[4]
WORKER = "python -m app.modules.imports.application.worker_main"
BACKEND = "uvicorn app.main:app --host 0.0.0.0 --port 8000"
MIGRATE = "gestiq-imports migrate"
SETTINGS = {field.alias for field in Settings.model_fields.values()}
COUNTED = {
    "imports_items_processed_total",
    "imports_task_duration_seconds",
    "imports_ocr_latency_seconds",
    "imports_parser_wait_seconds",
    "imports_errors_total",
}
READ = {"imports_queue_depth", "imports_oldest_due_seconds", "imports_dead_letters_open"}


# ------------------------------------------------------------------------------------ the YAML that these files use


def yaml(path: Path) -> Any:  # noqa: ANN401 [a document of any shape]
    """Mappings, sequences, flow lists, quoted and folded text by indentation; anything else is an error."""
    lines = [
        line for line in path.read_text("utf-8").splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    value, rest = _node(lines, 0)
    assert not rest, rest
    return value


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _node(lines: list[str], least: int) -> tuple[Any, list[str]]:
    if not lines or _indent(lines[0]) < least:
        return None, lines
    indent = _indent(lines[0])
    return _sequence(lines, indent) if lines[0].lstrip().startswith("- ") else _mapping(lines, indent)


def _sequence(lines: list[str], indent: int) -> tuple[list[Any], list[str]]:
    values = []
    while lines and _indent(lines[0]) == indent and lines[0].lstrip().startswith("- "):
        content = lines[0].lstrip()[2:]
        if re.match(r"[\w-]+:( |$)", content):
            value, lines = _mapping([" " * (indent + 2) + content, *lines[1:]], indent + 2)
        else:
            value, lines = _scalar(content), lines[1:]
        values.append(value)
    return values, lines


def _mapping(lines: list[str], indent: int) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    while lines and _indent(lines[0]) == indent and not lines[0].lstrip().startswith("- "):
        match = re.fullmatch(r"([\w.-]+):(?: (.*))?", lines[0].strip())
        assert match, lines[0]
        key, text, lines = match[1], match[2], lines[1:]
        assert key not in values, f"{key} twice"
        if text in ("|", ">-"):
            block = [line.strip() for line in lines[: _length(lines, indent)]]
            lines = lines[len(block) :]
            values[key] = ("\n" if text == "|" else " ").join(block)
        elif text is None:
            values[key], lines = _node(lines, indent + 1)
        else:
            values[key] = _scalar(text)
    assert not lines or _indent(lines[0]) <= indent, lines[0]
    return values, lines


def _length(lines: list[str], indent: int) -> int:
    return next((at for at, line in enumerate(lines) if _indent(line) <= indent), len(lines))


def _scalar(text: str) -> Any:  # noqa: ANN401 [see above]
    if text.startswith(('"', "[", "{")):
        return json.loads(text)
    assert ": " not in text, text
    assert text[0] not in "&*!%@`'", text
    return {"true": True, "false": False}.get(text, text)


# ----------------------------------------------------------------------------------------------------------- compose


COMPOSE = yaml(ROOT / "docker-compose.yml")
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_compose_has_these_services_and_no_others() -> None:
    assert list(SERVICES) == ["postgres", "redis", "migrate", "backend", "celery-worker"]


@pytest.mark.parametrize(
    ("service", "command"), [("migrate", MIGRATE), ("backend", BACKEND), ("celery-worker", WORKER)]
)
def test_compose_runs_the_commands_that_exist(service: str, command: str) -> None:
    assert " ".join(SERVICES[service]["command"]) == command


def test_compose_publishes_ports_on_loopback_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_compose_states_no_secret_and_invents_none() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for name, value in environment_values():
        if re.search(r"PASSWORD|SECRET|DSN|URL", name):
            assert re.search(r"\$\{\w+:\?[^}]+\}", value), name
    assert not re.search(r"\$\{\w*(PASSWORD|SECRET)\w*:?-", text)


def environment_values() -> list[tuple[str, str]]:
    return [(name, value) for service in SERVICES.values() for name, value in service.get("environment", {}).items()]


@pytest.mark.parametrize("service", ["migrate", "backend", "celery-worker"])
def test_compose_sets_only_what_is_read(service: str) -> None:
    names = set(SERVICES[service]["environment"])
    assert names <= SETTINGS
    assert {"DB_DSN", "IMPORTS_ENABLED", "IMPORTS_ENV", "IMPORTS_JWT_SECRET"} <= names


def test_only_the_migration_holds_the_strong_role() -> None:
    holders = [name for name, service in SERVICES.items() if "DB_ADMIN_DSN" in service.get("environment", {})]
    assert holders == ["migrate"]
    for service in ("backend", "celery-worker"):
        assert SERVICES[service]["environment"]["DB_DSN"].startswith("postgresql://imports_app:")


def test_backend_and_worker_share_their_settings_and_their_files() -> None:
    backend, worker = SERVICES["backend"], SERVICES["celery-worker"]
    assert backend["environment"] == worker["environment"]
    assert backend["volumes"] == worker["volumes"]
    assert backend["environment"]["IMPORTS_RUNNER_MODE"] == "celery"


def test_nothing_starts_before_the_tables_are_there() -> None:
    for service in ("backend", "celery-worker"):
        assert SERVICES[service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_redis_never_evicts_and_asks_for_a_password() -> None:
    command = " ".join(SERVICES["redis"]["command"])
    assert "--maxmemory-policy noeviction" in command
    assert "--requirepass" in command


# ------------------------------------------------------------------------------------------------------------ render


RENDER = yaml(ROOT / "render.yaml")
RENDERED: dict[str, Any] = {service["name"]: service for service in RENDER["services"]}


def test_render_has_these_services() -> None:
    kinds = {name: service["type"] for name, service in RENDERED.items()}
    assert kinds == {"gestiq-redis": "keyvalue", "gestiq-imports-backend": "web", "gestiq-imports-worker": "worker"}
    assert [database["name"] for database in RENDER["databases"]] == ["gestiq-postgres"]


def test_render_runs_the_commands_that_exist() -> None:
    assert RENDERED["gestiq-imports-backend"]["preDeployCommand"] == MIGRATE
    assert BACKEND in RENDERED["gestiq-imports-backend"]["dockerCommand"]
    assert RENDERED["gestiq-imports-worker"]["dockerCommand"].startswith(WORKER)


def test_render_works_every_queue_and_those_that_open_files_where_the_files_are() -> None:
    here, there = (
        set(re.findall(r"imports_(?!app)\w+", RENDERED[name]["dockerCommand"].partition("--queues")[2]))
        for name in ("gestiq-imports-backend", "gestiq-imports-worker")
    )
    assert here.isdisjoint(there)
    assert here | there == {spec.queue for spec in PIPELINE} | {MAINTENANCE_QUEUE}
    assert there == {"imports_val", "imports_pub"}


@pytest.mark.parametrize("service", ["gestiq-imports-backend", "gestiq-imports-worker"])
def test_render_sets_only_what_is_read_and_states_no_secret(service: str) -> None:
    variables = {variable["key"]: variable for variable in RENDERED[service]["envVars"]}
    assert set(variables) <= SETTINGS | {"PORT"}
    for name, variable in variables.items():
        if re.search(r"SECRET|DSN|URL", name):
            assert "value" not in variable, name


def test_render_keeps_the_strong_role_out_of_what_answers_the_network() -> None:
    assert "unset DB_ADMIN_DSN" in RENDERED["gestiq-imports-backend"]["dockerCommand"]
    assert "DB_ADMIN_DSN" not in {variable["key"] for variable in RENDERED["gestiq-imports-worker"]["envVars"]}


# ----------------------------------------------------------------------------------------------------------- systemd


def test_the_systemd_unit_runs_the_worker_and_gives_it_time_to_stop() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign, assignment]  # [configparser's own way to keep case]
    path = ROOT / "ops/systemd/gestiq-worker-imports.service"
    unit.read_string(path.read_text("utf-8"))
    service = unit["Service"]
    assert service["ExecStart"].endswith(WORKER.removeprefix("python"))
    assert int(service["TimeoutStopSec"]) > 25
    assert service["KillMode"] == "mixed"  # worker_main passes the signal on itself
    assert service["Restart"] == "always"
    assert service["User"] != "root"
    names = set(re.findall(r"^Environment=(\w+)=", path.read_text("utf-8"), re.MULTILINE))
    assert {"IMPORTS_ENABLED", "IMPORTS_RUNNER_MODE", "IMPORTS_ENV"} <= names <= SETTINGS
    assert unit["Install"]["WantedBy"] == "multi-user.target"


# -------------------------------------------------------------------------------------------------------- monitoring


def metrics_in(expression: str) -> set[str]:
    names = re.findall(r"\bimports_[a-z_]+(?=[\[{ )]|$)", re.sub(r"\(queue\)|imports-backend", "", expression))
    return {re.sub(r"(?<=_seconds)_(bucket|count|sum)$", "", name) for name in names}


def test_alerts_rest_on_metrics_that_exist_and_say_what_to_do() -> None:
    rules = yaml(ROOT / "ops/prometheus/alerts.yml")["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    used = set().union(*(metrics_in(rule["expr"]) for rule in rules))
    assert used <= COUNTED | READ
    assert used >= {*READ, "imports_errors_total"}
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]


def test_the_metrics_named_here_are_those_that_are_counted() -> None:
    page, _ = telemetry.render()
    names = set(re.findall(r"^# TYPE (\w+) ", page.decode(), re.MULTILINE))
    assert names == COUNTED


def test_prometheus_loads_the_alerts_and_scrapes_the_backend() -> None:
    config = yaml(ROOT / "ops/prometheus/prometheus.yml")
    assert [(ROOT / "ops/prometheus" / name).is_file() for name in config["rule_files"]] == [True]
    backend, workers = config["scrape_configs"]
    assert backend["metrics_path"] == workers["metrics_path"] == "/metrics"
    assert backend["job_name"] in (ROOT / "ops/prometheus/alerts.yml").read_text("utf-8")


def test_prometheus_scrapes_the_workers_where_compose_publishes_them() -> None:
    [target] = yaml(ROOT / "ops/prometheus/prometheus.yml")["scrape_configs"][1]["static_configs"][0]["targets"]
    worker = SERVICES["celery-worker"]
    port = worker["environment"]["IMPORTS_WORKER_METRICS_PORT"]
    assert worker["ports"] == [f"{target}:{port}"]


def test_the_dashboard_shows_metrics_that_exist_and_does_not_overlap() -> None:
    dashboard = json.loads((ROOT / "ops/grafana/imports.json").read_text("utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert set().union(*map(metrics_in, expressions)) == COUNTED | READ
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    cells = [(x, place["y"]) for place in places for x in range(place["x"], place["x"] + place["w"])]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


# ------------------------------------------------------------------------------------------------------------- image


def test_the_image_is_built_in_stages_from_hashes_and_does_not_run_as_root() -> None:
    text = (ROOT / "ops/docker/Dockerfile").read_text("utf-8")
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.11-slim"] * 2
    assert "--require-hashes" in text
    assert re.search(r"^USER 10001", text, re.MULTILINE)
    (command,) = re.findall(r"^CMD (.*)$", text, re.MULTILINE)
    assert shlex.join(json.loads(command)) == BACKEND


def test_both_deployments_build_that_image() -> None:
    built = {service["build"]["dockerfile"] for service in SERVICES.values() if "build" in service}
    built |= {
        service["dockerfilePath"].removeprefix("./") for service in RENDERED.values() if "dockerfilePath" in service
    }
    assert built == {"ops/docker/Dockerfile"}
    for copied in ("pyproject.toml", "uv.lock"):
        assert (ROOT / "apps/backend" / copied).is_file()


@pytest.mark.parametrize("module", ["app.main", "app.modules.imports.application.worker_main"])
def test_the_modules_that_the_commands_name_exist(module: str) -> None:
    assert importlib.util.find_spec(module) is not None
