"""Writes the sample documents beside this file, in ``documents/``.

From the root of the repository: ``apps/backend/.venv/bin/python samples/make_samples.py``. Running it again gives the
same bytes as long as the libraries that draw and compress stay the same.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from sources import archive, bank, ecuadorian_paper, facturae, pictures, spanish_paper, sri, tables, ubl  # noqa: E402


def documents() -> dict[str, bytes]:
    """Every sample by its file name."""
    return {
        "facturae-irpf.xml": facturae.with_irpf(),
        "facturae-two-invoices.xml": facturae.two_invoices(),
        "ubl-en16931.xml": ubl.invoice(),
        "sri-factura-authorised.xml": sri.authorised_factura(date(2026, 3, 2)),
        "sri-factura-bare.xml": sri.bare_factura(date(2026, 3, 4)),
        "sri-factura-test-environment.xml": sri.test_factura(date(2026, 3, 5)),
        "sri-retencion.xml": sri.withholding(date(2026, 3, 9)),
        "norma43-two-accounts.n43": bank.norma43(),
        "camt053.xml": bank.camt053(),
        "bank-export.csv": bank.csv_export(),
        "products.xlsx": tables.products(),
        "invoices.csv": tables.invoices(),
        "factura-verifactu.pdf": spanish_paper.with_verifactu_qr(),
        "factura-autonomo-irpf.pdf": spanish_paper.with_irpf(),
        "ride-ecuador.pdf": ecuadorian_paper.ride(),
        "mail-with-xml-and-ride.eml": ecuadorian_paper.mailed(),
        "ticket-photo.jpg": pictures.photographed_receipt(),
        "factura-scan.tif": pictures.scanned(spanish_paper.to_be_scanned()),
        "albaran.pdf": spanish_paper.delivery_note(),
        "two-xml.zip": archive.zipped(
            {
                "facturae-april.xml": facturae.april(),
                "sri-nota-credito.xml": sri.credit_note(date(2026, 3, 12), credited=date(2026, 3, 2)),
            }
        ),
    }


def main() -> None:
    """Write them all, and say how large they are."""
    folder = HERE / "documents"
    folder.mkdir(exist_ok=True)
    for name, content in documents().items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{len(content):>8} {name}\n")


if __name__ == "__main__":
    main()
