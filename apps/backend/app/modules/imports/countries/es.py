"""Spain: IVA, IGIC, IPSI, IRPF; NIF, NIE and CIF; VERI*FACTU and TicketBAI."""

from __future__ import annotations

from typing import Final

from app.modules.imports.countries.es_codes import read_ticketbai, read_verifactu
from app.modules.imports.countries.es_rates import RATES
from app.modules.imports.countries.es_rules import RULES
from app.modules.imports.countries.es_tax_ids import tax_id
from app.modules.imports.domain.country import Country

COUNTRY: Final = Country(
    code="ES",
    currency="EUR",
    tax_id=tax_id,
    rates=RATES,
    rules=RULES,
    codes=(read_verifactu, read_ticketbai),
    sources=(
        "https://www.boe.es/buscar/act.php?id=BOE-A-1992-28740",  # Ley 37/1992, IVA
        "https://www.boe.es/buscar/act.php?id=BOE-A-2012-14696",  # RD 1619/2012, invoicing
        "https://www.boe.es/buscar/act.php?id=BOE-A-2007-6820",  # RD 439/2007, IRPF
        "https://www.boe.es/buscar/act.php?id=BOE-A-2024-22138",  # Orden HAC/1177/2024, VERI*FACTU
    ),
)
