"""The four words in which a stage answers for one item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.domain.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The stage is finished. ``work`` is what later stages need, by name; it is stored with the item."""

    work: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    document: CanonicalDocument | None = None
    """The document that ``work`` holds as JSON, so that a slice that walks on need not decode it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReview:
    """Only a person can go on. Final at once: another attempt would say the same."""

    code: str
    detail: str = ""
    work: Mapping[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    needless: bool = False
    """Nobody has to look: what the item says is published already. It is discarded at once, and can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A passing fault. Counts as an attempt unless nothing was tried (``charged`` false: the work was
    interrupted at a safe point and simply goes on).
    """

    code: str
    detail: str = ""
    charged: bool = True
    work: Mapping[str, object] = field(default_factory=dict)
    """What helps the next attempt to go on, where this one was interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """This input will never pass this stage."""

    code: str
    detail: str = ""
    work: Mapping[str, object] = field(default_factory=dict)


Outcome = Done | NeedsReview | Retry | Dead
