"""Schemathesis over the whole OpenAPI document of a live site, with two credentials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from app.security import Role
from security import hooks
from security.site import live_site

if TYPE_CHECKING:
    from security.site import Site

_API: Final = "/api/v1/imports"
_INVOICE: Final = Path(__file__).parents[1] / "app/modules/imports/formats/tests/samples/facturae/exempt.xml"
_ROW: Final = {"Factura": "F-1", "Fecha": "2026-03-15", "Total": "121.00"}
_MAPPING: Final = {"columns": {"invoice_number": "Factura", "totals.gross": "Total"}, "target": "invoice"}
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One run: what was tried, what failed, and the run's own words."""

    name: str
    cases: int
    failures: int
    operations: str
    words: str


def attack(*, examples: int, seed: int) -> list[Attack]:
    """An administrator with ids that exist; then another tenant's viewer with the first one's ids."""
    with live_site() as site:
        known = _brought(site.url, site.keys[0][Role.ADMIN])
        own = _own_keys(site)
        first = _run(site.url, site.keys[0][Role.ADMIN], known, _Wanted(examples, seed, {hooks.OWN_KEYS: own}))
        # The first run deletes and cancels what it finds; the second needs its ids alive.
        known = _brought(site.url, site.keys[0][Role.ADMIN])
        foreign = {hooks.OWN_KEYS: own, hooks.FOREIGN: ",".join(known.values())}
        second = _run(site.url, site.keys[1][Role.VIEWER], known, _Wanted(max(5, examples // 4), seed, foreign))
    return [_judged("schemathesis: an administrator", *first), _judged("schemathesis: a stranger's viewer", *second)]


@dataclass(frozen=True, slots=True)
class _Wanted:
    examples: int
    seed: int
    environment: dict[str, str]


def _brought(url: str, key: str) -> dict[str, str]:
    """Things to ask about: a batch with a published document and a failed row, and a mapping."""
    with httpx.Client(base_url=url + _API, headers={"X-API-Key": key}, timeout=30) as client:
        batch = client.post("/batches", json={"name": "March"}).json()["id"]
        client.post(f"/batches/{batch}/files", files={"files": ("invoice.xml", _INVOICE.read_bytes())})
        client.post(f"/batches/{batch}/ingest", json={"rows": [_ROW]})
        mapping = client.post("/mappings", json={"name": "ventas", "definition": _MAPPING}).json()
        until = time.monotonic() + _PATIENCE_SECONDS
        while not client.get(f"/batches/{batch}/status").json()["finished"] and time.monotonic() < until:
            time.sleep(0.2)
        item = client.get(f"/batches/{batch}/items").json()["items"][0]["id"]
    return {"batch_id": batch, "item_id": item, "mapping_id": mapping["id"]}


def _own_keys(site: Site) -> str:
    ids = []
    for keys in site.keys:
        answer = httpx.get(f"{site.url}{_API}/keys", headers={"X-API-Key": keys[Role.ADMIN]}, timeout=30)
        ids += [key["id"] for key in answer.json()["keys"]]
    return ",".join(ids)


def _run(url: str, key: str, known: dict[str, str], wanted: _Wanted) -> tuple[dict[str, Any], str]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        config = Path(folder) / "schemathesis.toml"
        config.write_text(_configured(key, known), encoding="utf-8")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config)),
            *("run", f"{url}/openapi.json", "--checks", "all", "--phases", "coverage,fuzzing,stateful"),
            *("-n", str(wanted.examples), "--seed", str(wanted.seed), "--request-timeout", "20"),
            *("--generation-with-security-parameters", "false", "--generation-database", "none"),
            *("--continue-on-failure", "--no-color", "--report", "json", "--report-json-path", str(report)),
        ]
        environment = {**os.environ, **wanted.environment, "SCHEMATHESIS_HOOKS": "security.hooks", "PYTHONPATH": "."}
        done = subprocess.run(  # noqa: S603  (our own command)
            command, env=environment, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
        )
        words = done.stdout + done.stderr
        return (json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}), words


def _configured(key: str, known: dict[str, str]) -> str:
    parameters = "\n".join(f'"path.{name}" = "{value}"' for name, value in known.items())
    return f'[headers]\n"X-API-Key" = "{key}"\n[parameters]\n{parameters}\n'


def _judged(name: str, report: dict[str, Any], words: str) -> Attack:
    if not report.get("complete"):
        return Attack(name=name, cases=0, failures=1, operations="the run did not end", words=words)
    cases, operations = report["test_cases"], report["operations"]
    return Attack(
        name=name,
        cases=cases["generated"],
        failures=cases["unique_failures"] + cases["errored"],
        operations=f"{operations['tested']} of {operations['total']} operations",
        words=words,
    )
