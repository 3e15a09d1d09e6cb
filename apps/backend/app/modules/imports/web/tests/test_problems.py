"""Whatever goes wrong is a problem document with a code, and tells nothing that it should not."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.modules.imports.web.tests.conftest import PREFIX

if TYPE_CHECKING:
    from httpx import Response

    from app.modules.imports.web.tests.conftest import Caller


def sent(admin: Caller, body: bytes, path: str = "/batches") -> Response:
    return admin.call("POST", path, content=body, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": "x"', "json_malformed"),
        (b'{"name": "\xff"}', "json_malformed"),
        (b'{"name": NaN}', "json_number_refused"),
        (b'{"name": Infinity}', "json_number_refused"),
        (b'{"name": 1e400}', "json_number_refused"),
        (b'{"name": 0.12345678901234567890123}', "json_number_refused"),
        (b'{"name": ' + b"9" * 5000 + b"}", "json_number_refused"),
        (b'{"name": "a\\u0000b"}', "json_text_refused"),
        (b'{"a\\u0000b": 1}', "json_text_refused"),
        (b'{"name": "\\ud800"}', "json_text_refused"),
        (b'{"name": "x", "name": "y"}', "json_duplicate_key"),
        (b'{"name": ' + b"[" * 50 + b"]" * 50 + b"}", "json_too_deep"),
        (b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
        (b"[]", "request_invalid"),
        (b"", "request_invalid"),
    ],
)
def test_json_that_cannot_be_stored_unchanged_is_refused(admin: Caller, body: bytes, code: str) -> None:
    answer = sent(admin, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_numbers_and_texts_of_a_row_are_stored_as_they_came(admin: Caller) -> None:
    batch = admin.new_batch()
    row = {"a": 1234.10, "b": 10**40, "c": "Ñandú €𝄞", "d": None, "e": True, "__proto__": "x", "f": "'; DROP TABLE --"}
    assert admin.post(f"/batches/{batch}/ingest", {"rows": [row]}).status_code == 200
    [item] = admin.get(f"/batches/{batch}/items").json()["items"]
    assert admin.get(f"/items/{item['id']}").json()["raw"] == row


def test_a_body_beyond_the_limit_is_refused_whatever_length_it_claims(admin: Caller) -> None:
    def endless() -> object:
        for _ in range(100):
            yield b" " * 1024 * 1024

    honest = sent(admin, b" " * 50 * 1024 * 1024)
    chunked = admin.call("POST", "/batches", content=endless(), headers={"Content-Type": "application/json"})
    for answer in (honest, chunked):
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_problem_has_the_members_of_the_standard_and_a_code(admin: Caller) -> None:
    answer = admin.get("/batches/00000000-0000-4000-8000-000000000000")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:gestiq-imports:problem:batch_not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "",
        "code": "batch_not_found",
    }


def test_an_unknown_route_and_a_wrong_method_are_problems_too(admin: Caller) -> None:
    assert admin.get("/nothing").json()["code"] == "not_found"
    wrong = admin.call("DELETE", "/batches")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "Allow" in wrong.headers


def test_a_wrong_method_is_told_all_the_right_ones(admin: Caller) -> None:
    assert admin.call("PATCH", "/batches").headers["Allow"] == "GET, POST"
    assert admin.call("OPTIONS", f"/mappings/{uuid4()}").headers["Allow"] == "DELETE, GET, PUT"


def test_a_refused_value_is_named_but_not_repeated(admin: Caller) -> None:
    answer = admin.post("/batches", {"name": "secret-" * 100})
    assert answer.json()["errors"] == [
        {"field": "body.name", "code": "string_too_long", "detail": "String should have at most 200 characters"}
    ]
    assert "secret" not in answer.text


def test_half_a_character_in_a_cursor_is_refused(admin: Caller) -> None:
    position = json.dumps(["\ud800", str(uuid4())]).encode()
    answer = admin.get("/mappings", params={"cursor": base64.urlsafe_b64encode(position).decode().rstrip("=")})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


def test_a_bug_shows_no_trace_of_itself(admin: Caller) -> None:
    admin.app.state.house = "not a house"
    client = type(admin.client)(admin.app, raise_server_exceptions=False)
    answer = client.get(PREFIX + "/batches", headers={"X-API-Key": admin.key})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "Traceback" not in answer.text
    assert "house" not in json.dumps(answer.json())
