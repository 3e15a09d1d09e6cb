"""Findings as JSON and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.modules.imports.domain.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def findings_to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """A list of ``{code, severity, field?, params?}``."""
    return [
        {"code": f.code, "severity": f.severity.value}
        | ({"field": f.field} if f.field else {})
        | ({"params": dict(f.params)} if f.params else {})
        for f in findings
    ]


def findings_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What ``findings_to_json`` wrote."""
    return tuple(
        Finding(code=d["code"], severity=Severity(d["severity"]), field=d.get("field"), params=d.get("params") or {})
        for d in data
    )
