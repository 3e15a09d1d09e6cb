"""Collects, field by field, where a value stands on the page, how it is printed there and what proves it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from app.modules.imports.domain.canonical import Evidence, Proof
from app.modules.imports.fields.proofs import LABELLED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.modules.imports.domain.canonical import Box
    from app.modules.imports.fields.codes import Stated
    from app.modules.imports.fields.layout import Row, Sheet, Token

_PROVEN = 0.99
_UNLABELLED = 0.6


class Printed(Protocol):
    """Anything found on a row of a page."""

    @property
    def row(self) -> Row: ...
    @property
    def tokens(self) -> tuple[Token, ...]: ...
    @property
    def box(self) -> Box: ...


@dataclass(slots=True)
class Ledger:
    """The evidence of a document while it is being read."""

    sheet: Sheet
    entries: dict[str, Evidence] = field(default_factory=dict)

    def put(self, path: str, found: Printed, proofs: Sequence[Proof] = (), *, labelled: bool = True) -> None:
        """Notes a value that stands on a page."""
        text = " ".join(token.text for token in found.tokens)
        worst = min((token.confidence for token in found.tokens), default=1.0)
        self.place(path, found.row.page, found.box, text, (worst, tuple(proofs), labelled))

    def place(self, path: str, page: int, box: Box, text: str, belief: tuple[float, tuple[Proof, ...], bool]) -> None:
        """The same from parts; ``belief``: the worst word's confidence, the proofs, whether a label announces it."""
        worst, proofs, labelled = belief
        ceiling = _PROVEN if proofs else (LABELLED if labelled else _UNLABELLED)
        confidence = ceiling if proofs else round(min(ceiling, worst * ceiling / LABELLED), 3)
        self.entries[path] = Evidence(
            source=self._source(page, box), page=page, box=box, text=text, proofs=proofs, confidence=confidence,
        )  # fmt: skip

    def state(self, path: str, stated: Stated) -> None:
        """Notes a value that a fiscal code states."""
        self.entries[path] = Evidence(
            source="code",
            page=stated.page,
            box=stated.box,
            text=stated.text,
            proofs=(Proof.FISCAL_CODE,),
            confidence=1.0,
        )

    def prove(self, path: str, proof: Proof) -> None:
        """Adds a proof to what is already noted."""
        known = self.entries.get(path)
        if known is not None and proof not in known.proofs:
            self.entries[path] = replace(known, proofs=(*known.proofs, proof), confidence=_PROVEN)

    def _source(self, number: int, box: Box) -> str:
        """The page's own, but ``ocr`` where a drawn word within a page of text is what was read."""
        page = next((each for each in self.sheet.pages if each.number == number), None)
        if page is None:
            return "text"
        return "ocr" if any(word.drawn and _holds(box, word.box) for word in page.words) else page.source


def _holds(box: Box, inner: Box) -> bool:
    """Whether the middle of one box lies in the other."""
    across, down = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return box.left <= across <= box.right and box.top <= down <= box.bottom
