"""Ecuadorian IVA by date, with the SRI's codigoPorcentaje (ficha técnica de comprobantes electrónicos, table 17).

A rate marked (unconfirmed) was not read in the decree itself. Rates only ever ask for a look: none of them blocks.
"""

# ruff: noqa: E501 [a table is read in rows]
from __future__ import annotations

from typing import Final

from app.modules.imports.countries.rating import read_rates

# rate | from | to | surcharge | code | condition | source
_IVA: Final = """
0  | 1990-01-01 |            |  | 0  | goods and services at zero rate  | LORTI arts. 55, 56
0  | 1990-01-01 |            |  | 6  | not subject                      | LORTI art. 54
0  | 1990-01-01 |            |  | 7  | exempt                           | LORTI
12 | 2000-01-01 | 2016-05-31 |  | 2  |                                  | LORTI art. 65 (start unconfirmed)
14 | 2016-06-01 | 2017-05-31 |  | 3  |                                  | Ley de Solidaridad, RO 759 of 2016-05-20 (days unconfirmed)
12 | 2017-06-01 | 2024-03-31 |  | 2  |                                  | LORTI art. 65
15 | 2024-04-01 |            |  | 4  |                                  | DE 198; DE 470; circular NAC-DGECCGC25-00000006
5  | 2024-04-01 |            |  | 5  | construction materials on the list | LORTI art. 65, reform of 2024
13 | 2024-03-12 |            |  | 10 | in the SRI's table, not used as a general rate | SRI table 17; legal band 13-15 (start unconfirmed)
8  | 2022-02-26 | 2022-03-01 |  | 8  | tourism, Carnaval                | DE 339 (unconfirmed)
8  | 2022-04-15 | 2022-04-17 |  | 8  | tourism, Semana Santa            | DE 339 (unconfirmed)
8  | 2023-02-18 | 2023-02-21 |  | 8  | tourism, Carnaval                | DE 644 (days unconfirmed)
8  | 2023-04-07 | 2023-04-09 |  | 8  | tourism, Semana Santa            | DE 644 (days unconfirmed)
8  | 2023-11-02 | 2023-11-05 |  | 8  | tourism, Difuntos y Cuenca       | DE 644
8  | 2024-10-31 | 2024-11-04 |  | 8  | tourism, Difuntos y Cuenca       | decree number not read (unconfirmed)
8  | 2025-01-01 | 2025-01-05 |  | 8  | tourism, Año Nuevo               | decree number not read (unconfirmed)
8  | 2025-03-01 | 2025-03-04 |  | 8  | tourism, Carnaval                | decree number not read (unconfirmed)
8  | 2025-04-18 | 2025-04-20 |  | 8  | tourism, Semana Santa            | DE 594
8  | 2025-10-09 | 2025-10-09 |  | 8  | tourism, Independencia de Guayaquil | decree number not read (unconfirmed)
8  | 2025-11-02 | 2025-11-03 |  | 8  | tourism, Difuntos y Cuenca       | decree number not read (unconfirmed)
8  | 2025-11-01 | 2025-11-04 |  | 8  | tourism in Imbabura, Carchi, Cayambe and Pedro Moncayo | DE 196 (unconfirmed)
8  | 2026-01-01 | 2026-01-04 |  | 8  | tourism, Año Nuevo               | DE 271
8  | 2026-02-14 | 2026-02-17 |  | 8  | tourism, Carnaval                | DE 304
"""

RATES: Final = read_rates("IVA", _IVA, territory="EC")
