"""What may go wrong, in one tree.

ImportsError
├── RefusedUpload      the request itself is refused (HTTP 4xx)
│   └── QuotaReached   … because the tenant has used up what it may use; time may heal it
├── Transient          worth another attempt
├── Terminal           no further attempt will help
│   ├── Unreadable     the bytes are broken or not what they claim to be
│   └── Unsupported    understood, and deliberately not handled
└── LeaseLost          the work was taken over by somebody else: drop the result

A plug-in raises only these; anything else is a bug and costs only the item it happened on.
"""

from __future__ import annotations


class ImportsError(Exception):
    """Base of the tree. ``code`` is stable and public; ``detail`` is for people and holds no document content."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[ImportsError], tuple[str, str]]:
        return type(self), (self.code, self.detail)


class RefusedUpload(ImportsError):
    """The request is refused before anything is stored."""

    def __init__(self, code: str, detail: str = "", *, status: int = 422) -> None:
        super().__init__(code, detail)
        self.status = status


class QuotaReached(RefusedUpload):
    """The tenant has used up a quota. ``retry_after``: after how many seconds time will have healed it, if it does."""

    def __init__(self, code: str, detail: str, *, status: int, retry_after: float | None = None) -> None:
        super().__init__(code, detail, status=status)
        self.retry_after = retry_after


class Transient(ImportsError):
    """Another attempt may succeed."""


class Terminal(ImportsError):
    """No attempt will succeed with this input."""


class Unreadable(Terminal):
    """The bytes are broken or are not what they claim to be."""


class Unsupported(Terminal):
    """The input is understood, and deliberately not handled."""


class LeaseLost(ImportsError):
    """The lease of the slice ended; whoever holds it now decides."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("lease_lost", detail)
