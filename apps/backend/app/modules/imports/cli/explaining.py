"""``explain``: how one file was read, as a table, or drawn onto its pages."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.table import Table

from app.modules.imports.adapters.sandbox.pool import Sandbox
from app.modules.imports.cli.explained import State, explain_document
from app.modules.imports.cli.page_sheet import DrawnPage, draw_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.modules.imports.cli.explained import Explained, Field
    from app.modules.imports.domain.canonical import Evidence

_SECONDS: Final = 240.0
_LONGEST_SIDE: Final = 1800
_STYLES: Final = {State.PROVEN: "green", State.UNPROVEN: "yellow", State.CONFLICTING: "red"}
_COLUMNS: Final = ("field", "value", "place", "as printed", "proofs", "confidence", "finding")


class Explaining:
    """One file in a sandbox of its own."""

    def __init__(self, sandbox: Sandbox, file: Path, own_tax_ids: Sequence[str]) -> None:
        self._sandbox = sandbox
        self._file = {"path": str(file), "name": file.name}
        recognised = sandbox.call("recognise", self._file, seconds=_SECONDS)
        self.has_pages = recognised["media_type"] == "application/pdf" or recognised["gives"] == "pages"
        found = sandbox.call("extract", {**self._file, "own_tax_ids": list(own_tax_ids)}, seconds=_SECONDS)
        self.documents: list[Explained] = [explain_document(each, own_tax_ids) for each in found]

    def tables(self) -> Iterator[Table]:
        """One for each document."""
        for number, document in enumerate(self.documents, 1):
            yield _table(document, f"{self._file['name']} · document {number} of {len(self.documents)}")

    def write(self, out: Path, only: int | None) -> list[Path]:
        """Pictures of the pages on which something was found, or of the one asked for: ``out`` itself when it is one,
        else ``out`` with the page's number before its ending. Raises ``Unsupported('page_missing')``.
        """
        wanted = [only] if only else sorted(frozenset[int]().union(*(each.pages() for each in self.documents))) or [1]
        written = []
        for number in wanted:
            path = out if len(wanted) == 1 else out.with_stem(f"{out.stem}-{number}")
            path.write_bytes(draw_sheet(self._drawn(number), self._title(number), self.documents))
            written.append(path)
        return written

    def _drawn(self, number: int) -> DrawnPage:
        asked = {**self._file, "number": number, "longest": _LONGEST_SIDE}
        drawn: dict[str, Any] = self._sandbox.call("page_picture", asked, seconds=_SECONDS)
        png = base64.b64decode(drawn["png"])
        return DrawnPage(number=number, png=png, width=drawn["width"], height=drawn["height"])

    def _title(self, number: int) -> str:
        return f"{self._file['name']} · page {number}"


@contextmanager
def explaining(file: Path, own_tax_ids: Sequence[str]) -> Iterator[Explaining]:
    """Raises ``ImportsError`` when the file cannot be read."""
    sandbox = Sandbox(children=1)
    try:
        yield Explaining(sandbox, file, own_tax_ids)
    finally:
        sandbox.close()


def _table(document: Explained, title: str) -> Table:
    caption = ", ".join(document.findings)
    table = Table(*_COLUMNS, title=escape(f"{title}: {document.doc_type}"), caption=escape(caption) or None)
    for field in document.fields:
        table.add_row(*_cells(field), style=_STYLES[field.state])
    return table


def _cells(field: Field) -> list[str]:
    evidence = field.evidence
    if evidence is None:
        cells = [field.path, field.value, "", "", "", "", " ".join(field.findings)]
    else:
        confidence = "" if evidence.confidence is None else f"{evidence.confidence:.2f}"
        proofs = " ".join(evidence.proofs)
        cells = [field.path, field.value, _where(evidence), evidence.text or "", proofs, confidence]
        cells.append(" ".join(field.findings))
    return [escape(cell) for cell in cells]


def _where(evidence: Evidence) -> str:
    """``page 1 (120, 88)`` of a page; the XML path, or the column, of everything else."""
    if evidence.box is not None and evidence.page is not None:
        return f"{evidence.source} page {evidence.page} ({evidence.box.left:.0f}, {evidence.box.top:.0f})"
    return f"{evidence.source} {evidence.path or ''}".strip()
