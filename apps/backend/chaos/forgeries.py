"""Messages that nobody of ours has sent: what somebody who reaches the broker may put into a queue."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from app.modules.imports.domain.pipeline import PIPELINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_LARGE: Final = 50 * 1024 * 1024
_PICKLE: Final = b"\x80\x04N."


def forgeries(tenant: UUID, other: UUID, *, large: bool) -> Iterator[tuple[str, bytes]]:
    """Queue and message. ``large`` adds one of 50 MB."""
    for spec in PIPELINE:
        queue, task = spec.queue, spec.task_name
        yield queue, b"not json"
        yield queue, b"[]"
        yield queue, message(queue, task, b"not json")
        yield queue, message(queue, task, _PICKLE, content_type="application/x-python-serialize")
        yield queue, message(queue, "os.system", _body([["true"], {}, {}]))
        for kwargs in _arguments(tenant, other):
            yield queue, message(queue, task, _body([[], kwargs, {}]))
    if large:
        first = PIPELINE[0]
        filler = {"tenant_id": "x" * _LARGE}
        yield first.queue, message(first.queue, first.task_name, _body([[], filler, {}]))


def message(queue: str, task: str, body: bytes, *, content_type: str = "application/json") -> bytes:
    """An envelope as kombu writes it."""
    envelope: dict[str, Any] = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8",
        "content-type": content_type,
        "headers": {"lang": "py", "task": task, "id": str(uuid4()), "retries": 0, "argsrepr": "()", "kwargsrepr": "{}"},
        "properties": {
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": queue},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": str(uuid4()),
        },
    }
    return json.dumps(envelope).encode()


def _arguments(tenant: UUID, other: UUID) -> list[dict[str, object]]:
    return [
        {},
        {"tenant_id": None},
        {"tenant_id": 7},
        {"tenant_id": str(uuid4())},
        {"tenant_id": {"$ne": 1}},
        {"tenant_id": "' OR true --"},
        {"tenant_id": str(other), "item_id": str(uuid4()), "batch_id": str(tenant), "stage": "publish"},
        {"tenant_id": str(tenant), "item_id": str(uuid4()), "schema_version": 99},
    ]


def _body(content: object) -> bytes:
    return json.dumps(content).encode()
