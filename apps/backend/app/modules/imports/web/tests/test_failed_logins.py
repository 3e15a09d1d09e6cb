"""Whoever guesses is stopped by address; whoever has a good credential is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request

from app.modules.imports.web.failed_logins import FailedLogins, address_of, networks
from app.modules.imports.web.tests.conftest import PREFIX

if TYPE_CHECKING:
    from app.modules.imports.web.tests.conftest import Caller


def status(caller: Caller, key: str, **headers: str) -> int:
    answer = caller.client.get(PREFIX + "/batches", headers={"X-API-Key": key, **headers})
    code: int = answer.status_code
    return code


def test_guessing_ends_with_429_and_says_when_to_come_back(admin: Caller) -> None:
    admin.app.state.failed_logins = FailedLogins(5)
    assert [status(admin, f"giq_{n}") for n in range(7)] == [401] * 5 + [429] * 2
    refused = admin.client.get(PREFIX + "/batches", headers={"X-API-Key": "giq_more"})
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 12


def test_a_credential_that_was_good_a_moment_ago_passes_from_an_address_that_is_stopped(
    admin: Caller, stranger: Caller
) -> None:
    admin.app.state.failed_logins = FailedLogins(3)
    assert status(admin, admin.key) == 200
    for n in range(4):
        status(admin, f"giq_{n}")
    assert status(admin, admin.key) == 200
    assert status(stranger, stranger.key) == 429  # good or bad: it is not looked at


def test_no_header_of_the_request_helps_the_one_who_guesses(admin: Caller) -> None:
    admin.app.state.failed_logins = FailedLogins(3)
    codes = [
        status(
            admin,
            f"giq_{n}",
            **{"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"},
        )
        for n in range(5)
    ]
    assert codes == [401] * 3 + [429] * 2


def test_a_request_without_a_credential_is_no_guess(admin: Caller) -> None:
    admin.app.state.failed_logins = FailedLogins(2)
    codes = [admin.client.get(PREFIX + "/batches").status_code for _ in range(5)]
    assert codes == [401] * 5


def test_the_bucket_fills_again_with_time() -> None:
    now = [0.0]
    logins = FailedLogins(60, clock=lambda: now[0])
    for _ in range(60):
        logins.failed("1.2.3.4")
    assert logins.wait("1.2.3.4", "x") == pytest.approx(1.0)
    assert logins.wait("1.2.3.5", "x") is None
    now[0] = 1.0
    assert logins.wait("1.2.3.4", "x") is None


def request(client: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope: dict[str, Any] = {"type": "http", "client": (client, 1), "headers": headers}
    return Request(scope)


@pytest.mark.parametrize(
    ("client", "forwarded", "expected"),
    [
        ("9.9.9.9", ["1.1.1.1"], "9.9.9.9"),
        ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["6.6.6.6, 1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["6.6.6.6", "1.1.1.1, 10.0.0.2"], "1.1.1.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
    ],
)
def test_a_forwarded_address_is_believed_of_trusted_proxies_only(
    client: str, forwarded: list[str], expected: str
) -> None:
    assert address_of(request(client, *forwarded), networks("10.0.0.0/8")) == expected
