"""A destination row has the id that its item, table and line give it."""

from __future__ import annotations

from uuid import UUID, uuid4

from app.modules.imports.destinations.row_identity import row_id


def test_the_same_row_has_the_same_id_and_every_other_row_another() -> None:
    item = uuid4()
    names = [("invoices", 1), ("withholdings", 1), ("withholdings", 2)]
    ids = [row_id(item, table, line) for table, line in names]
    assert ids == [row_id(item, table, line) for table, line in names]
    assert len({item, *ids}) == len(names) + 1


def test_an_id_stays_of_its_kind() -> None:
    item = uuid4()
    assert (row_id(item, "invoices").version, row_id(item, "invoices").variant) == (item.version, item.variant)


def test_rows_of_items_that_stand_side_by_side_stand_side_by_side() -> None:
    first = UUID("6f0d9f3e-54a1-4f5c-9d52-6f0000000000")
    ids = [row_id(UUID(int=first.int + position), "invoices") for position in range(256)]
    assert max(ids).int - min(ids).int < 256
