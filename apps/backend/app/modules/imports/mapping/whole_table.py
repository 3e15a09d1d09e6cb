"""The mapping of a table that came without one: fields by its headings, marks and date order by all of its cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.mapping.bank_rows import look_for_bank_rows
from app.modules.imports.mapping.completeness import is_complete
from app.modules.imports.mapping.contradictions import without_contradicted
from app.modules.imports.mapping.headings import infer_mapping
from app.modules.imports.mapping.kept_lines import LINES
from app.modules.imports.mapping.kind_column import with_kinds
from app.modules.imports.mapping.mended_numbers import with_whole_numbers
from app.modules.imports.mapping.model import to_json
from app.modules.imports.mapping.other_tables import ANOTHER_TABLE
from app.modules.imports.mapping.rate_columns import with_rate_columns
from app.modules.imports.mapping.rates import with_whole_rates
from app.modules.imports.mapping.suggestions import SAMPLE, suggest
from app.modules.imports.mapping.table_documents import read_table_rows
from app.modules.imports.mapping.tables import HEAD_ROWS

if TYPE_CHECKING:
    from app.modules.imports.ports import Table

_MOVEMENTS_LOOKED_AT: Final = 300


def infer_table_mapping(table: Table) -> dict[str, Any] | None:
    """The stored form of the mapping, None when the headings name no kind of record, or not all that one needs.

    One row rarely says whether 03/04 is in March or in April; the column it stands in mostly does.
    """
    head = list(islice(with_whole_numbers(table).rows(), HEAD_ROWS + _MOVEMENTS_LOOKED_AT))
    bank = look_for_bank_rows(head, table.name)
    if bank is not None:
        return to_json(bank.mapping) if bank.mapping else None
    rows = (row for _, row in read_table_rows(table) if ANOTHER_TABLE not in row)
    sample = list(islice(rows, SAMPLE))
    if not sample:
        return None
    header = tuple(dict.fromkeys(name for row in sample for name in row if name != LINES))
    mapping = infer_mapping(header, None)
    if mapping is None:
        return None
    mapping = replace(mapping, headings=header)
    seen = suggest(header, [tuple(map(row.get, header)) for row in sample])
    if seen is not None:
        mapping = replace(mapping, decimal_mark=seen.decimal_mark, date_order=seen.date_order)
    mapping = with_rate_columns(without_contradicted(with_kinds(mapping, sample), sample), header)
    return to_json(with_whole_rates(mapping, sample)) if is_complete(mapping, sample) else None
