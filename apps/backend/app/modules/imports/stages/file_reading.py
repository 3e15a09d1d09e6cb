"""What is done with the bytes of a file, from recognising it to its documents. Runs inside the parser wall."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from app.modules.imports.domain.canonical import Box
from app.modules.imports.domain.canonical_json import to_json
from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.domain.file_name import shown_name
from app.modules.imports.domain.page import Code, Page
from app.modules.imports.formats.claimed_name import name_notes
from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.mapping.bank_neighbours import tables_of_sheet
from app.modules.imports.mapping.bank_sheet import read_bank_sheets
from app.modules.imports.mapping.rows import RowError, read_row
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.whole_table import infer_table_mapping
from app.modules.imports.ports import Documents, Members, Pages, Tables
from app.modules.imports.stages.attachments import attached_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import CodeReader, Content, Member, PageSource, Probe, Reader, Table

    Bookmark = Sequence[int]
    """The number of a table in its file, and the row of it to go on with."""

_NAMES = {Documents: "documents", Tables: "tables", Members: "members", Pages: "pages"}
_LONGEST_SECONDS = 150
"""Of reading pages: a little less than the stage has, whose end says nothing of the document."""
_NARROWEST = 8
_SLIMMEST = 60
"""Of the long side to the short one; a till roll of three metres has 38."""
_MOST_DOCUMENTS = 20_000
"""About as many invoices as the largest file that is parsed at all can hold."""
_ROWS_PER_BATCH = 2_000
_MOST_LOOSE_ROWS = 10_000
_MOST_STATEMENT_ROWS = 20_000
"""A bank sheet longer than this is imported row by row instead of as one statement."""
_MOST_CELLS_HELD = 500_000
_MOST_ROWS_ABOVE = 40
"""Of a table that names the account of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReader:
    """How pictures are read: a whole page of them, or only the codes beside a text layer."""

    read: Callable[[NDArray[np.uint8], int], Page]
    codes: CodeReader


@contextmanager
def opened(path: Path, name: str) -> Iterator[tuple[Reader, Probe, Content]]:
    """The reader that knows the file, and its content while the file is open. Raises ``Unsupported``."""
    with path.open("rb") as file:
        reader, probe = _reader(file, name)
        yield reader, probe, reader.read(file, probe)


def recognise(path: Path, name: str) -> dict[str, str]:
    """``{"reader", "gives", "media_type"}``; a PDF that carries its own XML, and a bank's sheet, give documents."""
    with path.open("rb") as file:
        reader, probe = _reader(file, name)
        gives, by = _NAMES[reader.gives], reader.name
        if reader.gives in (Pages, Tables):
            content = reader.read(file, probe)
            stated = _stated(content)
            if stated is not None:
                gives, by = "documents", f"{reader.name}+{stated[1]}"
    return {"reader": by, "gives": gives, "media_type": probe.media_type}


def documents(path: Path, name: str) -> list[CanonicalDocument]:
    """The documents that the file states itself. Raises ``Unreadable`` when there are none."""
    with opened(path, name) as (_, probe, content):
        stated = _stated(content)
        if stated is None or not stated[0]:
            raise Unreadable("no_document", "the file states no document")
        if len(stated[0]) > _MOST_DOCUMENTS:
            raise Unsupported("too_many_documents", f"{len(stated[0])}, at most {_MOST_DOCUMENTS} in one file")
        notes = name_notes(probe)
        return [replace(found, findings=(*found.findings, *notes)) if notes else found for found in stated[0]]


def _reader(file: BinaryIO, name: str) -> tuple[Reader, Probe]:
    probe = probe_file(file, name)
    reader = best_reader(probe)
    if reader is None:
        raise Unsupported("unsupported_format", probe.media_type)
    file.seek(0)
    return reader, probe


def _stated(content: Content) -> tuple[Sequence[CanonicalDocument], str] | None:
    """What the content states of itself, and who read it; None when it has to be looked at."""
    match content:
        case Documents(documents=found):
            return found, "document"
        case Pages(source=source):
            return attached_documents(source.attachments())
        case Tables(tables=tables):
            sheets = _sheets_of(tables)
            return (sheets, "bank_sheet") if sheets else None
        case _:
            return None


def _sheets_of(tables: Sequence[Table]) -> list[CanonicalDocument]:
    """The statements of all tables, and a document of no kind for each table beside them that is none. A page or a
    workbook may name the account of its one statement in a table above.
    """
    found = [_sheets(table) for table in tables]
    stated = [place for place, sheets in enumerate(found) if sheets]
    if len(stated) == 1 and stated[0] and len(found[stated[0]]) == 1:
        short = (islice(table.rows(), _MOST_ROWS_ABOVE) for table in tables[: stated[0]] if _is_short(table))
        above = [row for rows in short for row in rows]
        found[stated[0]] = _sheets(tables[stated[0]], above)
    sheets = [sheet for sheets in found for sheet in sheets]
    if sheets:
        sheets += [other for table, own in zip(tables, found, strict=True) if not own for other in _others(table)]
    return sheets


def _others(table: Table) -> Sequence[CanonicalDocument]:
    """As far down as cells can be held: what begins further below is not told."""
    rows, cells = [], 0
    for row in islice(table.rows(), _MOST_STATEMENT_ROWS):
        cells += len(row)
        if cells > _MOST_CELLS_HELD:
            break
        rows.append(row)
    return tables_of_sheet(rows, table.name)


def _is_short(table: Table) -> bool:
    return table.height is None or table.height <= _MOST_ROWS_ABOVE


def _sheets(table: Table, above: Sequence[tuple[object, ...]] = ()) -> Sequence[CanonicalDocument]:
    """Walked once where its cells can be held: each walk through a workbook lays out the whole sheet."""
    if table.height is not None and table.height > _MOST_STATEMENT_ROWS:
        return ()
    rows, cells = [], 0
    for row in islice(table.rows(), _MOST_STATEMENT_ROWS + 1):
        rows.append(row)
        cells += len(row)
        if cells > _MOST_CELLS_HELD:
            return _wide_sheets(table, above)
    if len(rows) > _MOST_STATEMENT_ROWS:
        return ()
    return read_bank_sheets(replace(table, rows=lambda: iter(rows)), above)


def _wide_sheets(table: Table, above: Sequence[tuple[object, ...]]) -> Sequence[CanonicalDocument]:
    longest = sum(1 for _ in islice(table.rows(), _MOST_STATEMENT_ROWS + 1))
    return read_bank_sheets(table, above) if longest <= _MOST_STATEMENT_ROWS else ()


def pages(source: PageSource, reader: PageReader) -> list[Page]:
    """Each page by its text layer where it has one, with the codes on its picture; by OCR where it has none."""
    until = time.monotonic() + _LONGEST_SECONDS
    found = []
    for number in range(1, source.count + 1):
        if time.monotonic() > until:
            raise Unsupported(
                "too_many_pages", f"{number - 1} of {source.count} were read in {_LONGEST_SECONDS} seconds"
            )
        found.append(_page(source, number, reader))
    if found and found[0].source == "text" and not _names_a_supplier(found):
        # A letterhead is often a picture or outlines: the text layer then never names who sends the document.
        found[0] = _with_drawn_words(found[0], _drawn(source.render(1), 1, reader))
    return found


def _names_a_supplier(found: Sequence[Page]) -> bool:
    from app.modules.imports.fields.reading import find_fields  # noqa: PLC0415  (heavy, and only pages have fields)

    return find_fields(found).supplier.tax_id is not None


def _with_drawn_words(printed: Page, drawn: Page) -> Page:
    """The page with what OCR reads where the text layer has nothing."""
    scale = printed.width / drawn.width
    boxes = [word.box for word in printed.words]
    scaled = (replace(word, box=_scaled_box(word.box, scale), line=None, drawn=True) for word in drawn.words)
    more = tuple(word for word in scaled if not any(_overlap(word.box, box) for box in boxes))
    return replace(printed, words=(*printed.words, *more))


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0


def _page(source: PageSource, number: int, reader: PageReader) -> Page:
    printed = source.text_page(number)
    if printed is None:
        return _drawn(source.render(number), number, reader)
    if number not in (1, source.count):  # where the law puts its codes: VeriFactu on the first, TicketBAI on the last
        return printed
    picture = source.render(number, fine=True)
    scale = printed.width / picture.shape[1]
    codes = tuple(_scaled(code, scale) for code in reader.codes.read(picture))
    return replace(printed, codes=codes) if codes else printed


def _drawn(picture: NDArray[np.uint8], number: int, reader: PageReader) -> Page:
    if has_room_for_text(picture):
        return reader.read(picture, number)
    height, width = picture.shape[:2]
    return Page(number=number, width=width, height=height, words=(), source="ocr")


def has_room_for_text(picture: NDArray[np.uint8]) -> bool:
    """Whether a line of text fits in; an engine that enlarges narrow pictures would fill the memory with others."""
    shorter, longer = sorted(picture.shape[:2])
    return bool(shorter >= _NARROWEST and longer <= _SLIMMEST * shorter)


def _scaled(code: Code, scale: float) -> Code:
    return Code(code.symbology, code.text, _scaled_box(code.box, scale))


def _scaled_box(box: Box, scale: float) -> Box:
    return Box(*(edge * scale for edge in (box.left, box.top, box.right, box.bottom)))


def loose_documents(path: Path, name: str) -> list[CanonicalDocument]:
    """The documents of a file outside any batch: stated ones, or one per row of a table. Rows that are none are left
    out, and a file of which nothing is left raises what its first row raised.
    """
    with opened(path, name) as (_, _, content):
        stated = _stated(content)
        if stated is not None:
            return list(stated[0])
        if not isinstance(content, Tables):
            raise Unsupported("no_document", "the file states no document")
        return _row_documents(content)


def _row_documents(content: Tables) -> list[CanonicalDocument]:
    found: list[CanonicalDocument] = []
    problems: list[RowError] = []
    for entry in islice(_entries(content), _MOST_LOOSE_ROWS):
        try:
            found.append(read_row(entry["row"]))
        except RowError as error:
            problems.append(error)
    if not found and problems:
        raise problems[0]
    return found


def members(path: Path, name: str) -> list[Member]:
    """The files inside an archive or a mail; empty for anything else."""
    with opened(path, name) as (_, _, content):
        return list(content.members) if isinstance(content, Members) else []


def table(path: Path, name: str) -> Iterator[list[dict[str, Any]]]:
    """``[{"mapping"}]``, which the first table of a file suggests of itself, then the ``parts`` of the file; None and
    no parts where the headings say too little. A workbook is laid out once for both.
    """
    with opened(path, name) as (_, _, content):
        mapping = infer_table_mapping(content.tables[0]) if isinstance(content, Tables) and content.tables else None
        yield [{"mapping": mapping}]
        if mapping is not None and isinstance(content, Tables):
            yield from _rows_in_batches(content, 0, None)


def parts(path: Path, name: str, start: int, bookmark: Bookmark | None = None) -> Iterator[list[dict[str, Any]]]:
    """The parts of a container from a position on, in batches: rows of a table, files of an archive.

    The last row of a batch may have a ``bookmark``: whoever brings it with the position behind that row gets to what
    follows without all that came before being read as data once more.
    """
    with opened(path, name) as (_, _, content):
        if isinstance(content, Tables):
            yield from _rows_in_batches(content, start, bookmark)
        else:
            yield from ([entry] for entry in islice(_entries(content), start, None))


def _rows_in_batches(content: Tables, start: int, bookmark: Bookmark | None) -> Iterator[list[dict[str, Any]]]:
    rows = _marked_rows(content, bookmark or (0, 0))
    numbered = enumerate(rows, start) if bookmark else islice(enumerate(rows), start, None)
    while batch := list(islice(numbered, _ROWS_PER_BATCH)):
        entries: list[dict[str, Any]] = [{"position": position, "row": row} for position, (_, row) in batch]
        entries[-1]["bookmark"] = batch[-1][1][0]
        yield entries


def _marked_rows(content: Tables, start: Bookmark) -> Iterator[tuple[Bookmark | None, dict[str, object]]]:
    for number, table in enumerate(content.tables[start[0] :], start[0]):
        for place, row in read_table_rows(table, start[1] if number == start[0] else 0):
            yield None if place is None else (number, place), row


def _entries(content: Content) -> Iterator[dict[str, Any]]:
    match content:
        case Tables():
            yield from ({"position": i, "row": row} for i, (_, row) in enumerate(_marked_rows(content, (0, 0))))
        case Members(members=members):
            for i, member in enumerate(members):
                yield {"position": i, "name": shown_name(member.name), "content": member.content}
        case _:
            raise Unsupported("no_parts", "the file is no container")


def as_json(found: Sequence[CanonicalDocument]) -> list[dict[str, Any]]:
    """The public JSON of each document."""
    return [to_json(document) for document in found]
