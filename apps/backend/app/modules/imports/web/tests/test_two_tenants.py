"""Two tenants do whatever they like, in any order; after each step each of them sees exactly what it did, and no more.

``IMPORTS_TENANCY_EXAMPLES=200`` runs it for long.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.conftest import new_tenant
from app.modules.imports.application.tests.driving import advance_until_quiet, invoice_row
from app.modules.imports.web.tests.conftest import Caller, new_key

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

    from app.modules.imports.usecases.house import House

_EXAMPLES = int(os.environ.get("IMPORTS_TENANCY_EXAMPLES", "5"))
_STEPS = 12 if _EXAMPLES <= 20 else 40
_MAPPING = {"target": "invoice", "columns": {"invoice_number": "Factura"}}
_OPEN = ("pending", "processing")
ONE_OF_TWO = st.sampled_from([0, 1])
CHOICE = st.integers(0, 1000)


@dataclass
class Batch:
    """What the model knows of a batch: how many good and bad rows stand where."""

    name: str
    good: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    cancelled: bool = False

    @property
    def counts(self) -> dict[str, int]:
        both = self.good + self.bad
        return {name: both[name] for name in ("pending", "processing", "completed", "failed")}


@dataclass
class Tenant:
    """One tenant, and the model of all that it may see."""

    caller: Caller
    batches: dict[str, Batch] = field(default_factory=dict)
    mappings: set[str] = field(default_factory=set)
    keys: dict[str, bool] = field(default_factory=dict)
    audit: list[str] = field(default_factory=lambda: ["key.create"])
    deleted: set[str] = field(default_factory=set)


class TwoTenants(RuleBasedStateMachine):
    """The machine; the application it talks to is that of the test."""

    application: ClassVar[FastAPI]
    client: ClassVar[TestClient]
    house: ClassVar[House]
    rows: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        """New tenants in the same database: what earlier examples left must not be seen either."""
        self.tenants = []
        for name in ("acme", "globex"):
            tenant_id = new_tenant(self.house.database, name)
            key = new_key(self.house.database, tenant_id)
            self.tenants.append(Tenant(Caller(self.client, self.application, tenant_id, key)))
            [made] = self.tenants[-1].caller.get("/keys").json()["keys"]
            self.tenants[-1].keys[made["id"]] = False

    # ------------------------------------------------------------------------------------------------------ rules

    @rule(who=ONE_OF_TWO, name=st.sampled_from(["March", "April", ""]))
    def make_batch(self, who: int, name: str) -> None:
        tenant = self.tenants[who]
        made = tenant.caller.post("/batches", {"name": name} if name else {}).json()
        tenant.batches[made["id"]] = Batch(name)

    @rule(who=ONE_OF_TWO, which=CHOICE, good=st.integers(0, 3), bad=st.integers(0, 2))
    def bring_rows(self, who: int, which: int, good: int, bad: int) -> None:
        tenant, id_, batch = self._batch(who, which)
        if batch is None or not good + bad:
            return
        rows: list[dict[str, str]] = [invoice_row(self._number()) for _ in range(good)]
        rows += [{"invoice_number": f"BAD-{self._number()}"} for _ in range(bad)]
        answer = tenant.caller.post(f"/batches/{id_}/ingest", {"rows": rows})
        assert answer.status_code == (409 if batch.cancelled else 200), answer.text
        if not batch.cancelled:
            batch.good["pending"] += good
            batch.bad["pending"] += bad

    @rule(who=ONE_OF_TWO)
    def work(self, who: int) -> None:
        tenant = self.tenants[who]
        advance_until_quiet(self.house, tenant.caller.tenant_id)
        for batch in tenant.batches.values():
            for rows, end in ((batch.good, "completed"), (batch.bad, "failed")):
                for state in _OPEN:
                    rows[end] += rows.pop(state, 0)

    @rule(who=ONE_OF_TWO, which=CHOICE)
    def retry(self, who: int, which: int) -> None:
        tenant, id_, batch = self._batch(who, which)
        if batch is None:
            return
        answer = tenant.caller.post(f"/batches/{id_}/retry")
        assert answer.status_code == (409 if batch.cancelled else 200), answer.text
        if not batch.cancelled and (failed := batch.counts["failed"]):
            assert answer.json()["retried"] == failed
            tenant.audit.append("batch.retry")
            for rows in (batch.good, batch.bad):
                rows["processing"] += rows.pop("failed", 0)

    @rule(who=ONE_OF_TWO, which=CHOICE)
    def cancel(self, who: int, which: int) -> None:
        tenant, id_, batch = self._batch(who, which)
        if batch is None:
            return
        stopped = sum(batch.counts[state] for state in _OPEN)
        assert tenant.caller.post(f"/batches/{id_}/cancel").json()["cancelled"] == stopped
        if not batch.cancelled:
            tenant.audit.append("batch.cancel")
        batch.cancelled = True
        for rows in (batch.good, batch.bad):
            for state in _OPEN:
                rows["failed"] += rows.pop(state, 0)

    @rule(who=ONE_OF_TWO, which=CHOICE)
    def delete(self, who: int, which: int) -> None:
        tenant, id_, batch = self._batch(who, which)
        if batch is None:
            return
        may = not any(batch.counts[state] for state in (*_OPEN, "completed"))
        assert tenant.caller.call("DELETE", f"/batches/{id_}").status_code == (204 if may else 409)
        if may:
            del tenant.batches[id_]
            tenant.deleted.add(id_)
            tenant.audit.append("batch.delete")

    @rule(who=ONE_OF_TWO)
    def make_mapping(self, who: int) -> None:
        tenant = self.tenants[who]
        tenant.mappings.add(tenant.caller.post("/mappings", {"name": "m", "definition": _MAPPING}).json()["id"])
        tenant.audit.append("mapping.create")

    @rule(who=ONE_OF_TWO)
    def make_and_revoke_a_key(self, who: int) -> None:
        tenant = self.tenants[who]
        made = tenant.caller.post("/keys", {"name": "k"}).json()
        tenant.keys[made["id"]] = True
        assert tenant.caller.call("DELETE", f"/keys/{made['id']}").status_code == 204
        tenant.audit += ["key.create", "key.revoke"]

    @precondition(lambda self: any(tenant.batches or tenant.mappings for tenant in self.tenants))
    @rule(who=ONE_OF_TWO, which=CHOICE)
    def try_what_is_the_others(self, who: int, which: int) -> None:
        """Ids of the other, of what was deleted, and of nothing: all of it is not there."""
        me, other = self.tenants[who], self.tenants[1 - who]
        batches = [*other.batches, *me.deleted, *other.deleted, str(uuid4())]
        batch = batches[which % len(batches)]
        key = [*other.keys][which % len(other.keys)]
        mapping = next(iter(sorted(other.mappings)), str(uuid4()))
        tries: list[tuple[str, str, Any]] = [
            ("GET", f"/batches/{batch}", None), ("GET", f"/batches/{batch}/items", None),
            ("POST", f"/batches/{batch}/ingest", {"rows": [{"a": 1}]}), ("POST", f"/batches/{batch}/retry", None),
            ("POST", f"/batches/{batch}/cancel", None), ("DELETE", f"/batches/{batch}", None),
            ("PUT", f"/batches/{batch}/hold", None), ("DELETE", f"/keys/{key}", None),
            ("GET", f"/mappings/{mapping}", None), ("DELETE", f"/mappings/{mapping}", None),
        ]  # fmt: skip
        method, path, body = tries[which % len(tries)]
        assert me.caller.call(method, path, json=body).status_code == 404, (method, path)

    # -------------------------------------------------------------------------------------------------- invariant

    @invariant()
    def each_sees_exactly_its_own(self) -> None:
        for tenant in getattr(self, "tenants", []):
            caller = tenant.caller
            listed = caller.get("/batches", params={"limit": 200, "with_status": True}).json()["batches"]
            seen = {b["id"]: (b["name"] or "", {name: b["status"][name] for name in Batch("").counts}) for b in listed}
            assert seen == {id_: (batch.name, batch.counts) for id_, batch in tenant.batches.items()}
            letters = caller.get("/dead-letters", params={"limit": 200}).json()["dead_letters"]
            failed = {id_: batch.counts["failed"] for id_, batch in tenant.batches.items() if batch.counts["failed"]}
            assert dict(Counter(letter["batch_id"] for letter in letters)) == failed
            mappings = caller.get("/mappings", params={"limit": 200}).json()["mappings"]
            assert {mapping["id"] for mapping in mappings} == tenant.mappings
            keys = caller.get("/keys").json()["keys"]
            assert {key["id"]: key["revoked_at"] is not None for key in keys} == tenant.keys
            audit = caller.get("/audit", params={"limit": 200}).json()["entries"]
            assert [entry["action"] for entry in reversed(audit)] == tenant.audit

    def _batch(self, who: int, which: int) -> tuple[Tenant, str, Batch | None]:
        tenant = self.tenants[who]
        ids = sorted(tenant.batches)
        if not ids:
            return tenant, "", None
        id_ = ids[which % len(ids)]
        return tenant, id_, tenant.batches[id_]

    def _number(self) -> int:
        type(self).rows += 1
        return self.rows


@pytest.mark.timeout(0 if _EXAMPLES > 20 else 120)
def test_after_every_step_each_tenant_sees_exactly_what_it_did(
    application: FastAPI, client: TestClient, quiet_house: House
) -> None:
    context = {"application": application, "client": client, "house": quiet_house, "rows": 0}
    machine = type("Machine", (TwoTenants,), context)
    profile = settings(
        max_examples=_EXAMPLES,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=_EXAMPLES <= 20,
    )
    run_state_machine_as_test(machine, settings=profile)
