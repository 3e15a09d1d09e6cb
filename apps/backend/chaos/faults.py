"""The one table of all faults, in the order of the matrix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chaos import broker, broker_away, database, database_refusals, everything, load, processes, storage

if TYPE_CHECKING:
    from chaos.fault import Fault


def _place(fault: Fault) -> tuple[int, str]:
    found = re.fullmatch(r"F(\d+)(\w*)", fault.id)
    assert found is not None
    return int(found[1]), found[2]


_FAMILIES: Final = (processes, broker, broker_away, database, database_refusals, storage, load, everything)
FAULTS: Final = tuple(sorted((fault for family in _FAMILIES for fault in family.FAULTS), key=_place))
