"""Tax ids found and proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.taxids import find_tax_ids
from app.modules.imports.fields.tests.printing import lines, page, row

if TYPE_CHECKING:
    from app.modules.imports.domain.page import Page


def ids(printed: Page) -> list[tuple[str, bool]]:
    sheet = lay_out([printed])
    return [(each.value, each.proven) for each in find_tax_ids(sheet, find_labels(sheet))]


@pytest.mark.parametrize(
    "printed", ["B03000015", "NIF: B-03000015", "CIF ESB03000015", "B 03000015", "C.I.F. B.03.000.015"]
)
def test_an_id_is_found_in_every_spelling(printed: str) -> None:
    assert ids(lines(printed)) == [("B03000015", True)]


def test_an_id_without_a_check_is_taken_only_with_its_label() -> None:
    assert ids(lines("USt-IdNr. DE123456789")) == [("DE123456789", False)]
    assert ids(lines("Artikel DE123456789")) == []


def test_a_label_over_the_id_announces_it() -> None:
    table = page(
        row(10, (50, "Home Page"), (200, "VAT Registration No.")), row(24, (50, "example.com"), (200, "DE777777777"))
    )
    assert ids(table) == [("DE777777777", False)]


def test_telephones_and_accounts_are_no_tax_ids() -> None:
    assert ids(lines("Tel. 961 000 000 Móvil 0991234567 Cuenta 2100 0418 4502 0005 1332")) == []


def test_after_ocr_the_check_digit_mends_a_misread_digit() -> None:
    assert ids(page(row(10, (50, "CIF: BO30000I5")), source="ocr")) == [("B03000015", True)]
    assert ids(page(row(10, (50, "CIF: BO30000I5")))) == [("BO30000I5", False)]


def test_a_number_that_nothing_calls_an_id_is_not_mended_into_one() -> None:
    assert ids(page(row(10, (50, "Cuenta de abonado 870537188")), source="ocr")) == []
    assert ids(page(row(10, (50, "CIF: 870537188")), source="ocr")) == [("B70537188", True)]


def test_a_day_behind_an_article_is_no_greek_number() -> None:
    assert ids(page(row(10, (50, "Emitida el 2024-10-20")))) == []
