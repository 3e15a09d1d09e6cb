"""When a party's name is sure, and when another line might be it."""

from __future__ import annotations

from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.name_proofs import is_others
from app.modules.imports.fields.parties import look_around
from app.modules.imports.fields.proofs import LABELLED, unproven_values
from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.scene import read_name
from app.modules.imports.fields.taxids import find_tax_ids
from app.modules.imports.fields.tests.printing import page, row

_TITLE = row(300, (50, "Factura nº A-17"), (300, "Fecha: 02/03/2025"))
_SUMS = (
    row(400, (400, "Base imponible"), (480, "100,00")), row(414, (400, "IVA 21 %"), (480, "21,00")),
    row(428, (400, "Total factura"), (480, "121,00")),
)  # fmt: skip


def test_the_only_firm_over_the_tax_id_is_its_name() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "Calle Norte, 4")), row(64, (50, "NIF B20000014")),
        _TITLE, *_SUMS,
    )])  # fmt: skip
    assert document.evidence["supplier.name"].confidence == LABELLED
    assert unproven_values(document) == ()


def test_two_firms_over_one_tax_id_prove_neither() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L.")), row(52, (50, "Grupo Olmeda, S.A.")), row(64, (50, "NIF B20000014")),
        _TITLE, *_SUMS,
    )])  # fmt: skip
    assert unproven_values(document) == ("supplier.name",)


def test_a_name_in_the_head_and_in_the_register_line_is_corroborated() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L."), size=14), row(60, (50, "NIF B20000014")), _TITLE, *_SUMS,
        row(800, (60, "Tejados Amapola, S.L. Inscrita en el Registro Mercantil de Sevilla"), size=7),
    )])  # fmt: skip
    assert [proof.value for proof in document.evidence["supplier.name"].proofs] == ["corroborated"]


def test_a_person_whose_name_may_go_on_below_is_not_sure() -> None:
    told = (_TITLE, *_SUMS, row(40, (50, "Emisor:"), (130, "Elena Vega")))
    whole = find_fields([page(*told, row(54, (50, "NIF:"), (130, "12345678Z")))])
    broken = find_fields([page(*told, row(51, (130, "Carrasco")), row(65, (50, "NIF:"), (130, "12345678Z")))])
    assert "supplier.name" not in unproven_values(whole)
    assert "supplier.name" in unproven_values(broken)


def test_the_name_signed_under_the_figures_tells_which_id_is_the_suppliers() -> None:
    blocks = (
        row(120, (50, "Tejados Amapola, S.L."), (320, "Comunidad Olmeda, S.L.")),
        row(132, (50, "NIF B20000014"), (320, "NIF B60000015")), _TITLE, *_SUMS,
        row(520, (50, "Forma de pago: transferencia")), row(540, (50, "Gracias por su confianza")),
    )  # fmt: skip
    assert not find_fields([page(*blocks)]).evidence["supplier.tax_id"].proofs
    signed = find_fields([page(*blocks, row(700, (50, "Atentamente, Comunidad Olmeda, S.L.")))])
    assert signed.supplier.tax_id == "B60000015"
    assert signed.evidence["supplier.tax_id"].proofs


def test_words_between_the_label_and_the_id_say_whose_it_is() -> None:
    document = find_fields([page(
        row(40, (50, "N.I.F. del destinatario ......"), (300, "B60000015")),
        row(54, (50, "N.I.F. del expedidor ......"), (300, "B20000014")), _TITLE, *_SUMS,
    )])  # fmt: skip
    assert (document.supplier.tax_id, document.buyer.tax_id) == ("B20000014", "B60000015")
    assert document.evidence["supplier.tax_id"].proofs


def test_of_two_lines_over_a_persons_id_neither_is_proven_to_be_the_name() -> None:
    document = find_fields([page(
        row(40, (50, "Elena Vega Carrasco")), row(52, (50, "Maestra de obras")), row(64, (50, "NIF 12345678Z")),
        _TITLE, *_SUMS,
    )])  # fmt: skip
    assert unproven_values(document) == ("supplier.name",)


def test_a_firm_with_an_id_of_its_own_is_no_rival_of_the_next_one() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L."), (200, "B20000014")), row(52, (50, "Grupo Olmeda, S.A."), (200, "A58818501")),
        _TITLE, *_SUMS,
    )], own_tax_ids=frozenset({"A58818501"}))  # fmt: skip
    assert (document.supplier.name, document.buyer.name) == ("Tejados Amapola, S.L.", "Grupo Olmeda, S.A.")
    assert unproven_values(document) == ()


def test_a_town_behind_a_stroke_is_no_part_of_a_firms_name() -> None:
    document = find_fields([page(
        row(40, (50, "Tejados Amapola, S.L. / Irún")), row(64, (50, "NIF B20000014")), _TITLE, *_SUMS,
    )])  # fmt: skip
    assert document.supplier.name == "Tejados Amapola, S.L."


def test_a_name_in_the_block_of_the_tenants_own_id_is_never_proven_to_be_the_suppliers() -> None:
    document = find_fields([page(
        row(40, (50, "Grupo Olmeda, S.A."), size=16), row(60, (50, "NIF A58818501")),
        row(90, (50, "FACTURA nº A-17"), (300, "Fecha: 02/03/2025")), *_SUMS, row(500, (50, "NIF B20000014")),
        row(780, (50, "Grupo Olmeda, S.A."), (300, "Entrada")),
    )], own_tax_ids=frozenset({"A58818501"}))  # fmt: skip
    assert document.supplier.tax_id == "B20000014"
    assert document.supplier.name != "Grupo Olmeda, S.A." or "supplier.name" in unproven_values(document)


def test_a_name_in_one_cell_with_an_id_is_not_that_of_the_id_below() -> None:
    sheet = lay_out([page(
        row(40, (50, "DE..: Tejados Amapola, S.L.")), row(39, (182, "/ B20000014 / Barbastro")),
        row(52, (50, "A...: Comunidad Olmeda, S.L. / B60000015 / Talavera")),
    )])  # fmt: skip
    labels = find_labels(sheet)
    scene = look_around(sheet, labels, find_tax_ids(sheet, labels))
    first, second = scene.ids
    name = read_name(scene, sheet.cells[0])
    assert name is not None
    assert is_others(scene, name, second, first)
    assert not is_others(scene, name, first, second)
