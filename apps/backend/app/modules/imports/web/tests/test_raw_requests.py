"""Requests that no honest client sends, over a real socket: answered with a refusal, or not at all, and no harm done."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.modules.imports.web.tests.conftest import PREFIX
from app.modules.imports.web.tests.live_server import raw, serving, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.web.tests.conftest import Caller
    from app.settings import Settings

BATCH = json.dumps({"name": "March"}).encode()


@pytest.fixture
def port(admin: Caller) -> Iterator[int]:
    with serving(admin.app) as found:
        yield found


def head(admin: Caller, method: str, path: str, *lines: str) -> bytes:
    wanted = (f"{method} {path} HTTP/1.1", "Host: imports.example", f"X-API-Key: {admin.key}", *lines, "", "")
    return "\r\n".join(wanted).encode("latin-1")


def post_batch(admin: Caller, body: bytes, *lines: str) -> bytes:
    return head(admin, "POST", f"{PREFIX}/batches", *lines, f"Content-Length: {len(body)}") + body


def batches(admin: Caller) -> int:
    return len(admin.get("/batches").json()["batches"])


def test_an_honest_request_over_the_same_socket_is_taken(admin: Caller, port: int) -> None:
    assert status_of(raw(port, post_batch(admin, BATCH, "Content-Type: application/json"))) == 201


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (("Content-Type: text/plain",), BATCH),
        (("Content-Type: application/x-www-form-urlencoded",), b"name=March"),
        (("Content-Type: application/json; charset=utf-16",), "{}".encode("utf-16")),
        (("Content-Type: application/json", "Content-Encoding: gzip"), gzip.compress(BATCH, mtime=0)),
        (("Content-Type: application/json", "Content-Encoding: gzip"), gzip.compress(b" " * 50_000_000, mtime=0)),
        (("Content-Type: application/json", "Content-Length: 3"), BATCH),
        (("Content-Type: application/json", "Transfer-Encoding: chunked"), BATCH),
        (("Content-Type: application/json", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"), BATCH),
        (("Content-Type: application/json", "X-API-Key: giq_other"), BATCH),
        (("Content-Type: application/json", "Authorization: Bearer giq_other"), BATCH),
    ],
    ids=lambda value: "; ".join(value) if isinstance(value, tuple) else str(len(value)),
)
def test_a_request_that_contradicts_itself_makes_nothing(
    admin: Caller, port: int, lines: tuple[str, ...], body: bytes
) -> None:
    status = status_of(raw(port, post_batch(admin, body, *lines)))
    assert status == 0 or 400 <= status < 500, status
    assert batches(admin) == 0


def test_a_second_request_smuggled_in_a_body_is_not_heard(admin: Caller, port: int) -> None:
    inner = post_batch(admin, BATCH, "Content-Type: application/json")
    outer = head(
        admin, "POST", f"{PREFIX}/batches", "Content-Type: application/json", "Content-Length: 4",
        "Transfer-Encoding: chunked",
    )  # fmt: skip
    assert status_of(raw(port, outer + b"0\r\n\r\n" + inner)) == 400
    assert batches(admin) == 0


@pytest.mark.parametrize(
    "path",
    [
        f"{PREFIX}/batches/%2e%2e/%2e%2e/keys",
        f"{PREFIX}/batches/../keys/",
        f"{PREFIX}//batches",
        f"{PREFIX}/batches.",
        f"{PREFIX}/batches%00",
        f"{PREFIX}/batches/\xff\xfe",
        f"{PREFIX}/items/%ff%fe/file",
        "/console/%2e%2e/%2e%2e/backend/pyproject.toml",
        "/console/..%2f..%2fbackend/pyproject.toml",
        "/console/....//....//backend/pyproject.toml",
        "*",
    ],
)
def test_a_path_that_climbs_or_is_no_text_leads_nowhere(admin: Caller, port: int, path: str) -> None:
    answer = raw(port, head(admin, "GET", path))
    assert status_of(answer) in {400, 404, 405, 422}, answer[:200]
    assert b"requires-python" not in answer


def test_uploads_that_break_off_leave_nothing_and_hold_nothing(admin: Caller, port: int, config: Settings) -> None:
    batch = admin.new_batch()
    start = head(
        admin, "POST", f"{PREFIX}/batches/{batch}/files",
        "Content-Type: multipart/form-data; boundary=x", "Content-Length: 5000000",
    )  # fmt: skip
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.xml"\r\n\r\n' + b"<x/>" * 100_000
    with ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda _: raw(port, start + part, hang_up=True), range(60)))
    assert status_of(raw(port, post_batch(admin, BATCH, "Content-Type: application/json"))) == 201
    assert admin.get(f"/batches/{batch}/status").json()["total_items"] == 0
    assert not [path for path in config.files_dir.rglob("*") if path.is_file()]


def test_fifty_at_once_under_one_key_make_one_batch(admin: Caller, port: int) -> None:
    request = post_batch(admin, BATCH, "Content-Type: application/json", "Idempotency-Key: march")
    with ThreadPoolExecutor(16) as pool:
        answers = [status_of(answer) for answer in pool.map(lambda _: raw(port, request), range(50))]
    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert batches(admin) == 1
