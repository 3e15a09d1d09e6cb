"""Secrets that could be guessed, and credentials that are none."""

from __future__ import annotations

import pytest

from app.security import Role, Unauthorised, UnsafeSettings, credential_of, refuse_unsafe_settings
from app.settings import Settings

GOOD = "pT7-vq2_Zc9.LmX4wKd8RbN1sYh6GfJ3"


def settings(environment: str, secret: str | None) -> Settings:
    return Settings.model_validate({"IMPORTS_ENV": environment, "IMPORTS_JWT_SECRET": secret})


@pytest.mark.parametrize("secret", ["short", "x" * 64, "change-me-" + GOOD, "EXAMPLE" + GOOD, "aább" * 8])
@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_secret_that_could_be_guessed_is_refused(environment: str, secret: str) -> None:
    with pytest.raises(UnsafeSettings, match="IMPORTS_JWT_SECRET"):
        refuse_unsafe_settings(settings(environment, secret))


def test_production_needs_a_secret_and_development_does_not() -> None:
    refuse_unsafe_settings(settings("development", None))
    refuse_unsafe_settings(settings("production", GOOD))
    with pytest.raises(UnsafeSettings, match="must be set"):
        refuse_unsafe_settings(settings("production", None))


@pytest.mark.parametrize(
    ("authorization", "api_key"),
    [
        ([], []),
        (["Basic eDp5"], []),
        (["Bearer"], []),
        (["Bearer "], []),
        (["Bearer a", "Bearer b"], []),
        (["Bearer a"], ["b"]),
        ([], ["a", "a"]),
        ([], [""]),
        ([], ["ñ"]),
        ([], ["x" * 5000]),
    ],
)
def test_none_or_two_credentials_are_refused(authorization: list[str], api_key: list[str]) -> None:
    with pytest.raises(Unauthorised):
        credential_of(authorization, api_key)


def test_the_credential_is_taken_from_either_header() -> None:
    assert credential_of(["bearer abc"], []) == "abc"
    assert credential_of([], ["abc"]) == "abc"


def test_roles_stand_in_order() -> None:
    order = [Role.VIEWER, Role.UPLOADER, Role.REVIEWER, Role.ADMIN]
    for place, role in enumerate(order):
        assert [role.covers(needed) for needed in order] == [n <= place for n in range(4)]
