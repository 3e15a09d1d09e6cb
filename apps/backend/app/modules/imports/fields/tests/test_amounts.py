"""Numbers read by the decimal mark of the whole document."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.modules.imports.fields.amounts import find_amounts, read_number
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.tests.printing import lines, page, row


def values(text: str) -> list[str]:
    return [format(each.value, "f") for each in find_amounts(lay_out([lines(text)]))]


@pytest.mark.parametrize(
    ("digits", "comma", "value"),
    [
        ("31.24", True, "31.24"),
        ("31.24", False, "31.24"),
        ("1.234", True, "1234"),
        ("1.234", False, "1.234"),
        ("1,600", True, "1.600"),
        ("1,600", False, "1600"),
        ("1.234,56", True, "1234.56"),
        ("1.234,56", False, "1234.56"),
        ("1,234,567.8", False, "1234567.8"),
        ("0,75", False, "0.75"),
        ("0.5523", True, "0.5523"),
        ("1 234,56", True, "1234.56"),
        ("1'234.50", False, "1234.50"),
    ],
)
def test_a_number_is_read_by_the_documents_convention(digits: str, comma: bool, value: str) -> None:  # noqa: FBT001 [a table of cases]
    read = read_number(digits, comma=comma)
    assert read is not None
    assert format(read[0], "f") == value


def test_a_number_with_impossible_groups_is_no_number() -> None:
    assert read_number("12.34.56", comma=True) is None


def test_the_page_decides_what_a_lone_group_of_three_means() -> None:
    assert values("Precio 1,600 Importe 3,20 Total 12,80")[0] == "1.600"
    assert values("Price 1,600 Amount 3.20 Total 12.80")[0] == "1600"


def test_signs_currencies_and_percentages_are_seen() -> None:
    found = find_amounts(lay_out([lines("-11,29 € 5,00- (7,50) 21,00 % $ 3.50 RM12.00")]))
    assert [format(each.value, "f") for each in found] == ["-11.29", "-5.00", "-7.50", "21.00", "3.50", "12.00"]
    assert [each.currency for each in found] == ["EUR", None, None, None, "USD", "MYR"]
    assert [each.percent for each in found] == [False, False, False, True, False, False]


def test_dates_numbers_of_documents_and_words_are_no_amounts() -> None:
    assert values("12/05/2025 FV-2025/118 A-46103834 H399 10:45") == []


def test_a_thousands_space_is_narrow_and_a_column_gap_is_not() -> None:
    narrow = page(row(10, (50, "Total 1 234,56")))
    wide = page(row(10, (50, "1"), (80, "234,56")))
    assert [each.value for each in find_amounts(lay_out([narrow]))] == [Decimal("1234.56")]
    assert [each.value for each in find_amounts(lay_out([wide]))] == [Decimal(1), Decimal("234.56")]


def test_after_ocr_letters_inside_an_amount_are_digits() -> None:
    scanned = page(row(10, (50, "Total RM5O.3l y 53. 60")), source="ocr")
    assert [format(each.value, "f") for each in find_amounts(lay_out([scanned]))] == ["50.31", "53.60"]


def test_a_percentage_in_brackets_is_not_negative() -> None:
    assert values("IVA (21,00%) 4,86 (12,00)") == ["21.00", "4.86", "-12.00"]


def test_a_whole_number_before_an_amount_is_not_its_thousands() -> None:
    assert values("Soporte TV del 1 al 31   1652,50") == ["1", "31", "1652.50"]
    assert values("Portes serie 55-A/2 384,90")[-1] == "384.90"


def test_one_mark_for_thousands_and_cents_is_a_misread_one() -> None:
    assert read_number("17.529.40", comma=False) == (Decimal("17529.40"), 2)
