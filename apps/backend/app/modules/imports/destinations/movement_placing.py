"""Places the lines of bank downloads: which are new movements, and which stand in the table already.

The n-th among equals of one download is the n-th among equals of every other: two equal coffees on one day stay two,
and a longer download of the same day adds only the third.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from app.modules.imports.destinations.movement_identity import numbered, ordinal_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.domain.canonical import BankEntry
    from app.modules.imports.ports import SqlSession

# Whoever publishes movements of an account waits here for the one before, so that nobody counts what is not committed.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('bank_movements ' || (SELECT app_tenant())::text || u.account, 0))
FROM unnest(%(accounts)s::text[]) AS u (account)
"""
# The last of the equals mostly belongs to the asking download itself; only another's makes it worth looking further.
_LAST_USED = """
SELECT w.content, w.download_id,
       greatest(CASE WHEN top.download_id = w.download_id THEN top.fingerprint END, own.fingerprint, known.fingerprint)
       AS last
FROM unnest(%(contents)s::text[], %(downloads)s::uuid[]) AS w (content, download_id)
LEFT JOIN LATERAL (
    SELECT m.fingerprint, m.download_id FROM bank_movements m
    WHERE m.tenant_id = (SELECT app_tenant()) AND {identified}
      AND m.fingerprint > w.content || '-' AND m.fingerprint < w.content || '.'
    ORDER BY m.fingerprint DESC LIMIT 1
) top ON true
LEFT JOIN LATERAL (
    SELECT m.fingerprint FROM bank_movements m
    WHERE m.tenant_id = (SELECT app_tenant()) AND {identified} AND top.download_id <> w.download_id
      AND m.fingerprint > w.content || '-' AND m.fingerprint <= top.fingerprint AND m.download_id = w.download_id
    ORDER BY m.fingerprint DESC LIMIT 1
) own ON true
LEFT JOIN LATERAL (
    SELECT k.fingerprint FROM bank_movements_known k
    WHERE k.tenant_id = (SELECT app_tenant()) AND k.download_id = w.download_id
      AND k.fingerprint > w.content || '-' AND k.fingerprint < w.content || '.'
    ORDER BY k.fingerprint DESC LIMIT 1
) known ON true
"""
_ELSEWHERE = """
SELECT w.fingerprint, w.download_id, found.id
FROM unnest(%(fingerprints)s::text[], %(downloads)s::uuid[]) AS w (fingerprint, download_id)
CROSS JOIN LATERAL (
    SELECT m.id FROM bank_movements m
    WHERE m.tenant_id = (SELECT app_tenant()) AND {identified}
      AND m.fingerprint = w.fingerprint AND m.download_id <> w.download_id
    LIMIT 1
) found
"""
_IDENTIFIED = {True: "m.account_key IS NOT NULL", False: "m.account_key IS NULL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement of one item, on its way. ``download_id`` is the file or row batch that it came with."""

    item_id: UUID
    line_no: int
    download_id: UUID
    account: str | None
    """``account_key``; None where nobody can say whether an equal movement is the same one."""
    content: str
    entry: BankEntry

    @property
    def own_id(self) -> UUID:
        # It follows from the item, so a publication that is repeated after a lost commit names the same row.
        return uuid5(self.item_id, f"bank_movements/{self.line_no}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a line stands."""

    line: Line
    fingerprint: str
    movement_id: UUID
    """Row of ``bank_movements``: the line's own, or the one that was there before."""
    seen: bool
    """An equal movement came with another download."""

    @property
    def is_new(self) -> bool:
        return self.movement_id == self.line.own_id


def place_lines(lines: Sequence[Line], session: SqlSession) -> list[Standing]:
    """Where each line stands; lines that are new have to be inserted by the caller, in the same transaction."""
    with_account = [line for line in lines if line.account]
    without = [line for line in lines if not line.account]
    accounts = sorted({line.account for line in with_account if line.account})
    if accounts:
        session.execute(_LOCK, {"accounts": accounts})
    return [*_placed(with_account, session, identified=True), *_placed(without, session, identified=False)]


def _placed(lines: Sequence[Line], session: SqlSession, *, identified: bool) -> list[Standing]:
    if not lines:
        return []
    fingerprints = _fingerprints(lines, session, identified=identified)
    seen = _elsewhere(lines, fingerprints, session, identified=identified)
    here: dict[str, UUID] = {}
    standings = []
    for line, fingerprint in zip(lines, fingerprints, strict=True):
        known = seen.get((fingerprint, line.download_id), here.get(fingerprint))
        movement_id = known if known is not None and identified else line.own_id
        here.setdefault(fingerprint, movement_id)
        standings.append(Standing(line=line, fingerprint=fingerprint, movement_id=movement_id, seen=known is not None))
    return standings


def _fingerprints(lines: Sequence[Line], session: SqlSession, *, identified: bool) -> list[str]:
    used = Counter(_used(lines, session, identified=identified))
    fingerprints = []
    for line in lines:
        used[line.content, line.download_id] += 1
        fingerprints.append(numbered(line.content, used[line.content, line.download_id]))
    return fingerprints


def _used(lines: Sequence[Line], session: SqlSession, *, identified: bool) -> Mapping[tuple[str, UUID], int]:
    """How many equals each download has placed already. A download that is one item has placed none."""
    asked = list(dict.fromkeys((line.content, line.download_id) for line in lines if line.download_id != line.item_id))
    if not asked:
        return {}
    parameters = {"contents": [content for content, _ in asked], "downloads": [download for _, download in asked]}
    rows = session.execute(_LAST_USED.replace("{identified}", _IDENTIFIED[identified]), parameters)
    return {(row["content"], row["download_id"]): ordinal_of(row["last"]) for row in rows if row["last"]}


def _elsewhere(
    lines: Sequence[Line], fingerprints: Sequence[str], session: SqlSession, *, identified: bool
) -> Mapping[tuple[str, UUID], UUID]:
    parameters = {"fingerprints": list(fingerprints), "downloads": [line.download_id for line in lines]}
    rows = session.execute(_ELSEWHERE.replace("{identified}", _IDENTIFIED[identified]), parameters)
    return {(row["fingerprint"], row["download_id"]): row["id"] for row in rows}
