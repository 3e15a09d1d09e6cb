"""What nothing proves and nobody has seen does not reach the accounts, and the record says that it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.application.tests.driving import add_files, rows_of, wait_until_finished
from app.modules.imports.application.tests.paper import write_invoice

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from app.modules.imports.usecases.house import House

_TWO_FIRMS = (
    "FACTURA", "Tornillos Vega, S.L.", "Grupo Norte Suministros, S.A.", "NIF: B29423548", "", "Factura nº: {number}",
    "Fecha: 15/03/2026", "Base imponible: 100,00 EUR", "IVA 21 %: 21,00 EUR", "Total factura: 121,00 EUR",
)  # fmt: skip
_PUBLISHED = """
SELECT v.supplier_name, v.supplier_tax_id, v.evidence ? 'supplier.name' AS shown, p.findings, p.document
FROM invoices v JOIN import_payloads p ON p.tenant_id = v.tenant_id AND p.item_id = v.source_item_id
"""


def test_a_name_that_is_one_of_two_is_left_out_and_a_note_names_it(house: House, tenant: UUID, tmp_path: Path) -> None:
    batch = add_files(house, tenant, [write_invoice(tmp_path / "two.pdf", "A-1", _TWO_FIRMS)])
    assert wait_until_finished(house.database, tenant, batch).completed == 1
    [row] = rows_of(house.database, tenant, _PUBLISHED)
    assert (row["supplier_name"], row["supplier_tax_id"], row["shown"]) == (None, "B29423548", False)
    notes = [(found["code"], found["severity"], found["field"]) for found in row["findings"]]
    assert ("left_out_unproven", "note", "supplier.name") in notes
    assert row["document"]["supplier"]["name"], "what was read stays with the item"


def test_a_tenant_that_publishes_what_is_read_gets_the_name(house: House, tenant: UUID, tmp_path: Path) -> None:
    with house.database.tenant_session(tenant) as session:
        session.execute("""UPDATE tenants SET settings = settings || '{"strictness": "read"}'""")
    batch = add_files(house, tenant, [write_invoice(tmp_path / "two.pdf", "A-1", _TWO_FIRMS)])
    assert wait_until_finished(house.database, tenant, batch).completed == 1
    [row] = rows_of(house.database, tenant, _PUBLISHED)
    assert row["supplier_name"]
