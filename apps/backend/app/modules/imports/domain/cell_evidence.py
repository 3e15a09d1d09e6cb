"""Evidence of a row's values: of each only its column and its text are kept, the rest is the same for every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.domain.canonical import Evidence, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOURCE: Final = "cell"
_PROOFS: Final = (Proof.STRUCTURED,)
_COLUMN_AND_TEXT: Final = 2


class CellEvidence(Mapping[str, Evidence]):
    """Reads as a mapping of field path to evidence, which is made when somebody asks: most rows are never asked.

    ``cells`` holds for each field path either (column, text as printed), or evidence that is not a cell's.
    """

    __slots__ = ("_cells",)

    def __init__(self, cells: Mapping[str, tuple[str, str] | Evidence]) -> None:
        self._cells = cells

    def __getitem__(self, path: str) -> Evidence:
        cell = self._cells[path]
        return cell if isinstance(cell, Evidence) else cell_evidence(*cell)

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)

    def __repr__(self) -> str:
        return repr(dict(self))

    @property
    def cells(self) -> Mapping[str, tuple[str, str] | Evidence]:
        return self._cells


def cell_evidence(column: str, text: str) -> Evidence:
    """What a mapped cell proves: its column says what it is."""
    return Evidence(source=_SOURCE, path=column, text=text, proofs=_PROOFS)


def evidence_in_full(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Stored evidence as the public JSON has it: ``[column, text]`` is written out."""
    return {path: _in_full(stored) if isinstance(stored, list) else stored for path, stored in evidence.items()}


def _in_full(stored: list[str]) -> dict[str, Any]:
    column, text = stored[:_COLUMN_AND_TEXT]
    return {"source": _SOURCE, "path": column, "text": text, "proofs": [proof.value for proof in _PROOFS]}
