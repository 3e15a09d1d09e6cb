"""Invented documents in several languages and layouts, with what they state."""

from __future__ import annotations

from typing import Final

SAMPLES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "catalan": (
        """
Fusteria Puigblanc, S.L.                                     FACTURA
Carrer de l'Om, 14
08241 Manresa                                     Número de factura     F-2025/118
NIF B60000015                                     Data de factura       3 de març de 2025
Tel. 938 000 000                                  Venciment             02/04/2025

Dades del client
Restaurant Can Vinyals, SCP
Plaça Major, 2
08500 Vic
NIF J60000015

Descripció                              Quantitat      Preu       Import
Taula de roure massís                          2     450,00       900,00
Cadira reforçada                              10      62,50       625,00

                                        Base imposable            1.525,00
                                        IVA 21 %                    320,25
                                        Total a pagar             1.845,25 €
IBAN ES91 2100 0418 4502 0005 1332
""",
        {
            "doc_type": "invoice", "invoice_number": "F-2025/118", "issue_date": "2025-03-03", "due_date": "2025-04-02",
            "supplier.name": "Fusteria Puigblanc, S.L.", "supplier.tax_id": "B60000015",
            "buyer.name": "Restaurant Can Vinyals, SCP", "buyer.tax_id": "J60000015", "currency": "EUR",
            "totals.net": "1525.00", "totals.tax": "320.25", "totals.gross": "1845.25", "iban": "ES9121000418450200051332",
        },
    ),
    "basque": (
        """
FAKTURA                                          Arotz Lanak Etxeberri, S.L.
                                                 Kale Nagusia, 5
Faktura zenbakia: 2025-0042                      20800 Zarautz
Data: 2025/06/12                                 IFK: B20000014

Bezeroa: Ostatu Zaharra, S.L.
IFK: B48000012

Deskribapena                         Kopurua     Prezioa     Zenbatekoa
Leihoak konpondu                        4          85,00         340,00
Zura                                    1         127,35         127,35

Zerga oinarria         BEZ %        Kuota         Guztira
467,35                 21,00        98,14         565,49
""",
        {
            "doc_type": "invoice", "invoice_number": "2025-0042", "issue_date": "2025-06-12",
            "supplier.name": "Arotz Lanak Etxeberri, S.L.", "supplier.tax_id": "B20000014",
            "buyer.name": "Ostatu Zaharra, S.L.", "buyer.tax_id": "B48000012",
            "totals.net": "467.35", "totals.tax": "98.14", "totals.gross": "565.49",
        },
    ),
    "galician freelance": (
        """
Uxía Pereira Lamas                                        Factura nº 17
Tradutora xurada                                          Data: 30/09/2025
NIF: 33000002Q
Rúa do Vilar 8, 15705 Santiago

Cliente
Editorial Ondas do Mar, S.A.
A15000011
Avda. da Mariña 30, 15001 A Coruña

Concepto                                                               Importe
Tradución de manual técnico                                            1.200,00 €

                                    Base impoñible                     1.200,00 €
                                    IVE 21%                              252,00 €
                                    Retención IRPF 15%                  -180,00 €
                                    Líquido a percibir                 1.272,00 €
""",
        {
            "doc_type": "invoice", "invoice_number": "17", "issue_date": "2025-09-30",
            "supplier.name": "Uxía Pereira Lamas", "supplier.tax_id": "33000002Q",
            "buyer.name": "Editorial Ondas do Mar, S.A.", "buyer.tax_id": "A15000011",
            "totals.net": "1200.00", "totals.tax": "252.00", "totals.withholding": "180.00", "totals.payable": "1272.00",
        },
    ),
    "two rates and surcharge": (
        """
DISTRIBUCIONES LA NORIA, S.A.                         Serie y número: A/00981
Polígono El Pla, nave 3                               Fecha de expedición: 14-02-2025
46290 Alcàsser (Valencia)
C.I.F.: A46000014     Tel. 961 000 000

FACTURAR A:
Ultramarinos Quesada
María Quesada Ferrer
C/ Horno 3, 46001 Valencia
N.I.F.: 22000002L

Código    Artículo                  Uds.     Precio     IVA      Importe
1001      Aceite de girasol 5 L       10      12,40     10        124,00
1002      Detergente líquido           6       8,25     21         49,50

 % IVA      Base imponible      Cuota IVA     % R.E.     Cuota R.E.
 10,00             124,00          12,40       1,40           1,74
 21,00              49,50          10,40       5,20           2,57

                                         TOTAL FACTURA         200,61 EUR
""",
        {
            "doc_type": "invoice", "invoice_number": "A/00981", "issue_date": "2025-02-14",
            "supplier.name": "DISTRIBUCIONES LA NORIA, S.A.", "supplier.tax_id": "A46000014", "buyer.tax_id": "22000002L",
            "totals.net": "173.50", "totals.tax": "27.11", "totals.gross": "200.61",
        },
    ),
    "corrective": (
        """
Talleres Brisamar, S.L.
B11000015
Calle Ancha 20, 11001 Cádiz                         FACTURA RECTIFICATIVA
                                                    Nº: R-2025-3
Cliente: Náutica Levante, S.L.  CIF: B03000015      Fecha: 05/05/2025
Factura rectificada: 2025-88

Concepto                             Cantidad     Precio      Total
Devolución de hélice                    -1        310,00     -310,00

Base imponible    -310,00
IVA 21%            -65,10
Total             -375,10 €
""",
        {
            "doc_type": "corrective_invoice", "invoice_number": "R-2025-3", "corrected_invoice_number": "2025-88",
            "issue_date": "2025-05-05", "supplier.name": "Talleres Brisamar, S.L.", "supplier.tax_id": "B11000015",
            "buyer.name": "Náutica Levante, S.L.", "buyer.tax_id": "B03000015",
            "totals.net": "-310.00", "totals.tax": "-65.10", "totals.gross": "-375.10",
        },
    ),
    "till roll": (
        """
SUPERMERCADOS EL OLIVAR, S.L.
C/ Feria 9 - 41003 Sevilla
CIF B41000019
FACTURA SIMPLIFICADA T2-000451
12/11/2025 19:32   CAJA 2
2 LECHE ENTERA 1L       1,98
1 PAN DE PUEBLO         1,10
1 CHAMPU                3,20
TOTAL (EUR)             6,28
EFECTIVO               10,00
CAMBIO                  3,72
TIPO    BASE    CUOTA
4%      2,96     0,12
21%     2,64     0,56
""",
        {
            "doc_type": "simplified_invoice", "invoice_number": "T2-000451", "issue_date": "2025-11-12",
            "supplier.name": "SUPERMERCADOS EL OLIVAR, S.L.", "supplier.tax_id": "B41000019",
            "totals.net": "5.60", "totals.tax": "0.68", "totals.gross": "6.28",
        },
    ),
    "german": (
        """
Holzbau Tannwald GmbH · Am Sägewerk 4 · 79098 Freiburg

Gasthof Sonne                                     Rechnung
Frau Edith Kern                                   Rechnungsnummer: 2025-0815
Talstraße 17                                      Rechnungsdatum: 7. Mai 2025
79822 Neustadt                                    Kundennummer: 10442

Pos   Bezeichnung                    Menge      Einzelpreis        Gesamt
1     Dachstuhl ausbessern             12,5           64,00         800,00
2     Bauholz Fichte                    3,0           95,50         286,50

      Zwischensumme netto                                        1.086,50 €
      zzgl. 19 % MwSt.                                             206,44 €
      Rechnungsbetrag                                            1.292,94 €
Zahlbar bis 21.05.2025
Holzbau Tannwald GmbH  HRB 4711 Amtsgericht Freiburg  USt-IdNr. DE136695976
""",
        {
            "doc_type": "invoice", "invoice_number": "2025-0815", "issue_date": "2025-05-07", "due_date": "2025-05-21",
            "supplier.name": "Holzbau Tannwald GmbH", "supplier.tax_id": "DE136695976", "buyer.name": "Gasthof Sonne",
            "totals.net": "1086.50", "totals.tax": "206.44", "totals.gross": "1292.94",
        },
    ),
    "french": (
        """
ATELIER DES TILLEULS SARL                              FACTURE N° 2025-031
12 rue du Port                                         Date de facture : 18/04/2025
44000 Nantes                                           Échéance : 18/05/2025
Tél. 02 40 00 00 00
                                                       Facturé à :
                                                       Librairie Mirabelle
                                                       3 place Royale
                                                       44100 Nantes

Désignation                        Quantité       P.U. HT      Montant HT
Reliure plein cuir                      4          120,00          480,00
Restauration                            1          310,00          310,00

                                   Total HT                        790,00 €
                                   TVA 20 %                        158,00 €
                                   Total TTC                       948,00 €
ATELIER DES TILLEULS SARL au capital de 8 000 € - RCS Nantes - TVA FR40303265045
""",
        {
            "doc_type": "invoice", "invoice_number": "2025-031", "issue_date": "2025-04-18", "due_date": "2025-05-18",
            "supplier.name": "ATELIER DES TILLEULS SARL", "supplier.tax_id": "FR40303265045",
            "buyer.name": "Librairie Mirabelle", "totals.net": "790.00", "totals.tax": "158.00", "totals.gross": "948.00",
        },
    ),
    "english": (
        """
INVOICE

From:                                   Bill to:
Harbour Light Design Ltd                Greystone Bakery Ltd
8 Quay Street                           41 Mill Lane
Bristol BS1 4DB                         Leeds LS1 3AB

Invoice No.      Invoice Date      Due Date
INV-00317        15 March 2025     14 April 2025

Description                     Qty      Unit price      Amount
Logo design                       1        1,250.00     1,250.00
Shop window lettering             3           96.00       288.00

Subtotal                                                £1,538.00
VAT 20%                                                   £307.60
Total due                                               £1,845.60
""",
        {
            "doc_type": "invoice", "invoice_number": "INV-00317", "issue_date": "2025-03-15", "due_date": "2025-04-14",
            "supplier.name": "Harbour Light Design Ltd", "buyer.name": "Greystone Bakery Ltd", "currency": "GBP",
            "totals.net": "1538.00", "totals.tax": "307.60", "totals.gross": "1845.60",
        },
    ),
    "portuguese": (
        """
Oficina Ribeirinha, Lda.
Rua da Praia 7, 4400-111 Vila Nova de Gaia
NIF: 507957547
                                                  Fatura nº FT 2025/77
Exmo(s) Sr(s)                                     Data de emissão: 2025-07-01
Cerâmica do Douro, S.A.                           Vencimento: 2025-07-31
NIF: 500000000

Descrição                      Quantidade      Preço      Valor
Reparação de forno                   1         400,00     400,00

Base tributável     400,00
IVA 23%              92,00
Total a pagar       492,00 €
""",
        {
            "doc_type": "invoice", "invoice_number": "FT 2025/77", "issue_date": "2025-07-01", "due_date": "2025-07-31",
            "supplier.name": "Oficina Ribeirinha, Lda.", "buyer.name": "Cerâmica do Douro, S.A.",
            "totals.net": "400.00", "totals.tax": "92.00", "totals.gross": "492.00",
        },
    ),
    "right column supplier": (
        """
DATOS DEL CLIENTE                                 EMISOR
Hotel Mirador del Cabo, S.L.                      Lavandería Industrial Azul, S.L.U.
CIF B04000014                                     CIF B29000015
Paseo Marítimo 1                                  C/ Industria 44
04001 Almería                                     29006 Málaga

Factura        Fecha           Vencimiento       Forma de pago
25-1190        31/10/2025      30/11/2025        Transferencia

Concepto                                 Kg        Precio       Total
Lavado ropa blanca                     412,50        0,98       404,25

Base imponible          Tipo          Cuota          Total factura
404,25                   21 %         84,89          489,14 €
""",
        {
            "doc_type": "invoice", "invoice_number": "25-1190", "issue_date": "2025-10-31", "due_date": "2025-11-30",
            "supplier.name": "Lavandería Industrial Azul, S.L.U.", "supplier.tax_id": "B29000015",
            "buyer.name": "Hotel Mirador del Cabo, S.L.", "buyer.tax_id": "B04000014",
            "totals.net": "404.25", "totals.tax": "84.89", "totals.gross": "489.14",
        },
    ),
    "supplier in the footer": (
        """
                                                      FACTURA
Sra. Directora
Colegio Los Almendros, S.Coop.
C/ Escuela 12
30001 Murcia
NIF: F30000012

Nº Factura     Fecha factura     Nº Pedido      Cod. Cliente
FA25/00317     17-06-2025        884213         4300021

Ref.      Descripción                       Cant.      Precio     %Dto.     Total
A-11      Pupitre escolar                    30       45,9000      10      1.239,30
A-19      Silla escolar                      30       21,5000                645,00

Bruto         Dto. P.P.      Portes      Base Imp.      % I.V.A.     Imp. I.V.A.     TOTAL FACTURA
1.884,30        0,00          0,00        1.884,30       21,00         395,70          2.280,00

Vencimientos: 17-07-2025    2.280,00
Mobiliario Escolar Sureste, S.L. Inscrita en el Registro Mercantil de Murcia, Tomo 1, Folio 2, Hoja MU-3 - CIF B73000010
Camino Viejo 4, 30010 Murcia - Tel. 968 000 000
""",
        {
            "doc_type": "invoice", "invoice_number": "FA25/00317", "issue_date": "2025-06-17",
            "due_date": "2025-07-17", "supplier.tax_id": "B73000010",
            "supplier.name": "Mobiliario Escolar Sureste, S.L.", "buyer.tax_id": "F30000012",
            "buyer.name": "Colegio Los Almendros, S.Coop.", "totals.net": "1884.30", "totals.tax": "395.70",
            "totals.gross": "2280.00",
        },
    ),
    "total after withholding": (
        """
MARTA SOLER IBARRA                         Minuta de honorarios
ABOGADA                                    Número: 14/2025
DNI 44000003Z                              Fecha: 2 de julio de 2025
c/ San Miguel 20, 3ºB
31001 Pamplona

A la atención de:
Conservas del Arga, S.A.
A31000011
Polígono Landaben s/n, 31012 Pamplona

Asesoramiento en contrato de arrendamiento                        600,00
Redacción de escrito                                              150,00
Suma                                                              750,00
I.V.A. 21%                                                        157,50
I.R.P.F. 15%                                                     -112,50
TOTAL                                                             795,00
""",
        {
            "doc_type": "invoice", "invoice_number": "14/2025", "issue_date": "2025-07-02",
            "supplier.tax_id": "44000003Z", "supplier.name": "MARTA SOLER IBARRA", "buyer.tax_id": "A31000011",
            "buyer.name": "Conservas del Arga, S.A.", "totals.net": "750.00", "totals.tax": "157.50",
            "totals.withholding": "112.50", "totals.payable": "795.00",
        },
    ),
    "bar ticket": (
        """
      BAR RESTAURANTE EL FARO
     HOSTELERIA DEL NORTE S.L.
          B39000013
     Pº Marítimo 22 Santander
Fra. Simplificada: 2025/A/10233
Fecha: 08/08/25  Hora: 14:51
Mesa 7   Camarero: LUIS
Uds Descripcion       Precio Importe
 2  MENU DEL DIA       14,50   29,00
 1  AGUA 1L             2,00    2,00
 2  CAFE SOLO           1,40    2,80
TOTAL A PAGAR                 33,80€
I.V.A. INCLUIDO
Base 10%: 30,73   Cuota: 3,07
Gracias por su visita
""",
        {
            "doc_type": "simplified_invoice", "invoice_number": "2025/A/10233", "issue_date": "2025-08-08",
            "supplier.tax_id": "B39000013", "totals.net": "30.73", "totals.tax": "3.07", "totals.gross": "33.80",
        },
    ),
    "utility bill": (
        """
Energía Ribera Alta, S.A.                        DATOS DE LA FACTURA
CIF A50000017                                    IMPORTE FACTURA: 86,47 €
Pza. Mayor 1, 50001 Zaragoza                     Nº factura: EP2025000099182
                                                 Fecha emisión factura: 04/09/2025
                                                 Periodo de facturación: 01/08/2025 - 31/08/2025
                                                 Fecha de cargo: 12/09/2025
Titular: Panadería Sancho, S.L.
NIF: B50000017
CUPS: ES0021000000000000AA

Potencia contratada                                    21,30 €
Energía consumida 312 kWh                              46,12 €
Impuesto electricidad 5,1127%                           3,45 €
Alquiler de equipos                                     0,59 €
Base imponible                                         71,46 €
IVA 21% s/ 71,46                                       15,01 €
TOTAL IMPORTE FACTURA                                  86,47 €
""",
        {
            "doc_type": "invoice", "invoice_number": "EP2025000099182", "issue_date": "2025-09-04",
            "supplier.tax_id": "A50000017", "supplier.name": "Energía Ribera Alta, S.A.",
            "buyer.tax_id": "B50000017", "buyer.name": "Panadería Sancho, S.L.", "totals.net": "71.46",
            "totals.tax": "15.01", "totals.gross": "86.47",
        },
    ),
    "igic of two rates": (
        """
Ferretería Teide Alto S.L.U.     NIF B38000014
Factura FT-22/25      12.01.2025
Comprador: Apartamentos La Caleta, S.L.  NIF B35000017
Unidades  Artículo          P.U.      Neto
3         Taladro          79,90    239,70
20        Brocas            2,15     43,00
IGIC 7%   base 239,70   cuota 16,78
IGIC 3%   base 43,00    cuota 1,29
Total neto 282,70
Total impuestos 18,07
Importe total 300,77 EUR
""",
        {
            "doc_type": "invoice", "invoice_number": "FT-22/25", "issue_date": "2025-01-12",
            "supplier.tax_id": "B38000014", "supplier.name": "Ferretería Teide Alto S.L.U.",
            "buyer.tax_id": "B35000017", "buyer.name": "Apartamentos La Caleta, S.L.", "totals.net": "282.70",
            "totals.tax": "18.07", "totals.gross": "300.77",
        },
    ),
    "delivery notes inside": (
        """
VIVEROS PEÑALARA S.COOP.                       FACTURA        Pág. 1/1
C.I.F. F40000010
Ctra. de Soria km 3                            Número      Serie     Fecha
40001 Segovia                                  001204      V         29/11/2025

                                               JARDINES DEL ERESMA SL
                                               C/ Velarde 9
                                               40003 SEGOVIA
                                               B40000010

Albarán 3391 de 20/11/2025
Laurel 60/80          10      6,10       61,00
Albarán 3402 de 25/11/2025
Ciprés 1,5 m           4     22,00       88,00

Base imponible        IVA 10%        Total
149,00                 14,90         163,90

Forma de pago: recibo a 30 días   Vto: 29/12/2025
""",
        {
            "doc_type": "invoice", "issue_date": "2025-11-29", "due_date": "2025-12-29",
            "supplier.tax_id": "F40000010", "supplier.name": "VIVEROS PEÑALARA S.COOP.", "buyer.tax_id": "B40000010",
            "buyer.name": "JARDINES DEL ERESMA SL", "totals.net": "149.00", "totals.tax": "14.90",
            "totals.gross": "163.90", "invoice_number": "001204",
        },
    ),
    "ecuador values below labels": (
        """
FERRETERÍA EL TORNILLO CÍA. LTDA.                     FACTURA
RUC: 1790012344001                                    No. 002-001-000004512
Av. 10 de Agosto N20-11, Quito                        AUTORIZACIÓN SRI
                                                      Fecha de emisión
Cliente: Andrade Molina Pedro José                    18/03/2025
C.I./RUC: 1710034065

Código   Cantidad   Descripción            V. Unitario    V. Total
101      2          Martillo                   8.50         17.00
102      1          Sierra                    12.25         12.25

                                   Subtotal 15%             29.25
                                   Subtotal 0%               0.00
                                   IVA 15%                   4.39
                                   Propina                   0.00
                                   Total a pagar            33.64
""",
        {
            "doc_type": "invoice", "invoice_number": "002-001-000004512", "issue_date": "2025-03-18",
            "supplier.name": "FERRETERÍA EL TORNILLO CÍA. LTDA.", "buyer.name": "Andrade Molina Pedro José",
            "buyer.tax_id": "1710034065", "totals.net": "29.25", "totals.tax": "4.39", "totals.gross": "33.64",
        },
    ),
    "italian buyer first": (
        """
Spett.le
Pasticceria Belvedere S.r.l.
Via Roma 12
10121 Torino
P.IVA 00000010215

Tipografia Aurora S.n.c.
Via dei Mille 8 - 10123 Torino
P. IVA 12345670017

Fattura n. 45/2025 del 10/04/2025

Descrizione                Quantità     Prezzo     Importo
Volantini A5                 1000         0,08       80,00
Menu plastificati              40         3,50      140,00

Imponibile    220,00
IVA 22%        48,40
Totale fattura  € 268,40
Scadenza 10/05/2025
""",
        {
            "doc_type": "invoice", "invoice_number": "45/2025", "issue_date": "2025-04-10", "due_date": "2025-05-10",
            "supplier.name": "Tipografia Aurora S.n.c.", "buyer.name": "Pasticceria Belvedere S.r.l.",
            "totals.net": "220.00", "totals.tax": "48.40", "totals.gross": "268.40",
        },
    ),
}  # fmt: skip
"""Name → the page as a typewriter sets it, and the fields that it states, by path."""
