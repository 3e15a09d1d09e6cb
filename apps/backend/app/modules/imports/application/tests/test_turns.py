"""A tenant that brings very much does not keep another waiting for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from app.modules.imports.application.slices_in_hand import SlicesInHand
from app.modules.imports.application.tests.driving import add_rows, invoice_row, rows_of, status_of
from app.modules.imports.application.turns import Turns
from app.modules.imports.domain.pipeline import PIPELINE, StageName

if TYPE_CHECKING:
    from app.database import Database
    from app.modules.imports.usecases.house import House

FIRST = PIPELINE[0]


def test_ten_rows_behind_many_slices_and_rings_of_another_are_the_second_thing_done(
    quiet_house: House, tenant: UUID, other_tenant: UUID
) -> None:
    """Only the noisy one's rings are answered: a ring is for whose turn it is."""
    for start in range(0, 1500, 300):
        add_rows(quiet_house, tenant, [invoice_row(n) for n in range(start, start + 300)])
    small = add_rows(quiet_house, other_tenant, [invoice_row(n) for n in range(10)])
    hands = SlicesInHand(quiet_house.runtime)
    for _ in range(2):
        hands.advance(FIRST, tenant)
    assert status_of(quiet_house.database, other_tenant, small).completed == 10


def test_the_turn_goes_round_those_that_have_work_due(quiet_house: House, tenant: UUID, other_tenant: UUID) -> None:
    third = UUID(int=2**128 - 1)
    with quiet_house.database.tenant_session(third) as session:
        session.execute("INSERT INTO tenants (id, name) VALUES (%(id)s, 'third')", {"id": third})
    everybody = sorted([tenant, other_tenant, third])
    for one in everybody:
        add_rows(quiet_house, one, [invoice_row(1)])
    turns = Turns(quiet_house.store)
    served = [turns.next(FIRST.name, everybody[0]) for _ in range(7)]
    assert served == [everybody[n % 3] for n in range(7)]
    rows_of(quiet_house.database, everybody[1], "UPDATE import_items SET next_run_at = next_run_at + interval '1 hour'")
    assert [turns.next(FIRST.name, everybody[0]) for _ in range(4)] == [third, everybody[0], third, everybody[0]]


def test_who_rang_is_served_where_nobody_else_has_work(quiet_house: House, tenant: UUID) -> None:
    turns = Turns(quiet_house.store)
    stranger = uuid4()
    assert [turns.next(StageName.OCR, tenant), turns.next(StageName.OCR, stranger)] == [tenant, stranger]


def test_whose_turn_it_is_costs_what_there_are_tenants_not_items(
    database: Database, postgres: object, tenant: UUID, quiet_house: House
) -> None:
    add_rows(quiet_house, tenant, [invoice_row(n) for n in range(10)])
    step = f"""SELECT i.tenant_id FROM import_items i WHERE i.due_stage IS NOT NULL AND i.tenant_id > '{UUID(int=0)}'
               ORDER BY i.tenant_id, i.due_stage, i.next_run_at LIMIT 1"""
    plan = "\n".join(row["QUERY PLAN"] for row in rows_of(database, tenant, f"EXPLAIN {step}"))
    assert "import_items_due" in plan, plan
    assert "Sort" not in plan, plan
