"""How fast pages are read and how well, on one core, beside OCRmyPDF and Tesseract on the same pages in the same run.

``python -m bench.pages [--pages N]``. Programs that are not installed are said to be so. Each reader runs in a process
of its own, bound to one core with all that it starts; its start is part of its time.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pypdfium2

from app.modules.imports.adapters.ocr.engines import open_engine
from app.modules.imports.adapters.ocr.page import read_page
from app.modules.imports.adapters.ocr.tesseract import LANGUAGES, read_tsv
from app.modules.imports.adapters.sandbox.jobs import extract
from app.modules.imports.application.bootstrap import load_plugins
from app.modules.imports.domain.canonical_json import to_json
from app.modules.imports.domain.page import Page
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.formats.pdf import PdfPages
from app.modules.imports.formats.pdf_glyphs import read_glyphs, upright_frame
from app.modules.imports.formats.pdf_text import read_words
from bench.figures import Clock, Spent
from bench.scans import counted, make_scans, value_at, write_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.scans import Scan

    Read = Callable[[Sequence[Scan], Path], list[Page]]

_MINUTE: Final = 60
_KIB_PER_MIB: Final = 1024
_DIGITAL_PER_SCAN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigure:
    """One reader's speed and quality. ``spent`` is None where its program is not installed."""

    name: str
    items: int
    spent: Spent | None = None
    word_recall: float | None = None
    field_recall: float | None = None
    peak_mib: float = 0.0
    """Of the largest process that reads."""

    @property
    def per_minute(self) -> float:
        """By processor time: what else runs on the machine moves it little."""
        return self.items * _MINUTE / self.spent.cpu if self.spent else 0.0

    def line(self, ours: float) -> str:
        """One row of the table; ``ours`` is our own speed on the same pages."""
        if self.spent is None:
            return f"{self.name:<34}not installed"
        recalls = "".join(f"{_percent(each):>9}" for each in (self.word_recall, self.field_recall))
        clock = self.items * _MINUTE / self.spent.wall
        times = f"{ours / self.per_minute:.1f}" if ours else ""
        return f"{self.name:<34}{self.per_minute:>10.1f}{clock:>10.1f}{times:>8}{recalls}{self.peak_mib:>10.0f}"


def measure_pages(count: int) -> list[PageFigure]:
    """Ours first, then the others on the same pages, then digital PDFs through the whole reading."""
    scans = make_scans(count)
    with tempfile.TemporaryDirectory() as folder:
        readers = {"ours, OCR of a page": _ours, "OCRmyPDF": _ocrmypdf, "Tesseract": _tesseract}
        found = [_alone(_measured, (name, read, scans, Path(folder))) for name, read in readers.items()]
        found.append(_alone(_digital, (scans, Path(folder))))
    return found


def lines(figures: Sequence[PageFigure]) -> Iterator[str]:
    """The table, line by line."""
    yield f"{'one core':<34}{'/min CPU':>10}{'/min':>10}{'ours ×':>8}{'words':>9}{'fields':>9}{'MiB':>10}"
    ours = figures[0].per_minute
    yield from (figure.line(ours if figure.word_recall is not None else 0.0) for figure in figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("--pages", type=int, default=12, help="pages that each reader reads (default 12)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    chosen = parser.parse_args(arguments)
    figures = measure_pages(chosen.pages)
    sys.stdout.writelines(f"{line}\n" for line in lines(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n", encoding="utf-8")
    return 0


def _alone(measure: Callable[..., PageFigure], arguments: tuple[Any, ...]) -> PageFigure:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def _measured(name: str, read: Read, scans: Sequence[Scan], folder: Path) -> PageFigure:
    _take_one_core()
    load_plugins()
    clock = Clock(os.getpid())
    try:
        pages = read(scans, folder)
    except FileNotFoundError:
        return PageFigure(name=name, items=len(scans))
    figure = PageFigure(name=name, items=len(scans), spent=clock.read(), peak_mib=_peak_mib())
    return replace(figure, word_recall=_word_recall(scans, pages), field_recall=_field_recall(scans, pages))


def _digital(scans: Sequence[Scan], folder: Path) -> PageFigure:
    """From the bytes of a PDF to its document."""
    _take_one_core()
    load_plugins()
    path = folder / "digital.pdf"
    clock = Clock(os.getpid())
    for _ in range(_DIGITAL_PER_SCAN):
        for each in scans:
            path.write_bytes(each.digital)
            extract(str(path), path.name, [])
    count = len(scans) * _DIGITAL_PER_SCAN
    return PageFigure(name="ours, digital PDF to document", items=count, spent=clock.read(), peak_mib=_peak_mib())


def _take_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["OMP_THREAD_LIMIT"] = "1"


def _peak_mib() -> float:
    """Of the largest program started, or of this process where it reads itself."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (started or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / _KIB_PER_MIB


def _ours(scans: Sequence[Scan], folder: Path) -> list[Page]:
    engine = open_engine("paddle")
    with PdfPages(write_pdf(scans, folder / "ours.pdf").read_bytes()) as pages:
        return [read_page(pages.render(number), number, engine) for number in range(1, pages.count + 1)]


def _ocrmypdf(scans: Sequence[Scan], folder: Path) -> list[Page]:
    source, made = write_pdf(scans, folder / "scans.pdf"), folder / "searchable.pdf"
    kind = ("--output-type", "pdf", "--optimize", "0", "--rotate-pages", "--force-ocr")
    _run("ocrmypdf", "--quiet", "--jobs", "1", "-l", LANGUAGES, *kind, str(source), str(made))
    return [_text_beneath(made, number) for number in range(1, len(scans) + 1)]


def _tesseract(scans: Sequence[Scan], folder: Path) -> list[Page]:
    found = []
    for number, each in enumerate(scans, 1):
        picture = folder / "page.jpg"
        picture.write_bytes(each.picture)
        table = _run("tesseract", str(picture), "-", "-l", LANGUAGES, "--psm", "3", "tsv")
        found.append(_ocr_page(number, table))
    return found


def _ocr_page(number: int, table: str) -> Page:
    first = next(row for row in csv.reader(table.splitlines(), delimiter="\t") if row[0] == "1")
    width, height = float(first[8]), float(first[9])
    return Page(number=number, width=width, height=height, words=tuple(read_tsv(table)), source="ocr")


def _run(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(program)
    done = subprocess.run([path, *arguments], check=True, capture_output=True, text=True)  # noqa: S603 [our own arguments]
    return done.stdout


def _text_beneath(path: Path, number: int) -> Page:
    """The invisible text of a searchable scan, which our own reading of a PDF would not take on trust."""
    document = pypdfium2.PdfDocument(path)
    page = document[number - 1]
    text = page.get_textpage()
    try:
        frame = upright_frame(page, text)
        words = read_words(read_glyphs(text, frame, frozenset()), frame)
    finally:
        text.close()
        page.close()
        document.close()
    width, height = frame.size
    return Page(number=number, width=width, height=height, words=words, source="ocr")


def _word_recall(scans: Sequence[Scan], pages: Sequence[Page]) -> float:
    right: Counter[str] = Counter()
    for each, page in zip(scans, pages, strict=True):
        right += each.words & counted(page.words)
    return right.total() / sum(each.words.total() for each in scans)


def _field_recall(scans: Sequence[Scan], pages: Sequence[Page]) -> float:
    """Of the values that the pages state, those that the same search for fields finds on what was read."""
    found = total = 0
    for each, page in zip(scans, pages, strict=True):
        document = to_json(find_fields([replace(page, number=1)]))
        total += len(each.values)
        found += sum(value_at(document, path) == value for path, value in each.values.items())
    return found / total


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
