"""What is imported while measuring: invoice rows, a CSV file and Facturae files, all different and all correct."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUPPLIERS: Final = (
    ("Ferretería del Norte, S.L.", "B29423548"),
    ("Áridos y Hormigones Sotileza, S.A.", "A58818501"),
    ("Marta Quiroga Peñalver", "12345678Z"),
)
_CENT: Final = Decimal("0.01")
_VAT: Final = Decimal("0.21")


def invoice_row(number: int) -> dict[str, str]:
    """A Spanish invoice as a row of text, with its figures in agreement."""
    name, tax_id = _SUPPLIERS[number % len(_SUPPLIERS)]
    net, tax = _amounts(number)
    return {
        "invoice_number": f"F-{number:07}",
        "issue_date": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"[:8] + f"{number % 28 + 1:02}",
        "supplier_name": name,
        "supplier_tax_id": tax_id,
        "net": f"{net}",
        "tax": f"{tax}",
        "total": f"{net + tax}",
        "currency": "EUR",
    }


def invoice_rows(count: int) -> list[dict[str, str]]:
    return [invoice_row(number) for number in range(count)]


def write_csv(path: Path, rows: int) -> None:
    """Semicolons and decimal commas, as Spanish programs write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(invoice_row(0)), delimiter=";")
        writer.writeheader()
        writer.writerows(_spanish(invoice_row(number)) for number in range(rows))


def write_facturae(folder: Path, count: int) -> list[Path]:
    """One signed-off Facturae 3.2.2 each, unsigned in the cryptographic sense."""
    paths = []
    for number in range(count):
        paths.append(folder / f"factura-{number:04}.xml")
        paths[-1].write_text(_facturae(number), encoding="utf-8")
    return paths


def _amounts(number: int) -> tuple[Decimal, Decimal]:
    net = Decimal(100) + Decimal(number % 9_973) * _CENT
    return net, (net * _VAT).quantize(_CENT)


def _spanish(row: dict[str, str]) -> dict[str, str]:
    return {name: value.replace(".", ",") if name in ("net", "tax", "total") else value for name, value in row.items()}
