"""Whoever guesses credentials is stopped: so many failures a minute from one address, then nothing is looked at."""

from __future__ import annotations

import hashlib
import ipaddress
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

log = structlog.get_logger()

_MOST_ADDRESSES: Final = 10_000
_MOST_KNOWN: Final = 10_000
_MINUTE: Final = 60.0
_IPV6_SITE: Final = 64
"""One customer has a network of this many bits, and 2⁶⁴ addresses to guess from."""


class FailedLogins:
    """A bucket per address in this process. Thread-safe; the addresses longest quiet are forgotten first.

    Credentials that were good a moment ago pass also from an address that is stopped: behind one address there may be
    a whole office, or a proxy that was not named as such.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def wait(self, address: str, credential: str) -> float | None:
        """None when the credential may be looked at, else after how many seconds."""
        with self._lock:
            if _digest(credential) in self._known:
                return None
            left = self._level(address)
        return None if left >= 1.0 else (1.0 - left) * _MINUTE / self._most

    def failed(self, address: str) -> None:
        with self._lock:
            left = max(0.0, self._level(address) - 1.0)
            self._buckets[address] = (left, self._clock())
            self._buckets.move_to_end(address)
            if len(self._buckets) > _MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        log.warning("login_failed", address=address, stopped=left < 1.0)

    def succeeded(self, credential: str) -> None:
        with self._lock:
            self._known[_digest(credential)] = None
            self._known.move_to_end(_digest(credential))
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)

    def refused(self, credential: str) -> None:
        """It was good once, and is no more."""
        with self._lock:
            self._known.pop(_digest(credential), None)

    def _level(self, address: str) -> float:
        left, at = self._buckets.get(address, (self._most, self._clock()))
        return min(self._most, left + (self._clock() - at) * self._most / _MINUTE)


def networks(text: str) -> tuple[Network, ...]:
    """Comma-separated addresses and networks. Raises ``ValueError``."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(request: Request, trusted: Sequence[Network]) -> str:
    """Where a request comes from: the socket's address, or, behind proxies that are trusted, the last that is not."""
    address = request.client.host if request.client else ""
    for stated in reversed(",".join(request.headers.getlist("x-forwarded-for")).split(",")):
        if not _is_in(address, trusted) or not _parsed(stated):
            break
        address = stated.strip()
    return _site(address)


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in trusted)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def _site(address: str) -> str:
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed.packed, _IPV6_SITE), strict=False))
    return address[:64]


def _digest(credential: str) -> bytes:
    return hashlib.sha256(credential.encode()).digest()
