"""Dates in the spellings of the languages documents come in."""

from __future__ import annotations

import pytest

from app.modules.imports.fields.dates import find_dates
from app.modules.imports.fields.dating import choose_dates
from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.tests.printing import lines, page, row


def dates(text: str) -> list[str]:
    return [each.value.isoformat() for each in find_dates(lay_out([lines(text)]))]


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("03/04/2025", "2025-04-03"),
        ("3-4-25", "2025-04-03"),
        ("2025-04-03", "2025-04-03"),
        ("03.04.2025", "2025-04-03"),
        ("23-JUL-26", "2026-07-23"),
        ("4 de octubre de 2025", "2025-10-04"),
        ("3 de març de 2025", "2025-03-03"),
        ("1 de xaneiro de 2025", "2025-01-01"),
        ("7. Mai 2025", "2025-05-07"),
        ("02 Juillet 2015", "2015-07-02"),
        ("1er août 2025", "2025-08-01"),
        ("March 3, 2026", "2026-03-03"),
        ("15th March 2025", "2025-03-15"),
        ("5 de fevereiro de 2025", "2025-02-05"),
        ("9 gennaio 2025", "2025-01-09"),
        ("20250403", "2025-04-03"),
    ],
)
def test_a_date_is_read_in_every_spelling(printed: str, value: str) -> None:
    assert dates(f"Fecha: {printed}") == [value]


def test_day_and_month_change_places_only_where_the_document_shows_it() -> None:
    assert dates("Invoice date 03/20/2023\nDue date 04/04/2023\nShipped 05/01/2023")[2] == "2023-05-01"
    assert dates("Invoice date 20/03/2023\nShipped 05/01/2023")[1] == "2023-01-05"


def test_what_cannot_be_a_date_is_none() -> None:
    assert dates("31/02/2025 45/13/2025 B28241990 3542-019-550173 192.168.10.24") == []


def test_marks_that_ocr_lost_are_forgiven_after_ocr_alone() -> None:
    words = row(10, (50, "27032018"))
    assert [each.value.isoformat() for each in find_dates(lay_out([page(words, source="ocr")]))] == ["2018-03-27"]
    assert find_dates(lay_out([page(words)])) == ()


def test_the_label_tells_the_issue_date_from_the_others() -> None:
    sheet = lay_out(
        [lines("Pedido del 01/02/2025\nVencimiento: 30/04/2025\nFecha de entrega 02/03/2025\nEmitida el 15/03/2025")]
    )
    found = choose_dates(sheet, find_dates(sheet), find_labels(sheet))
    assert found.issued is not None
    assert found.due is not None
    assert (found.issued.value.isoformat(), found.due.value.isoformat()) == ("2025-03-15", "2025-04-30")


def test_several_due_dates_are_no_due_date() -> None:
    sheet = lay_out([lines("Fecha: 15/03/2025\nVencimiento: 15/04/2025\nVencimiento: 15/05/2025")])
    assert choose_dates(sheet, find_dates(sheet), find_labels(sheet)).due is None
