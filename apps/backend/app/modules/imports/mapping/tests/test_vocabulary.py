from __future__ import annotations

import pytest

from app.modules.imports.mapping.vocabulary import fold_header


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("N.I.F.", "nif"),
        ("C.I.F./N.I.F.", "cif nif"),
        ("Cuota I.V.A.", "cuota iva"),
        ("P.V.P. €", "pvp"),
        ("% R.E.", "% re"),
        ("F.Valor", "fecha valor"),
        ("F. Valor", "fecha valor"),
        ("Nº Doc.", "num doc"),
        ("N.º Factura", "num factura"),
    ],
)
def test_initials_with_points_are_one_word(printed: str, folded: str) -> None:
    assert fold_header(printed) == folded
