"""How fast this machine is at the moment, so that a limit in seconds of a core means the same on every machine."""

from __future__ import annotations

import time
from typing import Final

_STEPS: Final = 300_000
_USUAL_SECONDS: Final = 0.012
"""What the steps below take on the machine that limits are written for: 40 ns each."""
_TIMES: Final = 3


def usual_seconds(seconds: float) -> float:
    """So many seconds of a core here, in seconds of the usual machine's; a machine that is faster gets no credit."""
    return seconds / max(1.0, min(_measured() for _ in range(_TIMES)) / _USUAL_SECONDS)


def _measured() -> float:
    began = time.process_time()
    total = 0
    for step in range(_STEPS):
        total += step
    return time.process_time() - began
