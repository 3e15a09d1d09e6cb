"""Names told from addresses and headings."""

from __future__ import annotations

import pytest

from app.modules.imports.fields.names import has_legal_form, is_address, likeness, trimmed


@pytest.mark.parametrize(
    "text",
    [
        "Bodegas Tajo, S.L.",
        "Núñez y Cía, S. Coop.",
        "AGRÍCOLA DEL AUSTRO S.A.",
        "Bei Spiel GmbH",
        "CIA DEL MAR CIA. LTDA.",
        "Rond Lda.",
        "Ondas do Mar, S.A.U.",
    ],
)
def test_a_legal_form_ends_a_companys_name(text: str) -> None:
    assert has_legal_form(text)
    assert likeness(text) > 4


@pytest.mark.parametrize("text", ["Golden Scoop", "Casa", "Lisa", "Plaza Mayor"])
def test_the_letters_of_a_form_inside_a_word_are_none(text: str) -> None:
    assert not has_legal_form(text)


@pytest.mark.parametrize(
    "text", ["C/ Mayor, 7", "28013 Madrid", "Avda. de la Mariña 30", "12 rue du Port", "Pol. Ind. Sur, nave 3"]
)
def test_an_address_is_no_name(text: str) -> None:
    assert is_address(text)
    assert likeness(text) <= 0


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Razón social: Tejidos Montaraz, S.L.", "Tejidos Montaraz, S.L."),
        ("Holzbau Tannwald GmbH · Am Sägewerk 4 · 79098 Freiburg", "Holzbau Tannwald GmbH"),
        ("Golden Scoop Sdn Bhd (169609-A)", "Golden Scoop Sdn Bhd"),
        ("ATELIER DES TILLEULS SARL au capital de 8 000 €", "ATELIER DES TILLEULS SARL"),
        ("Náutica Levante, S.L. CIF: B03000015", "Náutica Levante, S.L."),
    ],
)
def test_a_name_is_trimmed_of_what_surrounds_it(printed: str, name: str) -> None:
    assert trimmed(printed) == name
