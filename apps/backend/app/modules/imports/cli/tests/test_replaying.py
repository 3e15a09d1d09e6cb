"""``replay-rules``: what it says, what it does, and the command as it is typed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.modules.imports.application.tests.driving import rows_of, wait_until_finished
from app.modules.imports.cli.replaying import apply_replayed, replayed_lines
from app.modules.imports.cli.tests.test_main import run
from app.modules.imports.domain.pipeline import ItemState
from app.modules.imports.usecases.tests.factories import INVOICE, Made, make_batch, make_item

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House

LONG_AGO = date(2020, 1, 1)
WRONG_TOTAL = {**INVOICE, "totals": {"net": "100.00", "tax": "21.00", "gross": "999.00"}}


def make_one_of_each(house: House, tenant: UUID) -> UUID:
    """A batch with an item that would go on, and a published one that would be stopped."""
    with house.database.tenant_session(tenant) as session:
        batch = make_batch(session)
        make_item(session, batch, Made(file_name="waits.xml"))
        make_item(session, batch, Made(state=ItemState.PUBLISHED, document=WRONG_TOTAL, findings=(), position=6))
    return batch


def test_a_line_says_what_was_and_what_would_be_and_the_totals_add_up(quiet_house: House, tenant: UUID) -> None:
    make_one_of_each(quiet_house, tenant)
    lines = list(replayed_lines(quiet_house, tenant, LONG_AGO))
    [waiting] = [line for line in lines if "waits.xml" in line]
    assert "totals_mismatch → goes on" in waiting
    assert "-totals_mismatch(totals.gross):blocks" in waiting
    [published] = [line for line in lines if "row 7" in line]
    assert "published → totals_mismatch" in published
    assert "+totals_mismatch(totals.gross):blocks" in published
    assert lines[2:] == [
        "2 looked at",
        "0 as they are stored",
        "1 waiting that would go on",
        "0 waiting that would wait for another reason",
        "1 published that would be stopped today (listed only, never changed)",
        "0 with the same outcome and other findings",
        "0 that make no document any more",
    ]


def test_applied_what_waits_goes_on_by_itself(house: House, tenant: UUID) -> None:
    batch = make_one_of_each(house, tenant)
    done, batches = apply_replayed(house, tenant, LONG_AGO)
    assert (done["stored"], done["put_back"], batches) == (1, 1, [batch])
    assert wait_until_finished(house.database, tenant, batch).completed == 2
    assert len(rows_of(house.database, tenant, "SELECT 1 FROM invoices")) == 1


def test_the_command_says_how_many_were_looked_at_and_applies_when_told(tmp_path: Path) -> None:
    (tmp_path / "una.csv").write_text(
        "Número;Fecha;Proveedor;NIF;Base;IVA;Total\nF-1;15/03/2026;Norte;B29423548;100,00;21,00;999,00\n",
        encoding="utf-8",
    )
    assert run("run", "una.csv", cwd=tmp_path).returncode == 0
    said = run("replay-rules", "--since", "2020-01-01", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[:2] == ["1 looked at", "1 as they are stored"]
    applied = run("replay-rules", "--since", "2020-01-01", "--apply", cwd=tmp_path)
    assert "0 waiting items show the new findings; 0 are validated again" in applied.stdout, applied.stderr


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    done = run("replay-rules", "--since", "31/12/2025", cwd=tmp_path)
    assert done.returncode == 2
    assert "--since" in done.stderr
