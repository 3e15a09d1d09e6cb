"""Ecuador: IVA by SRI code; cédula and RUC; the clave de acceso of electronic documents."""

from __future__ import annotations

from typing import Final

from app.modules.imports.countries import ec_authorisation, ec_rules
from app.modules.imports.countries.ec_clave import read_code
from app.modules.imports.countries.ec_rates import RATES
from app.modules.imports.countries.ec_tax_ids import tax_id
from app.modules.imports.domain.country import Country

COUNTRY: Final = Country(
    code="EC",
    currency="USD",
    tax_id=tax_id,
    rates=RATES,
    rules=(*ec_rules.RULES, *ec_authorisation.RULES),
    codes=(read_code,),
    sources=(
        "https://www.sri.gob.ec/facturacion-electronica",  # ficha técnica de comprobantes electrónicos
        "https://www.sri.gob.ec/impuesto-al-valor-agregado-iva",  # IVA
    ),
)
