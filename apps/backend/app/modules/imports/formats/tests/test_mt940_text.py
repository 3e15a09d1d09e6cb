"""Field 86 in its dialects."""

from __future__ import annotations

import pytest

from app.modules.imports.formats.mt940_fields import Field
from app.modules.imports.formats.mt940_text import describe


def _said(*lines: str) -> tuple[str | None, str | None]:
    said = describe([Field("86", lines, 1)])
    return said.description, said.end_to_end


@pytest.mark.parametrize("mark", ["?", "^", "~", ">", "<", "|"])
def test_numbered_subfields_may_be_marked_by_any_sign(mark: str) -> None:
    text = "166?00ABONO?20EREF+F-7?21SVWZ+Factura siete?30BIC?32Talleres Inventados"
    assert _said(text.replace("?", mark)) == ("ABONO Factura siete Talleres Inventados", "F-7")


def test_subfields_may_lack_the_code_of_the_transaction_before_them() -> None:
    assert _said("?20Cuota?21de enero?32Socia Inventada")[0] == "Cuota de enero Socia Inventada"
    assert _said("+20 puntos de regalo")[0] == "+20 puntos de regalo"


def test_lines_cut_within_a_word_are_joined() -> None:
    assert _said("166?00ABONO?20Fact", "ura sie", "te")[0] == "ABONO Factura siete"


def test_a_full_subfield_goes_on_in_the_next() -> None:
    assert _said("166?20" + "a" * 27 + "?21b?22c")[0] == "a" * 27 + "b c"


def test_the_mark_may_occur_within_a_text() -> None:
    assert _said("166?20¿Pagado? Si?32X")[0] == "¿Pagado? Si X"


def test_what_is_numbered_beyond_the_subfields_is_text() -> None:
    assert _said("166?20Pedido 335?960.48?21gracias")[0] == "Pedido 335?960.48 gracias"


def test_code_words_give_counterparty_and_purpose() -> None:
    assert _said("/EREF/F-7//CNTP/ES00/INVEESMM/Talleres Inventados///REMI/USTD//Fra. 7/") == (
        "Talleres Inventados Fra. 7",
        "F-7",
    )
    assert _said("/TRTP/SEPA/IBAN/ES00/NAME/Talleres/REMI/Fra. 7/EREF/NOTPROVIDED") == ("Talleres Fra. 7", None)


def test_a_plain_text_is_kept_whole() -> None:
    assert _said("COMPRA EN LUGO", "EL 3/4/2024") == ("COMPRA EN LUGO EL 3/4/2024", None)


def test_what_is_longer_than_a_reference_is_none() -> None:
    assert _said("166?20EREF+" + "a" * 20 + "?21" + "b" * 20)[1] is None


def test_no_text_says_nothing() -> None:
    assert describe([]).description is None
