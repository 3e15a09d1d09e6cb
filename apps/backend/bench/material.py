"""What is imported while measuring: invoice rows, a CSV file and Facturae files, all different and all correct."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pathlib import Path

_SUPPLIERS: Final = (
    ("Ferretería del Norte, S.L.", "B29423548"),
    ("Talleres Sotileza, S.L.", "B39000005"),
    ("Marta Quiroga Peñalver", "12345678Z"),
)
_CENT: Final = Decimal("0.01")
_VAT: Final = Decimal("0.21")
_AMOUNTS: Final = 9_973

_FACTURAE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<fe:Facturae xmlns:fe="http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml">
<FileHeader><SchemaVersion>3.2.2</SchemaVersion><Modality>I</Modality><InvoiceIssuerType>EM</InvoiceIssuerType></FileHeader>
<Parties>
<SellerParty>
<TaxIdentification><PersonTypeCode>J</PersonTypeCode><ResidenceTypeCode>R</ResidenceTypeCode>
<TaxIdentificationNumber>{supplier_tax_id}</TaxIdentificationNumber></TaxIdentification>
<LegalEntity><CorporateName>{supplier_name}</CorporateName></LegalEntity>
</SellerParty>
<BuyerParty>
<TaxIdentification><PersonTypeCode>J</PersonTypeCode><ResidenceTypeCode>R</ResidenceTypeCode>
<TaxIdentificationNumber>B39000005</TaxIdentificationNumber></TaxIdentification>
<LegalEntity><CorporateName>Talleres Sotileza, S.L.</CorporateName></LegalEntity>
</BuyerParty>
</Parties>
<Invoices><Invoice>
<InvoiceHeader><InvoiceNumber>{invoice_number}</InvoiceNumber><InvoiceDocumentType>FC</InvoiceDocumentType>
<InvoiceClass>OO</InvoiceClass></InvoiceHeader>
<InvoiceIssueData><IssueDate>{issue_date}</IssueDate><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
<TaxCurrencyCode>EUR</TaxCurrencyCode><LanguageName>es</LanguageName></InvoiceIssueData>
<TaxesOutputs><Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>21.00</TaxRate>
<TaxableBase><TotalAmount>{net}</TotalAmount></TaxableBase><TaxAmount><TotalAmount>{tax}</TotalAmount></TaxAmount>
</Tax></TaxesOutputs>
<InvoiceTotals><TotalGrossAmount>{net}</TotalGrossAmount>
<TotalGrossAmountBeforeTaxes>{net}</TotalGrossAmountBeforeTaxes><TotalTaxOutputs>{tax}</TotalTaxOutputs>
<TotalTaxesWithheld>0.00</TotalTaxesWithheld><InvoiceTotal>{total}</InvoiceTotal>
<TotalOutstandingAmount>{total}</TotalOutstandingAmount><TotalExecutableAmount>{total}</TotalExecutableAmount>
</InvoiceTotals>
<Items><InvoiceLine><ItemDescription>Material de obra</ItemDescription><Quantity>1</Quantity>
<UnitPriceWithoutTax>{net}</UnitPriceWithoutTax><TotalCost>{net}</TotalCost><GrossAmount>{net}</GrossAmount>
<TaxesOutputs><Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>21.00</TaxRate>
<TaxableBase><TotalAmount>{net}</TotalAmount></TaxableBase></Tax></TaxesOutputs>
</InvoiceLine></Items>
</Invoice></Invoices>
</fe:Facturae>
"""


def invoice_row(number: int) -> dict[str, str]:
    """A Spanish invoice as a row of text, with its figures in agreement."""
    name, tax_id = _SUPPLIERS[number % len(_SUPPLIERS)]
    net = 100 + number % _AMOUNTS * _CENT
    tax = (net * _VAT).quantize(_CENT)
    return {
        "invoice_number": f"F-{number:07}",
        "issue_date": f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "supplier_name": name,
        "supplier_tax_id": tax_id,
        "net": f"{net}",
        "tax": f"{tax}",
        "total": f"{net + tax}",
        "currency": "EUR",
    }


def invoice_rows(count: int) -> list[dict[str, str]]:
    return [invoice_row(number) for number in range(count)]


def write_csv(path: Path, rows: int) -> Path:
    """Semicolons and decimal commas, as Spanish programs write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(invoice_row(0)), delimiter=";")
        writer.writeheader()
        for row in map(invoice_row, range(rows)):
            writer.writerow(row | {name: row[name].replace(".", ",") for name in ("net", "tax", "total")})
    return path


def write_facturae(folder: Path, count: int) -> list[Path]:
    """Facturae 3.2.2 of one invoice each."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"factura-{number:04}.xml" for number in range(count)]
    for number, path in enumerate(paths):
        values = {name: escape(value) for name, value in invoice_row(number).items()}
        path.write_text(_FACTURAE.format(**values), encoding="utf-8")
    return paths
