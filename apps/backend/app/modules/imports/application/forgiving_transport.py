"""The Redis transport of kombu, which by itself ends the worker when a queue holds something that is no message."""

from __future__ import annotations

from queue import Empty
from typing import Any

import structlog
from kombu.transport import redis

log = structlog.get_logger()

_REDIS: Any = redis  # it ships no types


class Channel(_REDIS.Channel):  # type: ignore[misc]  # [its base has no types]
    """Drops what cannot be unpacked, once it is read, as if nothing had come."""

    def _brpop_read(self, **options: object) -> object:
        try:
            return super()._brpop_read(**options)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("forged_message", error=type(error).__name__)
            raise Empty from error


class Transport(_REDIS.Transport):  # type: ignore[misc]  # [its base has no types]
    Channel = Channel
