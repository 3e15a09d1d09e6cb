"""What a stage leaves goes to the next; all else of an item stays as it was."""

from __future__ import annotations

import dataclasses
from uuid import uuid4

from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType
from app.modules.imports.domain.outcome import Done
from app.modules.imports.domain.pipeline import ItemKind
from app.modules.imports.ports import Item
from app.modules.imports.stages.succession import worked

FULL = Item(
    id=uuid4(),
    batch_id=uuid4(),
    kind=ItemKind.ROW,
    attempt=2,
    raw={"a": "1"},
    file_key="key",
    file_name="name",
    parent_id=uuid4(),
    part=3,
    mapping={"target": "invoice"},
    accepted=frozenset({"code"}),
    corrections={"currency": "EUR"},
    work={"before": 1},
    doc_type=DocumentType.INVOICE,
    document=CanonicalDocument(doc_type=DocumentType.INVOICE),
)


def test_every_field_of_an_item_is_taken_along() -> None:
    said = {field.name: getattr(FULL, field.name) for field in dataclasses.fields(Item)}
    assert None not in said.values()
    then = worked(FULL, Done(work={"now": 2, "judged": True}))
    assert {field.name: getattr(then, field.name) for field in dataclasses.fields(Item)} == {
        **said,
        "attempt": 1,
        "work": {"before": 1, "now": 2},
    }
