"""Whether a row of a bank's export was booked: banks and wallets also list what was refused or still waits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.vocabulary import fold_header

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOOKED: Final = re.compile(
    r"^(complet\w*|settled|booked|posted|cleared|executed|succe\w*|paid|contabiliz\w*|ejecutad\w*|realizad\w*|liquidad\w*"
    r"|procesad\w*|aplicad\w*|confirm\w*|efectuad\w*|abonad\w*|pagad\w*|finalizad\w*|ok|approved|aprobad\w*)\b"
)
_UNBOOKED: Final = re.compile(
    r"\b(pending|pendientes?|revert\w*|declin\w*|fail\w*|reject\w*|cancel\w*|rechazad\w*|anulad\w*|fallid\w*|denegad\w*"
    r"|denied|expired|expirad\w*|caducad\w*|void\w*|retenid\w*|curso|proceso|progress|processing|hold|blocked|bloquead\w*)\b"
)


def is_unbooked(cell: object) -> bool:
    """Whether the word of a status says that the account never moved."""
    return isinstance(cell, str) and bool(_UNBOOKED.search(_folded(cell)))


def are_statuses(cells: Sequence[object]) -> bool:
    """Whether every cell is the word of a status."""
    return bool(cells) and all(isinstance(cell, str) and _is_status(_folded(cell)) for cell in cells)


def _is_status(word: str) -> bool:
    return bool(_BOOKED.search(word) or _UNBOOKED.search(word))


def _folded(cell: str) -> str:
    return fold_header(cell.replace("_", " "))
