"""Pages to read, made here: invoices printed, scanned as pictures in a PDF, with their words and values as truth."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
from PIL import Image

from app.modules.imports.fields.folding import squash
from app.modules.imports.formats.pdf import PdfPages
from corpus.chance import Chance
from corpus.generating import print_document
from corpus.photograph import scan
from corpus.truth import truth_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np

    from app.modules.imports.domain.page import Word

_DPI: Final = 200
_QUALITY: Final = 80
_SEED: Final = 2026
FIELDS: Final = (
    "invoice_number", "issue_date", "supplier.tax_id", "buyer.tax_id", "totals.net", "totals.tax", "totals.payable",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One page: a picture, what is printed on it, and what it states."""

    picture: bytes
    """JPEG."""
    digital: bytes
    """The PDF that was printed."""
    words: Counter[str]
    values: dict[str, str]


def make_scans(count: int) -> list[Scan]:
    """The same pages every time: documents of one page, through a scanner of middling quality."""
    made: list[Scan] = []
    number = 0
    while len(made) < count:
        chance = Chance(f"bench {_SEED} {number}")
        number += 1
        document = print_document(chance, "page", held_out=number % 3 == 0)
        with PdfPages(document.pdf) as pages:
            printed = pages.text_page(1)
            if pages.count > 1 or printed is None:
                continue
            picture = pages.render(1)
        values = dict(_leaves(truth_of(document.facts)))
        made.append(
            Scan(
                picture=_jpeg(scan(picture, chance)),
                digital=document.pdf,
                words=counted(printed.words),
                values={path: values[path] for path in FIELDS if path in values},
            )
        )
    return made


def write_pdf(scans: Sequence[Scan], path: Path) -> Path:
    """All of them as pages of one PDF without text."""
    first, *others = [Image.open(io.BytesIO(each.picture)) for each in scans]
    first.save(path, "PDF", save_all=True, append_images=others, resolution=_DPI)
    return path


def counted(words: Iterable[Word]) -> Counter[str]:
    """Words as they are compared: letters and digits only."""
    return Counter(key for word in words if (key := squash(word.text)))


def value_at(document: dict[str, Any], path: str) -> str | None:
    """One value of a document's JSON."""
    return dict(_leaves(document)).get(path)


def _jpeg(picture: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    _, encoded = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(encoded.tobytes())


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif value is not None:
        yield path, str(value)
