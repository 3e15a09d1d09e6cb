"""How much work a mapping may ask for: every row of a table does all of it, in a worker that others wait for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from app.modules.imports.mapping.model import MOST_TRANSFORMS_OF_A_FIELD
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.mapping.model import TableMapping, Transform

MOST_TRANSFORMS: Final = 200
MOST_COLUMNS: Final = 500


def refuse_too_much(
    mapping: TableMapping | None,
    transforms: Mapping[str, Sequence[Transform]] | None = None,
    defaults: Mapping[str, object] | None = None,
) -> None:
    """For a mapping, what a request lays over it, or both. A value that is declared counts as a column.

    Raises ValueProblem: ``too_many_transforms``, ``too_many_columns``.
    """
    columns = len(defaults or {})
    by_field = Counter({path: len(chain) for path, chain in (transforms or {}).items()})
    if mapping is not None:
        columns += len(mapping.defaults) + sum(len(rule.columns) for rule in mapping.columns.values())
        by_field.update({path: len(rule.transforms) for path, rule in mapping.columns.items()})
    if columns > MOST_COLUMNS:
        raise ValueProblem("too_many_columns", f"at most {MOST_COLUMNS}")
    if by_field.total() > MOST_TRANSFORMS or any(n > MOST_TRANSFORMS_OF_A_FIELD for n in by_field.values()):
        most = f"{MOST_TRANSFORMS_OF_A_FIELD} for a field and {MOST_TRANSFORMS} in a mapping"
        raise ValueProblem("too_many_transforms", f"at most {most}")
