"""Makes photographs and scans of printed documents: every page that stands alone becomes a JPEG beside its truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

from corpus.chance import Chance
from corpus.generating import picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def photograph_all(files: Sequence[Path], seed: int) -> list[Path]:
    """The JPEGs in place of the PDFs; documents of several pages are left out, because a photograph shows one."""
    pictures = []
    for path in files:
        pdf, truth = path.read_bytes(), path.with_name(f"{path.name}.truth.json")
        if len(pypdfium2.PdfDocument(pdf)) == 1:
            picture = path.with_suffix(".jpg")
            picture.write_bytes(picture_of(pdf, Chance(f"seen {seed} {path.parent.name} {path.stem}")))
            truth.rename(picture.with_name(f"{picture.name}.truth.json"))
            pictures.append(picture)
    return pictures
