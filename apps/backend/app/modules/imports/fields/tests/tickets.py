"""Invented tickets of tills, pumps, toll booths and car parks, with what they state."""

from __future__ import annotations

from typing import Final

TICKETS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "petrol": (
        """
        ESTACION DE SERVICIO LA LOMA
            PETROLOMA, S.L.
          CIF: B70403027
      CTRA. N-340 KM 122,4
      12500 VINAROS (CASTELLON)
        Tel. 964 00 00 11
     FACTURA SIMPLIFICADA
Nº OP. 004412        TURNO 2
FECHA 14/02/2025 HORA 08:41
SURT. 4    GASOLEO A
LITROS        PRECIO      IMPORTE
  38,17        1,459       55,69
--------------------------------
TOTAL EUR               55,69
IVA INCLUIDO
% IVA     BASE      CUOTA
21,00     46,02      9,67
TARJETA VISA ************1234
AUTORIZACION: 118823
GRACIAS POR SU VISITA
""",
        {
            "doc_type": "simplified_invoice",
            "supplier.name": "PETROLOMA, S.L.",
            "supplier.tax_id": "B70403027",
            "issue_date": "2025-02-14",
            "totals.gross": "55.69",
            "totals.net": "46.02",
            "totals.tax": "9.67",
        },
    ),
    "toll": (
        """
    AUTOPISTAS DEL NORTE S.A.
       NIF A80706054
 Plaza de Espana 4 - 28008 MADRID
   FACTURA SIMPLIFICADA
Estacion: ZARAUTZ  Via: 07
Fecha: 03-05-2025  17:22:10
Nº: 07-2025-0182231
Entrada: BEASAIN
Clase: 1 LIGEROS
IMPORTE PEAJE      3,85 EUR
(IVA 21% INCLUIDO)
Base: 3,18  IVA: 0,67
Pago: METALICO
""",
        {
            "doc_type": "simplified_invoice",
            "supplier.name": "AUTOPISTAS DEL NORTE S.A.",
            "supplier.tax_id": "A80706054",
            "issue_date": "2025-05-03",
            "totals.gross": "3.85",
            "totals.tax": "0.67",
        },
    ),
    "parking": (
        """
PARKING PLAZA MAYOR
Aparcamientos Urbanos del Sur, S.A.
C.I.F. A80706054
Plaza Mayor s/n 41001 Sevilla
TICKET: 001245  CAJERO 3
ENTRADA  21/06/2025 10:05
SALIDA   21/06/2025 12:47
TIEMPO   2h 42m
TARIFA   A
IMPORTE            6,35 EUR
IVA 21% INCL.      1,10
ENTREGADO         10,00 EUR
CAMBIO             3,65 EUR
""",
        {
            "supplier.name": "Aparcamientos Urbanos del Sur, S.A.",
            "supplier.tax_id": "A80706054",
            "issue_date": "2025-06-21",
            "totals.gross": "6.35",
        },
    ),
    "catalan_restaurant": (
        """
        RESTAURANT CAN FELIU
          FELIU I FILLS SCP
        NIF: J70403027
     Carrer Major, 22 08241 MANRESA
  FACTURA SIMPLIFICADA  A-22815
Data: 7/3/2025  Taula: 12  Comensals: 2
Quant. Descripcio        Preu   Import
  2  Menu migdia        14,50    29,00
  1  Ampolla vi          9,00     9,00
  2  Cafe                1,40     2,80
           TOTAL                40,80 €
  Base imposable   37,09
  IVA 10%           3,71
  Cobrat: Efectiu   50,00
  Canvi              9,20
      Moltes gracies!
""",
        {
            "supplier.name": "FELIU I FILLS SCP",
            "issue_date": "2025-03-07",
            "totals.gross": "40.80",
            "totals.net": "37.09",
            "totals.tax": "3.71",
        },
    ),
    "basque_bar": (
        """
        ERROTA TABERNA
     Errota Ostalaritza S.L.
     IFZ: B70403027
   Kale Nagusia 5, 20700 Zumarraga
 FAKTURA SINPLIFIKATUA  T25/004512
 Data: 2025/03/19  21:34
 Mahaia: 6
  3  Pintxoak        2,80    8,40
  2  Garagardoa      3,00    6,00
 GUZTIRA                    14,40
 BEZ %10  Oinarria 13,09  Kuota 1,31
 Eskudirutan               20,00
 Itzulia                    5,60
 Eskerrik asko!
""",
        {
            "supplier.name": "Errota Ostalaritza S.L.",
            "supplier.tax_id": "B70403027",
            "issue_date": "2025-03-19",
            "totals.gross": "14.40",
        },
    ),
    "supermarket_of_three_rates": (
        """
      MERCAMAS SUPERMERCATS S.A.
           A-80706054
      AVDA. DEL PUERTO 31
      46021 VALENCIA
      TELEFONO: 961 00 00 22
   12/01/2025 19:05  OP: 118234
  FACTURA SIMPLIFICADA: 2213-014-771232
  Descripcion     P. Unit   Importe
1 LECHE ENTERA 6              5,22
2 YOGUR GRIEGO     1,35       2,70
1 DETERGENTE                  7,95
1 PLATANO
  0,812 kg    1,69 €/kg       1,37
     TOTAL (€)               17,24
     TARJETA BANCARIA        17,24
 IVA    BASE IMPONIBLE (€) CUOTA (€)
 4%       6,34                0,25
 10%      2,45                0,25
 21%      6,57                1,38
 TOTAL   15,36                1,88
 TARJ. BANCARIA: **** **** **** 4411
 N.C: 022315433  AUT: 021177
 AID: A0000000031010 ARC: 3030
 Importe: 17,24 € Visa CREDITO
SE ADMITEN DEVOLUCIONES CON TICKET
""",
        {
            "supplier.name": "MERCAMAS SUPERMERCATS S.A.",
            "supplier.tax_id": "A80706054",
            "issue_date": "2025-01-12",
            "totals.gross": "17.24",
            "totals.net": "15.36",
            "totals.tax": "1.88",
        },
    ),
    "till_of_one_line": (
        """
CAFETERIA LUNA  NIF 44010202R
C/ Real 3 29001 Malaga
Fra. simplificada 1182
10-09-24 11:02
1 Desayuno   4,50
TOTAL 4,50
IVA incluido 10%
""",
        {
            "supplier.tax_id": "44010202R",
            "supplier.name": "CAFETERIA LUNA",
            "issue_date": "2024-09-10",
            "totals.gross": "4.50",
        },
    ),
    "rates_without_labels": (
        """
       Ferreteria Iturbe
      Iturbe Suministros, S.L.
        CIF B-70403027
       Tel 943.00.00.33
 Ticket: 25/11842  Caja: 1
 02/12/2025       18:44
 Art.            Cant Precio Total
 TORNILLO 4X40     10  0,12   1,20
 TACO 8 MM         10  0,10   1,00
 SILICONA BLANCA    1  6,49   6,49
 Total Compra:               8,69
 Efectivo:                  10,00
 A devolver:                 1,31
    7,18      21,00      1,51
 Conserve este ticket
""",
        {
            "supplier.name": "Iturbe Suministros, S.L.",
            "supplier.tax_id": "B70403027",
            "issue_date": "2025-12-02",
            "totals.gross": "8.69",
            "totals.net": "7.18",
            "totals.tax": "1.51",
        },
    ),
    "ecuadorian_sales_note": (
        """
      TIENDA LA ESQUINITA
  GUAMAN QUISHPE ROSA ELENA
     RUC: 1712345675001
CONTRIBUYENTE NEGOCIO POPULAR - REGIMEN RIMPE
  Dir: Av. Amazonas N24-33 y Colon, Quito
  NOTA DE VENTA  001-001-000001234
  AUT. SRI: 1125478963
  Fecha: 15/08/2025
  Sr(es): CONSUMIDOR FINAL
  RUC/CI: 9999999999999
  CANT  DESCRIPCION     V.UNIT  V.TOTAL
   2    ALMUERZO          3.00     6.00
   1    COLA PERSONAL     0.75     0.75
               TOTAL USD $         6.75
  Valido para su emision hasta 15/08/2026
""",
        {
            "supplier.name": "GUAMAN QUISHPE ROSA ELENA",
            "supplier.tax_id": "1712345675001",
            "issue_date": "2025-08-15",
            "totals.gross": "6.75",
        },
    ),
    "ecuadorian_shop": (
        """
      COMERCIAL ANDINA CIA. LTDA.
        RUC: 1798765430001
   MATRIZ: AV. 6 DE DICIEMBRE 3321
   QUITO - ECUADOR
   FACTURA No. 002-014-000453211
   FECHA: 2025-07-04  HORA: 18:22
   CLIENTE: PEREZ LUIS
   CI: 0911223345
   DESCRIPCION   CANT    TOTAL
   ARROZ 2KG      1       2.60
   JABON          2       3.10*
   SUBTOTAL 0%            2.60
   SUBTOTAL 15%           3.10
   IVA 15%                0.47
   TOTAL                  6.17
   EFECTIVO              10.00
   CAMBIO                 3.83
""",
        {
            "supplier.name": "COMERCIAL ANDINA CIA. LTDA.",
            "supplier.tax_id": "1798765430001",
            "issue_date": "2025-07-04",
            "totals.gross": "6.17",
            "totals.tax": "0.47",
        },
    ),
    "rounded_by_two_cents": (
        """
     UNCLE LIM KOPITIAM
   (SA0123456-H)
   15 JALAN PJS 11/7
   46150 PETALING JAYA
  RECEIPT
  Receipt No : 1182
  12 MAR 2018 08:14 AM
  1 KOPI O                 1.80
  2 TOAST                  5.03
  TOTAL                    6.83
  ROUNDING                 0.02
  NETT                     6.85
  CASH                     6.85
  CHANGE                   0.00
""",
        {
            "supplier.name": "UNCLE LIM KOPITIAM",
            "issue_date": "2018-03-12",
            "totals.gross": "6.85",
        },
    ),
    "rounded_and_paid_exactly": (
        """
   HARDWARE KING TRADING
   (JM0099887-W)
   LOT 7 JALAN BESAR 43300 SERI KEMBANGAN
   CASH BILL
   BILL NO: 2211  DATE: 2018-06-03
   PAINT 5L       1   45.00   45.00
   BRUSH          2    3.49    6.98
   TOTAL                      51.98
   ROUNDING ADJUSTMENT         0.02
   ROUNDING                   52.00
   CASH                       52.00
   CHANGE                      0.00
""",
        {
            "supplier.name": "HARDWARE KING TRADING",
            "issue_date": "2018-06-03",
            "totals.gross": "52.00",
        },
    ),
    "name_over_two_lines": (
        """
  *** WELCOME TO ***
   SIANG HUAT HARDWARE
   TRADING SDN. BHD.
   Co.Reg 554433-A
   GST No.: 000112233445
   23-G JLN SETIA 3, TAMAN SETIA,
   81100 JOHOR BAHRU
   TAX INVOICE
   Invoice No: A1-22281
   Date:29/10/2017Time:15:40:22
   PVC PIPE 20MM   3 PCS x 6.60   19.80 SR
   Total Amount(RM)               19.80
   Visa Card                      19.80
   GST @6% included in total       1.12
""",
        {
            "supplier.name": "SIANG HUAT HARDWARE TRADING SDN. BHD.",
            "issue_date": "2017-10-29",
            "totals.gross": "19.80",
        },
    ),
    "kiosk": (
        """
QUIOSCO PRENSA SOL
44010201T
C/ Sol 8 - 28012 MADRID
FRA.SIMPL. 0001-2025
01.02.25 07:55
PERIODICO          1,80
REVISTA            4,00
SUMA               5,80
EFECTIVO           6,00
CAMBIO             0,20
IVA INCLUIDO
""",
        {
            "supplier.tax_id": "44010201T",
            "issue_date": "2025-02-01",
            "totals.gross": "5.80",
        },
    ),
    "base_and_tax_in_a_row": (
        """
   ASADOR EL ROBLE
   Roble Hosteleria S.L.U.
   B70403027
   Calle Ancha, 12 - 09003 BURGOS
   Mesa: 04   Camarero: LUIS
   Factura simplificada nº TB-009921
   Fecha 22/08/2025 15:31
   UD CONCEPTO        PVP   TOTAL
   2 COCHINILLO      24,00   48,00
   1 AGUA 1L          2,50    2,50
   1 PAN              1,50    1,50
   ------------------------
   BASE      IVA     CUOTA
   47,27     10%      4,73
   ------------------------
   TOTAL:            52,00 EUR
   A devolver: 0,00
   Pagado tarjeta: 52,00
   GRACIAS POR SU VISITA
""",
        {
            "supplier.name": "Roble Hosteleria S.L.U.",
            "supplier.tax_id": "B70403027",
            "issue_date": "2025-08-22",
            "totals.gross": "52.00",
            "totals.net": "47.27",
            "totals.tax": "4.73",
        },
    ),
    "returned_goods": (
        """
   MODA ESTRELLA ESPAÑA S.A.
   CIF A80706054
   C.C. GRAN VIA LOCAL 22 ALICANTE
   TICKET DEVOLUCION
   FACTURA SIMPLIFICADA RECTIFICATIVA
   NUM: 0221-55-0099812
   FECHA: 09/10/2025 12:20
   FACTURA ORIGINAL: 0221-55-0099101
   CAMISETA        -12,99
   TOTAL           -12,99
   BASE -10,74  IVA 21% -2,25
   ABONO TARJETA   -12,99
""",
        {
            "supplier.name": "MODA ESTRELLA ESPAÑA S.A.",
            "supplier.tax_id": "A80706054",
            "issue_date": "2025-10-09",
            "totals.gross": "-12.99",
        },
    ),
    "taxi": (
        """
TAXI LICENCIA 1182
NIF: 44010201T
Fecha: 5-11-2025
Origen: Atocha  Destino: Barajas
Importe: 33,00 €
IVA 10% incluido
""",
        {
            "supplier.tax_id": "44010201T",
            "issue_date": "2025-11-05",
            "totals.gross": "33.00",
        },
    ),
}
