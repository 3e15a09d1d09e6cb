"""What a joined row keeps of the lines of its invoice, and the document that is made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import Evidence, Line, Proof
from app.modules.imports.mapping.cells import printed
from app.modules.imports.mapping.conventions import read_number
from app.modules.imports.mapping.problem import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.mapping.numbers import Mark

LINES: Final = "lines of the invoice"
"""The key under which a joined row keeps its ``lines``, and by column how its ``sums`` are printed; nothing stands
there where the rows of one invoice do not prove to be it."""


def with_lines(document: CanonicalDocument, kept: object, mark: Mark | None) -> CanonicalDocument:
    """The document of a joined row with the lines that the row keeps, and its sums as they are printed.

    Raises ValueProblem: ``lines_unproven``.
    """
    lines = kept.get("lines") if isinstance(kept, dict) else None
    if not isinstance(kept, dict) or not isinstance(lines, list):
        raise ValueProblem("lines_unproven")
    sums = kept.get("sums") or {}
    evidence = {path: _added_up(found, sums.get(found.path)) for path, found in document.evidence.items()}
    read = tuple(_line(cells, mark) for cells in lines if isinstance(cells, dict))
    return replace(document, lines=read, evidence=evidence)


def _added_up(found: Evidence, text: object) -> Evidence:
    return replace(found, text=text, proofs=(*found.proofs, Proof.ARITHMETIC)) if isinstance(text, str) else found


def _line(cells: Mapping[str, object], mark: Mark | None) -> Line:
    rate = read_number(cells.get("tax_rate"), mark)
    return Line(
        description=_text(cells.get("description")),
        code=_text(cells.get("code")),
        quantity=read_number(cells.get("quantity"), mark),
        unit_price=read_number(cells.get("unit_price"), mark),
        net_amount=read_number(cells.get("net_amount"), mark),
        tax_rate=None if rate is not None and 0 < rate < 1 else rate,  # a fraction of one, or a rate below one per cent
    )


def _text(cell: object) -> str | None:
    return printed(cell).strip().replace("\x00", "") or None
