"""Delimited text (RFC 4180 and its many dialects): CSV, TSV and what banks and programs export as .txt."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.csv_dialect import find_dialect
from app.modules.imports.formats.csv_records import read_records
from app.modules.imports.formats.text_lines import read_lines
from app.modules.imports.ports import Table, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.modules.imports.formats.csv_dialect import Dialect
    from app.modules.imports.ports import Probe

_SAMPLE_LINES: Final = 200
_SAMPLE_SIZE: Final = 256 * 1024
_MOST_COLUMNS: Final = 1_000
_MEDIA_TYPES: Final = frozenset({"text/plain", "text/csv", "text/tab-separated-values", "application/csv"})
_ENDINGS: Final = (".csv", ".tsv", ".tab")
_TEXT_ENDINGS: Final = (".txt", ".xls", ".dat")
_GOOD_FIT: Final = 0.6


class _CsvTable:
    name = "csv_table"
    gives = Tables

    def score(self, probe: Probe) -> int:
        if probe.media_type not in _MEDIA_TYPES or probe.text is None:
            return 0
        lines = probe.text.lstrip("\ufeff").splitlines(keepends=True)
        whole = lines[:-1] if probe.size > len(probe.head) else lines
        dialect = find_dialect(whole[:_SAMPLE_LINES])
        named = probe.name.lower().endswith(_ENDINGS)
        if dialect is None:
            return 20 if named else 0
        fits = dialect.fit >= _GOOD_FIT and len(whole) > 1
        if named:
            return 70 if fits else 40
        likely = probe.name.lower().endswith(_TEXT_ENDINGS) or "." not in probe.name
        return (50 if likely else 30) if fits else 10

    def read(self, file: BinaryIO, probe: Probe) -> Tables:
        """One table. ``rows`` reads the file from its beginning each time: one walk at a time."""
        dialect = find_dialect(_sample(file))
        if dialect is None:
            raise Unreadable("no_table", "no delimiter splits the lines into columns")
        return Tables(tables=(Table(name=probe.name, rows=lambda: _rows(file, dialect)),))


def _sample(file: BinaryIO) -> list[str]:
    lines: list[str] = []
    size = 0
    for line in islice(read_lines(file), _SAMPLE_LINES):
        lines.append(line)
        size += len(line)
        if size > _SAMPLE_SIZE:
            break
    if not any(line.strip() for line in lines):
        raise Unreadable("empty_file")
    return lines


def _rows(file: BinaryIO, dialect: Dialect) -> Iterator[tuple[object, ...]]:
    lines = islice(read_lines(file), 1 if dialect.declared else 0, None)
    for row in read_records(lines, dialect):
        if len(row) > _MOST_COLUMNS:
            raise Unreadable("too_many_columns", f"more than {_MOST_COLUMNS}")
        yield tuple([cell or None for cell in row] if "" in row else row)


READER = _CsvTable()
