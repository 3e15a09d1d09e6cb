"""The day of the supply on a page: its own label announces it, and it is never taken for the day of issue."""

from __future__ import annotations

from datetime import date

import pytest

from app.modules.imports.fields.reading import find_fields
from app.modules.imports.fields.tests.printing import lines

_PAGE = """
Panadería Espiga Dorada, S.L.                                FACTURA
Calle del Horno, 3
50001 Zaragoza                                    Número de factura     P-2025/4
NIF B60000015                                     {dates}

Cliente
Comedor Escolar Tarazona, S.L.
NIF B29423548

Descripción                             Cantidad       Precio      Importe
Pan de molde                                  50         2,00       100,00

                                        Base imponible              100,00
                                        IVA 2 %                       2,00
                                        Total factura               102,00 €
"""


@pytest.mark.parametrize(
    "label",
    ["Fecha de operación", "Fecha operación", "F. operación", "Fecha de devengo", "Fecha de prestación del servicio",
     "Data d'operació", "Tax point date", "Date of supply", "Leistungsdatum"],
)  # fmt: skip
def test_a_labelled_day_is_that_of_the_supply(label: str) -> None:
    dates = f"Fecha de factura      07/01/2025\n{' ' * 50}{label}      20/12/2024"
    document = find_fields([lines(_PAGE.format(dates=dates))])
    evidence = document.evidence["operation_date"]
    assert (document.issue_date, document.operation_date) == (date(2025, 1, 7), date(2024, 12, 20))
    assert (evidence.page, evidence.text, evidence.source) == (1, "20/12/2024", "text")
    assert evidence.box is not None


@pytest.mark.parametrize(
    "dates",
    [
        "Fecha de factura      07/01/2025",
        f"Fecha de factura      07/01/2025\n{' ' * 50}Fecha de pedido      20/12/2024",
        f"Fecha operación  20/12/2024\n{' ' * 50}Fecha operación  21/12/2024\n{' ' * 50}Fecha factura  07/01/2025",
    ],
)
def test_a_page_without_such_a_label_or_with_several_days_states_none(dates: str) -> None:
    document = find_fields([lines(_PAGE.format(dates=dates))])
    assert (document.issue_date, document.operation_date) == (date(2025, 1, 7), None)
