"""What is imported while measuring: invoice rows, a CSV file and Facturae files, all different and all correct."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SUPPLIERS: Final = (
    ("Ferretería del Norte, S.L.", "B29423548"),
    ("Talleres Sotileza, S.L.", "B39000005"),
    ("Marta Quiroga Peñalver", "12345678Z"),
)
_CENT: Final = Decimal("0.01")
_VAT: Final = Decimal("0.21")
_AMOUNTS: Final = 9_973

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

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


_XLSX: Final = {
    "[Content_Types].xml": """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>""",
    "_rels/.rels": f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets><sheet name="Facturas" sheetId="1" r:id="r1"/></sheets>
</workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="{_SHEETS}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>""",
}
_SHEET_HEAD: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="{_SHEETS}"><sheetData>"""
_DAY_ZERO: Final = date(1899, 12, 30)


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


def write_csv(path: Path, rows: int, *, first: int = 0) -> Path:
    """Semicolons and decimal commas, as Spanish programs write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(invoice_row(0)), delimiter=";")
        writer.writeheader()
        for row in map(invoice_row, range(first, first + rows)):
            writer.writerow(row | {name: row[name].replace(".", ",") for name in ("net", "tax", "total")})
    return path


def write_xlsx(path: Path, rows: int) -> Path:
    """Numbers and dates as a spreadsheet holds them; the text of each cell in its place."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in _XLSX.items():
            package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_SHEET_HEAD.encode())
            sheet.write(_sheet_row(list(invoice_row(0))).encode())
            for number in range(rows):
                sheet.write(_sheet_row(_typed(invoice_row(number))).encode())
            sheet.write(b"</sheetData></worksheet>")
    return path


def write_facturae(folder: Path, count: int, *, first: int = 0) -> list[Path]:
    """Facturae 3.2.2 of one invoice each."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"factura-{number:04}.xml" for number in range(first, first + count)]
    for number, path in enumerate(paths, start=first):
        values = {name: escape(value) for name, value in invoice_row(number).items()}
        path.write_text(_FACTURAE.format(**values), encoding="utf-8")
    return paths


def _typed(row: dict[str, str]) -> list[str | int | Decimal]:
    typed: dict[str, str | int | Decimal] = {**row}
    typed["issue_date"] = (date.fromisoformat(row["issue_date"]) - _DAY_ZERO).days
    typed |= {name: Decimal(row[name]) for name in ("net", "tax", "total")}
    return list(typed.values())


def _sheet_row(cells: Sequence[str | int | Decimal]) -> str:
    return f"<row>{''.join(map(_sheet_cell, cells))}</row>"


def _sheet_cell(value: str | int | Decimal) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c s="1"><v>{value}</v></c>' if isinstance(value, int) else f"<c><v>{value}</v></c>"
