"""An item as the next stage sees it, after what the stage before left with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.ports import Item

if TYPE_CHECKING:
    from app.modules.imports.domain.outcome import Done

_NOT_FOR_LATER: Final = frozenset({"kind", "doc_type", "judged"})


def worked(item: Item, outcome: Done) -> Item:
    """The item with the work of a stage that is done, before its first attempt at the next."""
    work = {name: value for name, value in outcome.work.items() if name not in _NOT_FOR_LATER}
    kind, doc_type = outcome.work.get("kind"), outcome.work.get("doc_type")
    document = outcome.document or item.document
    if item.attempt == 1 and document is item.document and not (work or kind or doc_type):
        return item
    return Item(
        id=item.id,
        batch_id=item.batch_id,
        kind=ItemKind(str(kind)) if kind else item.kind,
        attempt=1,
        raw=item.raw,
        file_key=item.file_key,
        file_name=item.file_name,
        parent_id=item.parent_id,
        part=item.part,
        mapping=item.mapping,
        accepted=item.accepted,
        corrections=item.corrections,
        work={**item.work, **work} if work else item.work,
        doc_type=DocumentType(str(doc_type)) if doc_type else item.doc_type,
        document=document,
    )  # not by dataclasses.replace, which costs more than all that a row's first and last stages do
