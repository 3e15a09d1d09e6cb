"""Who is asking: a principal from an API key or a JWT (RFC 7519, HS256 only). The tenant comes from nowhere else."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import jwt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.settings import Settings

_API_KEY_PREFIX: Final = "giq_"
_ALGORITHM: Final = "HS256"
_REQUIRED: Final = ["exp", "iat", "aud", "iss", "sub"]
_ACCESS: Final = "access"
_LEAST_SECRET_BYTES: Final = 32
_LEAST_SECRET_VARIETY: Final = 8
_LEAST_TOKEN: Final = 16
_EXAMPLE_WORDS: Final = ("example", "changeme", "change-me", "change_me", "your-secret", "insecure", "placeholder")
_LONGEST_CREDENTIAL: Final = 4096


class Role(StrEnum):
    """What a principal may do; each role may do what the ones before it may."""

    VIEWER = "viewer"
    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def covers(self, needed: Role) -> bool:
        """Whether this role is enough where ``needed`` is asked for."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking. ``actor`` names them in the audit trail."""

    tenant_id: UUID
    role: Role
    actor: str


class Unauthorised(Exception):
    """There is no valid credential. Says nothing of the reason: that would help only those who guess."""


class UnsafeSettings(RuntimeError):
    """The process must not start with these settings; the message says which and what to do."""


def refuse_unsafe_settings(settings: Settings) -> None:
    """Raises ``UnsafeSettings`` for a secret that could be guessed, or none in production."""
    if settings.environment == "production":
        _refuse_open_metrics(settings)
    if settings.jwt_secret is None:
        if settings.environment == "production":
            raise UnsafeSettings("IMPORTS_JWT_SECRET must be set in production: at least 32 random bytes")
        return
    secret = settings.jwt_secret.get_secret_value()
    if len(secret.encode()) < _LEAST_SECRET_BYTES or len(set(secret)) < _LEAST_SECRET_VARIETY:
        raise UnsafeSettings("IMPORTS_JWT_SECRET is too short to be a secret: take at least 32 random bytes")
    if any(word in secret.lower() for word in _EXAMPLE_WORDS):
        raise UnsafeSettings("IMPORTS_JWT_SECRET is an example value: take at least 32 random bytes")


def _refuse_open_metrics(settings: Settings) -> None:
    token = _metrics_token(settings)
    if token and len(token) < _LEAST_TOKEN:
        raise UnsafeSettings("IMPORTS_METRICS_TOKEN is too short to be a secret: take at least 16 random characters")
    if settings.metrics_tenants and not token:
        raise UnsafeSettings("IMPORTS_METRICS_TENANTS names tenants in /metrics: set IMPORTS_METRICS_TOKEN too")


def may_read_metrics(authorization: str | None, settings: Settings) -> bool:
    """Whether a request with this header may see ``/metrics``: with the token where there is one, else anybody."""
    token = _metrics_token(settings)
    return not token or hmac.compare_digest((authorization or "").encode(), f"Bearer {token}".encode())


def _metrics_token(settings: Settings) -> str:
    return settings.metrics_token.get_secret_value() if settings.metrics_token else ""


def credential_of(authorization: Sequence[str], api_key: Sequence[str]) -> str:
    """The one credential of a request, from the values of its two headers. Raises ``Unauthorised``."""
    if len(authorization) + len(api_key) != 1:  # none, or two that could contradict each other
        raise Unauthorised
    credential = api_key[0] if api_key else _bearer(authorization[0])
    if not 0 < len(credential) <= _LONGEST_CREDENTIAL or not credential.isascii():
        raise Unauthorised
    return credential


def principal_of(credential: str, settings: Settings, find_key: Callable[[str], Principal | None]) -> Principal:
    """Whom an API key or a token stands for. Raises ``Unauthorised``."""
    if credential.startswith(_API_KEY_PREFIX):
        principal = find_key(credential)
        if principal is None:
            raise Unauthorised
        return principal
    return _principal_of_token(credential, settings)


def _bearer(header: str) -> str:
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorised
    return credential.strip()


def _principal_of_token(token: str, settings: Settings) -> Principal:
    if settings.jwt_secret is None:
        raise Unauthorised
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[_ALGORITHM],
            audience=settings.jwt_audience,
            issuer=settings.jwt_issuer,
            options={"require": _REQUIRED},
        )
        if claims.get("typ") != _ACCESS:
            raise Unauthorised
        return Principal(
            tenant_id=UUID(claims["tenant_id"]), role=Role(claims["role"]), actor=f"user:{claims['sub']}"[:200]
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError):
        raise Unauthorised from None
