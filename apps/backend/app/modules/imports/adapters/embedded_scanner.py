"""Antivirus of our own for installations without ClamAV: a few YARA-X rules on a file and on everything inside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

import yara_x

from app.modules.imports.adapters.embedded_unpacking import Budget, Piece, ScanLimits, unpack
from app.modules.imports.domain.errors import Terminal, Transient
from app.modules.imports.formats.zip_guard import OF_ONE_ENTRY

_RULES: Final = Path(__file__).with_name("embedded_scanner.yar")
_SECONDS: Final = 20
_OF_ONE_DOCUMENT: Final = frozenset({"pdf_unreadable", "pdf_encrypted", "mail_broken"})
_OF_ONE_MEMBER: Final = _OF_ONE_DOCUMENT | OF_ONE_ENTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedScanner:
    """Implements ``ports.Scanner``. It knows test files, programs, scripts, self-starting macros and PDF actions that
    start something; it knows no other malware, and is no substitute for ClamAV where files come from strangers.

    Besides the port's ``Transient('av_unavailable')`` it raises Terminal for what nobody can look into:
    ``archive_bomb``, ``archive_nesting``, ``archive_encrypted``, ``archive_method``, ``archive_broken``,
    ``too_many_entries``, ``mail_broken``, ``pdf_encrypted``, ``pdf_unreadable``. A broken or locked document does not
    condemn its siblings, nor does an archive that a reader takes out of its container: it is looked at as it lies, and
    has to be scanned again by itself once it is an item. This parses bytes from outside: run it in the sandbox.
    """

    limits: ScanLimits = field(default_factory=ScanLimits)

    def scan(self, file: BinaryIO) -> str | None:
        file.seek(0)
        content = file.read(self.limits.file + 1)
        if len(content) > self.limits.file:
            raise Transient("av_unavailable", f"larger than {self.limits.file} bytes")
        budget = Budget(inflated=self.limits.inflated, entries=self.limits.entries)
        return self._look(Piece(content, comes_again=True), budget, depth=0)

    def version(self) -> str:
        """Changes whenever an answer could change."""
        return f"yara-x rules {sha256(_RULES.read_bytes()).hexdigest()[:12]}"

    def _look(self, piece: Piece, budget: Budget, depth: int) -> str | None:
        found = _match(piece.content)
        if found or not piece.whole:
            return found
        try:
            for inner in unpack(piece, budget, self.limits, depth):
                found = inner if isinstance(inner, str) else self._look(inner, budget, depth + 1)
                if found:
                    return found
        except Terminal as error:
            if depth == 0 or error.code not in (_OF_ONE_MEMBER if piece.comes_again else _OF_ONE_DOCUMENT):
                raise
        return None


def _match(content: bytes) -> str | None:
    scanner = yara_x.Scanner(compiled_rules())
    scanner.set_timeout(_SECONDS)
    try:
        matching = scanner.scan(content).matching_rules
    except (yara_x.ScanError, yara_x.TimeoutError) as error:
        raise Transient("av_unavailable", type(error).__name__) from error
    return str(matching[0].identifier) if matching else None


@lru_cache(maxsize=1)
def compiled_rules() -> yara_x.Rules:
    """What is looked for; made once in a process."""
    return yara_x.compile(_RULES.read_text("utf-8"))
