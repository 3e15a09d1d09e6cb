"""Logs: one JSON object a line in production, readable lines in development; UTC, and nothing of the documents."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING, Final

import structlog

from app.modules.imports.domain.errors import ImportsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from structlog.typing import EventDict, Processor, WrappedLogger

_LONGEST: Final = 500
_WITH_HANDLERS_OF_THEIR_OWN: Final = ("uvicorn", "uvicorn.error", "uvicorn.access")
"""The server prints the traceback of whatever nobody caught, with the messages of libraries."""
_WITHHELD: Final = "[withheld]"
_OF_DOCUMENTS: Final = frozenset(
    {
        "content",
        "raw",
        "text",
        "body",
        "document",
        "canonical",
        "row",
        "rows",
        "words",
        "payload",
        "work",
        "corrections",
    }
)
_SECRET: Final = frozenset({"password", "token", "secret", "authorization", "cookie", "dsn", "api_key", "jwt"})
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def configure_logging(*, production: bool, level: str = "INFO") -> None:
    """For this process: our own logs and those of every library take the same way to standard output."""
    shared = _processors(production=production)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(production=production)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _WITH_HANDLERS_OF_THEIR_OWN:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True


def _processors(*, production: bool) -> Sequence[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold,
        *([describe_exception] if production else []),
    ]


def _renderer(*, production: bool) -> Processor:
    if production:
        return structlog.processors.JSONRenderer(sort_keys=True)
    return structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback)


def withhold(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Document text and secrets stay out, long values are cut, and no value can begin a new line."""
    return {key: _WITHHELD if key in _OF_DOCUMENTS | _SECRET else _harmless(value) for key, value in event.items()}


def _harmless(value: object) -> object:
    match value:
        case str():
            cut = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}… ({len(value)} characters)"
            return cut.translate(_CONTROLS)
        case bytes() | bytearray() | memoryview():
            return f"[{len(value)} bytes]"
        case _:
            return value


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Where it happened and of which type. The message only of our own errors, which hold no document content:
    messages of libraries quote what they could not read.
    """
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given is True:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = _chain(error)
    return event


def _chain(error: BaseException | None) -> list[dict[str, object]]:
    described: list[dict[str, object]] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        described.append(
            {
                "type": type(error).__qualname__,
                "message": _harmless(str(error)) if isinstance(error, ImportsError) else _WITHHELD,
                "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return described
