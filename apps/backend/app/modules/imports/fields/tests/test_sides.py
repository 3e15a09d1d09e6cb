"""Who sells and who buys, where labels say little; and when nobody should be sure of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import page, row

if TYPE_CHECKING:
    from app.modules.imports.domain.canonical import CanonicalDocument

_TABLE = (
    row(400, (50, "Concepto"), (480, "Importe")),
    row(414, (50, "Reparación de tejado"), (480, "100,00")),
    row(440, (400, "Base imponible"), (480, "100,00")),
    row(454, (400, "IVA 21 %"), (480, "21,00")),
    row(468, (400, "Total factura"), (480, "121,00")),
)
_TITLE = row(40, (350, "Factura nº A-17"), (450, "Fecha: 02/03/2025"))


def _sides(document: CanonicalDocument) -> tuple[str | None, str | None]:
    return document.supplier.tax_id, document.buyer.tax_id


def test_small_print_under_everything_names_the_supplier() -> None:
    document = find_fields([page(
        _TITLE, row(40, (50, "Tejados Amapola"), size=14),
        row(120, (50, "Comunidad Olmeda, S.L.")), row(132, (50, "Calle Norte, 4")), row(144, (50, "28013 Madrid")),
        row(156, (50, "NIF B60000015")), *_TABLE,
        row(800, (60, "Tejados Amapola, S.L. NIF B20000014 Calle Sur, 9, 41018 Sevilla"), size=7),
    )])  # fmt: skip
    assert _sides(document) == ("B20000014", "B60000015")
    assert document.supplier.name == "Tejados Amapola, S.L."


def test_a_bare_name_label_over_a_labelled_buyer_is_the_suppliers() -> None:
    document = find_fields([page(
        _TITLE, row(40, (50, "Razón social:"), (130, "Tejados Amapola, S.L.")), row(52, (50, "NIF:"), (130, "B20000014")),
        row(120, (50, "Cliente:"), (130, "Comunidad Olmeda, S.L.")), row(132, (50, "NIF:"), (130, "B60000015")), *_TABLE,
    )])  # fmt: skip
    assert _sides(document) == ("B20000014", "B60000015")
    assert (document.supplier.name, document.buyer.name) == ("Tejados Amapola, S.L.", "Comunidad Olmeda, S.L.")


def test_the_id_beside_the_buyers_column_is_the_buyers() -> None:
    document = find_fields([page(
        _TITLE, row(40, (50, "Tejados Amapola, S.L.")), row(120, (50, "Cliente"), (300, "NIF")),
        row(134, (50, "Comunidad Olmeda, S.L."), (300, "B60000015")), *_TABLE, row(560, (50, "NIF B20000014")),
    )])  # fmt: skip
    assert _sides(document) == ("B20000014", "B60000015")


def test_a_clear_gap_ends_the_buyers_block() -> None:
    document = find_fields([page(
        row(40, (350, "Factura nº A-17"), (450, "Fecha: 02/03/2025")), row(40, (50, "Cliente:")),
        row(53, (50, "Comunidad Olmeda, S.L.")), row(65, (50, "NIF B60000015")),
        row(96, (50, "Tejados Amapola, S.L.")), row(108, (50, "NIF B20000014")), row(120, (50, "Tel. 910 000 000")), *_TABLE,
    )])  # fmt: skip
    assert _sides(document) == ("B20000014", "B60000015")


def test_two_blocks_that_nothing_tells_apart_prove_no_supplier() -> None:
    document = find_fields([page(
        _TITLE, row(120, (50, "Tejados Amapola, S.L."), (320, "Comunidad Olmeda, S.L.")),
        row(132, (50, "NIF B20000014"), (320, "NIF B60000015")), *_TABLE,
    )])  # fmt: skip
    assert "supplier_unproven" in missing_proofs(document)


def test_the_tenants_own_id_settles_it() -> None:
    printed = page(
        _TITLE, row(120, (50, "Tejados Amapola, S.L."), (320, "Comunidad Olmeda, S.L.")),
        row(132, (50, "NIF B20000014"), (320, "NIF B60000015")), *_TABLE,
    )  # fmt: skip
    document = find_fields([printed], own_tax_ids=frozenset({"B60000015"}))
    assert _sides(document) == ("B20000014", "B60000015")
    assert "supplier_unproven" not in missing_proofs(document)


_UNTOLD = page(
    _TITLE, row(60, (50, "Nombre o razón social: Tejados Amapola, S.L.")), row(72, (50, "NIF: B20000014")),
    row(150, (300, "Comunidad Olmeda, S.L.")), row(162, (300, "Calle Norte, 4")), row(174, (300, "28013 Madrid")),
    row(186, (300, "NIF: B60000015")), *_TABLE,
)  # fmt: skip


def test_a_block_headed_as_some_partys_leaves_the_sides_to_a_person() -> None:
    assert missing_proofs(find_fields([_UNTOLD])) == ("supplier_unproven",)


def test_such_a_block_does_not_make_the_tenant_the_seller() -> None:
    document = find_fields([_UNTOLD], own_tax_ids=frozenset({"B60000015"}))
    assert _sides(document) == ("B20000014", "B60000015")
    assert missing_proofs(document) == ("supplier_unproven",)


def test_nobody_is_sure_of_an_id_under_the_other_partys_name() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L."), (350, "Receptor")), row(52, (50, "Calle Sur, 9"), (350, "Comunidad Olmeda, S.L.")),
        row(64, (50, "41018 Sevilla")), row(76, (50, "DN: B20000014"), (350, "Calle Norte, 4")), row(88, (350, "28013 Madrid")),
        row(100, (350, "NIF: B60000015")), row(200, (50, "Factura nº A-17"), (450, "Fecha: 02/03/2025")), *_TABLE,
    )])  # fmt: skip
    assert document.buyer.name == "Comunidad Olmeda, S.L."
    assert missing_proofs(document) == ("supplier_unproven",)


def test_the_tenants_own_id_beside_the_buyers_block_does_not_make_it_the_seller() -> None:
    document = find_fields([page(
        row(40, (50, "Datos del cliente"), (300, "NIF")), row(53, (50, "Comunidad Olmeda, S.L."), (300, "B60000015")),
        row(65, (50, "Tejados Amapola, S.L.")), row(77, (50, "NIF B20000014")),
        row(120, (50, "Factura nº A-17"), (450, "Fecha: 02/03/2025")), *_TABLE,
    )], own_tax_ids=frozenset({"B60000015"}))  # fmt: skip
    assert _sides(document) == ("B20000014", "B60000015")
