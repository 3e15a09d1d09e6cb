"""Spanish rates by date: IVA with recargo de equivalencia, IGIC, IPSI and IRPF withholding, each with its law.

A rate marked (unconfirmed) was not read in the law itself. Rates only ever ask for a look, so none of them can block.
"""

# ruff: noqa: E501 [a table is read in rows]
from __future__ import annotations

from typing import Final

from app.modules.imports.countries.rating import read_rates

# rate | from | to | surcharge | code | condition | source
_IVA: Final = """
0   | 1993-01-01 |            | 0     |  | exempt, not subject, reverse charge, export or intra-EU supply | Ley 37/1992 arts. 7, 20-25, 84
16  | 1995-01-01 | 2010-06-30 | 4     |  |                                | Ley 41/1994 (unconfirmed)
7   | 1995-01-01 | 2010-06-30 | 1     |  |                                | Ley 41/1994 (unconfirmed)
4   | 1995-01-01 | 2012-08-31 | 0.5   |  |                                | Ley 41/1994 (unconfirmed)
18  | 2010-07-01 | 2012-08-31 | 4     |  |                                | Ley 26/2009 (unconfirmed)
8   | 2010-07-01 | 2012-08-31 | 1     |  |                                | Ley 26/2009 (unconfirmed)
21  | 2012-09-01 |            | 5.2   |  |                                | Ley 37/1992 arts. 90, 161; RDL 20/2012
21  | 2012-09-01 |            | 1.75  |  | tobacco                        | Ley 37/1992 art. 161; RDL 20/2012
10  | 2012-09-01 |            | 1.4   |  |                                | Ley 37/1992 arts. 91.Uno, 161; RDL 20/2012
4   | 2012-09-01 |            | 0.5   |  |                                | Ley 37/1992 arts. 91.Dos, 161; RDL 20/2012
12  | 2012-09-01 |            |       |  | compensation of flat-rate farming and forestry | Ley 37/1992 art. 130.Cinco; RDL 20/2012
10.5 | 2012-09-01 |           |       |  | compensation of flat-rate livestock and fishing | Ley 37/1992 art. 130.Cinco; RDL 20/2012
10  | 2021-06-26 | 2022-06-30 |       |  | electricity                    | RDL 12/2021
5   | 2022-07-01 | 2023-12-31 |       |  | electricity                    | RDL 11/2022, RDL 20/2022
10  | 2024-01-01 | 2024-02-29 |       |  | electricity                    | RDL 8/2023
10  | 2024-07-01 | 2024-12-31 |       |  | electricity                    | RDL 8/2023
5   | 2022-10-01 | 2023-12-31 |       |  | natural gas                    | RDL 17/2022, RDL 20/2022
10  | 2024-01-01 | 2024-03-31 |       |  | natural gas                    | RDL 8/2023
5   | 2022-10-01 | 2023-12-31 | 0.625 |  | pellets and firewood           | RDL 17/2022, RDL 20/2022
10  | 2024-01-01 | 2024-06-30 |       |  | pellets and firewood           | RDL 8/2023
0   | 2023-01-01 | 2024-09-30 | 0     |  | basic food                     | RDL 20/2022, RDL 4/2024
2   | 2024-10-01 | 2024-12-31 | 0.26  |  | basic food                     | RDL 4/2024
4   | 2025-01-01 |            | 0.5   |  | basic food                     | RDL 4/2024
5   | 2023-01-01 | 2024-09-30 | 0.62  |  | seed oils and pasta            | RDL 20/2022, RDL 4/2024
7.5 | 2024-10-01 | 2024-12-31 | 1     |  | seed oils and pasta            | RDL 4/2024
10  | 2025-01-01 |            | 1.4   |  | seed oils and pasta            | RDL 4/2024
5   | 2023-01-01 | 2024-06-30 | 0.62  |  | olive oil                      | RDL 20/2022
0   | 2024-07-01 | 2024-09-30 | 0     |  | olive oil                      | RDL 4/2024
2   | 2024-10-01 | 2024-12-31 | 0.26  |  | olive oil                      | RDL 4/2024
4   | 2025-01-01 |            | 0.5   |  | olive oil                      | RDL 4/2024
10  | 2026-03-21 |            | 1.4   |  | electricity, gas, pellets, firewood, petrol, diesel | Council of Ministers of 2026-03-20; decree and days not read (unconfirmed)
"""

_IGIC: Final = """
0    | 1993-01-01 |            |      |  | zero rate, exempt or not subject  | Ley 20/1991; Ley 4/2012 Canarias
3    | 2012-07-01 |            | 0.3  |  |                                   | Ley 4/2012 Canarias (start unconfirmed)
5    | 2023-01-01 |            |      |  |                                   | existence and start not read (unconfirmed)
6.5  | 2019-01-01 | 2019-12-31 |      |  |                                   | Ley 7/2018 Canarias (unconfirmed)
7    | 2012-07-01 | 2018-12-31 | 0.7  |  |                                   | Ley 4/2012 Canarias (unconfirmed)
7    | 2020-01-01 |            | 0.7  |  |                                   | Ley 19/2019 Canarias (start unconfirmed)
9.5  | 2012-07-01 |            | 0.95 |  |                                   | Ley 4/2012 Canarias (start unconfirmed)
13.5 | 2012-07-01 | 2019-12-31 |      |  |                                   | Ley 4/2012 Canarias (unconfirmed)
15   | 2020-01-01 |            | 1.5  |  |                                   | Ley 19/2019 Canarias (start unconfirmed)
20   | 2012-07-01 |            | 2    |  | tobacco                           | Ley 4/2012 Canarias (start unconfirmed)
"""

_IPSI: Final = """
0   | 1991-01-01 |  |  |  | exempt or not subject | Ley 8/1991
0.5 | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
1   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
2   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
3   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
4   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
5   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
6   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
7   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
8   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
9   | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
10  | 1991-01-01 |  |  |  |  | Ley 8/1991 and the ordinances (unconfirmed)
"""

_IRPF: Final = """
0    | 1992-01-01 |            |  |  | nothing withheld                                | RD 439/2007
1    | 2007-04-01 |            |  |  | modules; pig and poultry farming                | RD 439/2007 art. 95 (start unconfirmed)
2    | 2007-04-01 |            |  |  | farming                                         | RD 439/2007 art. 95 (start unconfirmed)
6    | 2018-07-05 |            |  |  | professionals of Ceuta and Melilla: 15 cut by 60 % | RD 439/2007 art. 95.1; Ley 6/2018 (start unconfirmed)
7    | 2007-04-01 | 2012-08-31 |  |  | new professionals                               | RD 439/2007 art. 95 (unconfirmed)
7    | 2015-07-12 |            |  |  | new professionals: first year and the two after | RDL 9/2015; RD 439/2007 art. 95
7.6  | 2018-07-05 |            |  |  | rentals in Ceuta and Melilla: 19 cut by 60 %    | RD 439/2007 art. 100; Ley 6/2018 (start unconfirmed)
9    | 2012-09-01 | 2015-07-11 |  |  | new professionals                               | RDL 20/2012 (unconfirmed)
15   | 2007-04-01 | 2012-08-31 |  |  | professionals                                   | RD 439/2007 art. 95 (unconfirmed)
15   | 2014-07-05 | 2015-07-11 |  |  | professionals of low income                     | RDL 8/2014 (unconfirmed)
15   | 2015-07-12 |            |  |  | professionals                                   | RDL 9/2015; RD 439/2007 art. 95
18   | 2007-04-01 | 2009-12-31 |  |  | rentals and capital                             | RD 439/2007 (unconfirmed)
19   | 2010-01-01 | 2011-12-31 |  |  | rentals and capital                             | Ley 26/2009 (unconfirmed)
19   | 2015-01-01 | 2015-07-11 |  |  | professionals                                   | Ley 26/2014 (unconfirmed)
19   | 2016-01-01 |            |  |  | rentals and capital                             | Ley 26/2014; RD 439/2007 arts. 90, 100
19.5 | 2015-07-12 | 2015-12-31 |  |  | rentals and capital                             | RDL 9/2015 (unconfirmed)
20   | 2015-01-01 | 2015-07-11 |  |  | rentals and capital                             | Ley 26/2014 (unconfirmed)
21   | 2012-01-01 | 2014-12-31 |  |  | rentals and capital; professionals from 2012-09 | RDL 20/2011, RDL 20/2012 (unconfirmed)
24   | 2007-04-01 |            |  |  | image rights                                    | RD 439/2007 art. 101 (start unconfirmed)
"""

RATES: Final = (
    *read_rates("IVA", _IVA, territory="ES"),
    *read_rates("IGIC", _IGIC, territory="ES-CN"),
    *read_rates("IPSI", _IPSI, territory="ES-CE, ES-ML"),
    *read_rates("IRPF", _IRPF),
)
