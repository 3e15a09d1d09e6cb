"""``run``: files into a batch, a bar per stage while they are worked, a table of what came of them."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.modules.imports.domain.errors import RefusedUpload
from app.modules.imports.domain.messages import message
from app.modules.imports.domain.pipeline import AT_REST_STATES, PIPELINE, ItemState
from app.modules.imports.usecases.batches import NewBatch, batch_status, create_batch
from app.modules.imports.usecases.ingest import Upload, ingest_files, ring_for_new, store_uploads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from uuid import UUID

    from rich.console import Console

    from app.modules.imports.usecases.house import House

_LOOK_SECONDS = 0.2
_MOST_SHOWN = 200
_RESULTS = """
SELECT i.file_name, i.kind, i.state, i.doc_type, i.code, i.parent_id, i.position, i.id, d.detail,
       p.document ->> 'format' AS format, p.work -> 'recognition' ->> 'reader' AS reader,
       p.document #>> '{totals,gross}' AS gross, p.document #>> '{totals,payable}' AS payable,
       p.document #>> '{totals,withholding}' AS withheld, p.document ->> 'transactions_count' AS movements,
       u.dest_table, u.dest_id, (SELECT count(*) FROM import_items c
                                 WHERE c.tenant_id = i.tenant_id AND c.parent_id = i.id) AS parts
FROM import_items i
LEFT JOIN import_items holder ON holder.tenant_id = i.tenant_id AND holder.id = i.parent_id
JOIN import_payloads p ON p.tenant_id = i.tenant_id AND p.item_id = i.id
LEFT JOIN import_publications u ON u.tenant_id = i.tenant_id AND u.item_id = i.id
LEFT JOIN import_dlq d ON d.tenant_id = i.tenant_id AND d.item_id = i.id AND d.resolved_at IS NULL
WHERE i.tenant_id = (SELECT app_tenant()) AND i.batch_id = %(batch)s
ORDER BY coalesce(holder.position, i.position), i.parent_id IS NOT NULL, i.position, i.id LIMIT %(most)s
"""


def import_files(house: House, tenant_id: UUID, files: Sequence[Path], name: str) -> UUID:
    """All the files as one new batch; returns its id."""
    with ExitStack() as opened:
        uploads = [Upload(name=file.name, content=opened.enter_context(file.open("rb"))) for file in files]
        stored = store_uploads(house, tenant_id, uploads)
    with house.database.tenant_session(tenant_id) as session:
        batch = create_batch(session, NewBatch(name=name))
        ingest_files(session, batch.id, stored)
    ring_for_new(house, tenant_id)
    return batch.id


def readable(files: Sequence[Path], house: House) -> Iterator[Path | RefusedUpload]:
    """Each file, or why it cannot be taken: one bad file must not keep the others out."""
    for file in files:
        if not file.is_file():
            yield RefusedUpload("file_not_found", str(file))
        elif file.stat().st_size == 0:
            yield RefusedUpload("empty_file", str(file))
        elif file.stat().st_size > house.limits.max_file_bytes:
            yield RefusedUpload("file_too_large", str(file))
        else:
            yield file


def watch(house: House, tenant_id: UUID, batch_id: UUID, console: Console) -> None:
    """Bars until nothing is left to do. A container may grow the totals on the way."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        bars = {spec.name: progress.add_task(spec.name.value, total=None) for spec in PIPELINE}
        while True:
            with house.database.tenant_session(tenant_id) as session:
                status = batch_status(session, batch_id)
            for spec, passed in zip(PIPELINE, _passed(status.status_breakdown), strict=True):
                progress.update(bars[spec.name], total=status.total_items, completed=passed)
            if status.finished:
                return
            time.sleep(_LOOK_SECONDS)


def _passed(breakdown: Mapping[str, int]) -> list[int]:
    """How many items are past each stage, or ended in it."""
    order = [state for spec in PIPELINE for state in (spec.takes, spec.running)] + [ItemState.PUBLISHED]
    beyond = {state.value: rank for rank, state in enumerate(order)}
    stopped = sum(breakdown.get(state.value, 0) for state in AT_REST_STATES - {ItemState.PUBLISHED})
    return [
        stopped + sum(n for state, n in breakdown.items() if beyond.get(state, -1) >= 2 * (index + 1))
        for index in range(len(PIPELINE))
    ]


def results(house: House, tenant_id: UUID, batch_id: UUID, language: str) -> Table:
    """One line per item: what it is, and where it went or what stopped it."""
    with house.database.tenant_session(tenant_id) as session:
        rows = session.execute(_RESULTS, {"batch": batch_id, "most": _MOST_SHOWN})
    table = Table(show_lines=False, expand=False)
    for heading in ("file", "recognised as", "published to", "id", "total", "finding"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "total" else "left")
    for row in rows:
        table.add_row(*_cells(row, language))
    return table


def _cells(row: Mapping[str, Any], language: str) -> tuple[str, ...]:
    name = row["file_name"] or f"row {row['position'] + 1}"
    if row["parent_id"] is not None:
        name = f"  └ {name} #{row['position'] + 1}" if row["file_name"] else f"  └ {name}"
    if row["kind"] == "container":
        return (name, row["reader"] or "container", f"{row['parts']} parts", "", "", _finding(row, language))
    recognised = " · ".join(part for part in (row["doc_type"], row["format"] or row["reader"]) if part)
    total = row["gross"] or row["payable"] or row["withheld"] or ""
    if row["movements"]:
        total = f"{row['movements']} movements"
    where, id_ = row["dest_table"] or "", str(row["dest_id"])[:8] if row["dest_id"] else ""
    return (name, recognised, where, id_, total, _finding(row, language))


def _finding(row: Mapping[str, Any], language: str) -> str:
    if not row["code"]:
        return ""
    return f"[red]{row['code']}[/red] {message(row['code'], language, {})}"
