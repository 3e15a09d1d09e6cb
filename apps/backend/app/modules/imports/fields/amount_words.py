"""The words that announce an amount, as data.

Spanish, Catalan, Galician, Basque, English, Portuguese, French, German, Italian, Dutch; as people print them.
"""

from __future__ import annotations

from typing import Final

AMOUNT_WORDS: Final = {
    "gross": """
        total factura | total de la factura | importe total factura | total importe factura | importe total |
        total importe | importe total de la factura | total con iva | total iva incluido | total iva inc |
        total iva incl | total i.v.a. incluido | importe factura | total documento | total general | total bruto |
        importe bruto | valor total | importe total iva incluido | total impuestos incluidos | total con impuestos |
        suma total | monto total | total ticket | total venta | total compra | importe total con iva | total fra |
        total euros | total eur | total en euros | total usd | total a cobrar | import total | total import |
        total amb iva | total iva inclòs | total document | import factura | importe total da factura | guztira |
        faktura guztira | zenbatekoa guztira | guztizkoa | total orokorra | total ive incluído | total con ive |
        total amount | invoice total | grand total | total incl vat | total including vat | total inc vat |
        total incl tax | total inc gst | total incl gst | total due | total sales | total inclusive |
        total inclusive of gst | total incl of gst | total sales inclusive of gst | total with gst |
        total includes gst | total incl | total inc | total sales inclusive gst |
        total rm | total amt incl gst | total amount incl gst | total amount rm | nett total | net total |
        total rounded | rounded total | total after rounding | total rm incl of gst | total including gst | total amt |
        total payable | round total | bill total | total sales incl gst | total inclusive gst | total incl gst 6 |
        total rm inclusive | total amount inclusive | total sale | nett amount | total nett | final total |
        total with tax | total inc tax | total after adj | total aft disc incl gst | total com iva | total da fatura |
        total fatura | total geral | total c iva | total ttc | montant ttc | total à régler | montant total ttc |
        total facture | montant total | total général | prix ttc | total toutes taxes comprises | gesamtbetrag |
        gesamtsumme | rechnungsbetrag | endbetrag | bruttobetrag | bruttosumme | gesamt brutto | summe brutto |
        total brutto | brutto | summe inkl ust | summe inkl mwst | gesamtbetrag inkl mwst | gesamtbetrag inkl ust |
        gesamt | endsumme | summe eur | gesamtpreis | rechnungssumme | gesamtbetrag brutto | rechnungsendbetrag |
        rechnungssumme mit ust | rechnungsbetrag brutto | summe gesamt | bruttorechnungsbetrag | gesamt eur |
        totale fattura | totale documento | totale complessivo | importo totale | totale ivato | totale iva inclusa |
        totale generale | totaal | factuur totaal | factuurtotaal | totaal incl btw | totaalbedrag | totaal factuur |
        totaal bedrag | factuurbedrag""",
    "payable": """
        total a pagar | importe a pagar | a pagar | a cobrar | líquido a percibir | líquido | líquido a pagar | total líquido |
        neto a pagar | total pendiente | importe líquido | a ingresar | total a ingresar | pendiente de pago |
        a percibir | total a percibir | importe a abonar | a abonar | total a abonar | total abonar |
        importe pendiente | total pagar | importe neto a pagar | saldo a pagar | valor a pagar | total a transferir |
        líquido total | total neto a pagar | import a pagar | líquid a percebre | líquid | total líquid |
        total a pagar euros | ordaintzekoa | ordaindu beharrekoa | ordaintzeko guztira | a pagar guztira |
        ordaintzeko zenbatekoa | ordaintzekoa guztira | amount due | balance due | amount payable | payable |
        total to pay | to pay | please pay | net payable | total amount payable | total amount due | payable amount |
        total amt payable | total payable amount | amount to pay | net amount payable | due amount | total amt due |
        outstanding | montante a pagar | net à payer | somme à payer | reste à payer | montant à payer | à payer |
        montant dû | solde à payer | net a payer ttc | zahlbetrag | zu zahlen | zu zahlender betrag | zahlungsbetrag |
        fälliger betrag | noch zu zahlen | offener betrag | zu zahlen eur | überweisungsbetrag | da pagare |
        totale da pagare | netto a pagare | importo da pagare | te betalen | netto da pagare""",
    "total": """
        total | totales | totals | totale | summe | guztira | sum total | totaux | importe | import | amount | betrag |
        montant | importo | zenbatekoa | bedrag | rm | total unidades importe | suma | valor | prezo total |
        precio total | line total | total price | precio total iva incluido""",
    "said": """
        asciende a | asciende a la cantidad de | asciende a la suma de | asciende a la cantidad total de | ascienden a |
        asciende a un total de | asciende a la suma total de | asciende en total a | importa la cantidad de |
        importa la suma de | importa un total de | ascendeix a | ascendeix a la quantitat de | ascende a |
        ascende á cantidade de | s'élève à | amounts to | comes to | beläuft sich auf | ammonta a""",
    "net": """
        base imponible | base | bases | b imponible | base imp | total base imponible | base imponible total |
        suma bases | total bases | base iva | total neto | neto | importe neto | subtotal | sub total | suma |
        total sin iva | importe sin iva | total antes de impuestos | total bruto sin iva | base total | total base |
        bi | subtotal sin impuestos | total sin impuestos | suma importes | importe base | total líneas |
        base imponible iva | total imponible | valor neto | total i.v.a. no incluido | subtotal iva |
        precio total iva excluido | total iva excluido | suma de bases | base igic | base imponible igic |
        bases imponibles | total bases imponibles | subtotal sin iva | base gravable | base sujeta | base exenta |
        gravado | subtotal exento de iva | subtotal no objeto de iva | subtotal gravado | subtotal tarifa | importe bruto |
        import net | base imposable | base impostable | bases imposables | suma bases imposables | total base imposable |
        base impoñible | base impoñible total | zerga oinarria | oinarria | zerga oinarriak | bez oinarria |
        zerga oinarria guztira | ezarpen oinarria | net | net total | taxable base | net amount | net value | total net | net total amount |
        total excl vat | total excluding vat | total ex vat | total before tax | amount excl vat | taxable amount |
        tax base | total excl tax | total excl gst | total excluding gst | taxable | vat base | amount excluding vat |
        sub ttl | total w o gst | amount rm | total exclusive of gst | total excl of gst | net of vat |
        total without tax | total net amount | total tax exclusive | amt | base tributável | incidência |
        total ilíquido | total líquido | valor líquido | base de incidência | total sem iva | base de tributação |
        total ht | montant ht | base ht | total hors taxes | base tva | total net ht | sous total | sous total ht |
        montant total ht | base hors taxe | montant eur ht | nettobetrag | netto | summe netto | gesamt netto |
        zwischensumme | nettosumme | rechnungssumme ohne ust | warenwert | netto gesamt | positionssumme | basisbetrag |
        gesamtbetrag netto | nettowert | gesamtsumme netto | rechnungsbetrag netto | rechnungsbetrag ohne ust |
        total netto | gesamtnettobetrag | steuerbasis | bemessungsgrundlage | nettorechnungsbetrag | summe positionen |
        steuerpflichtiger betrag | ust basis | mwst basis | summe ohne ust | netto betrag | rechnungssumme netto |
        imponibile | totale imponibile | base imponibile | totale netto | subtotale | grondslag | subtotaal |
        totaal excl btw | grondslag btw | maatstaf""",
    "tax": """
        iva | i.v.a | imp iva | iva normal | iva general | iva reducido | iva superreducido | iva tipo general |
        iva tipo reducido | impuesto sobre el valor añadido | impost sobre el valor afegit | imposto sobre o valor engadido |
        impuesto general indirecto canario | impuesto iva | cuota | cuotas | cuota iva | cuota de iva | total iva | importe iva | impuestos |
        total impuestos | impuesto | igic | cuota igic | total igic | ipsi | cuota ipsi | total cuota | total cuotas |
        cuotas iva | suma iva | total iva re | total iva r.e | iva re | iva tarifa | valor iva | importe igic |
        iva soportado | de iva | total ipsi | impost | impostos | total impostos | quota | quota iva | quotes |
        import iva | total quota | total quotes | cota | cota ive | ive | total ive | importe ive | cota iva | bez |
        kuota | bez kuota | bez guztira | bez zenbatekoa | kuotak | kuota guztira | vat | tax | gst | vat amount |
        tax amount | total vat | total tax | sales tax | gst amount | total gst | gst payable | vat total | add gst |
        gst rm | tax rm | tax total | sst | service tax | add tax | valor do iva | imposto | total de iva |
        montante iva | tva | total tva | montant tva | taxe | montant de la tva | dont tva | total taxes | taxes | ust |
        mwst | umsatzsteuer | mehrwertsteuer | steuerbetrag | zzgl ust | zzgl mwst | zuzügl ust | zuzüglich mwst |
        enthaltene mwst | steuerbetrag in | summe ust | summe mwst | zzgl umsatzsteuer | zzgl mehrwertsteuer |
        gesamtsteuer | gesamt mwst | gesamt ust | steuer | ust betrag | mwst betrag | umsatzsteuerbetrag |
        steuerbetrag in eur | plus mwst | enthält mwst | inkl mwst | gesamtsteuerbetrag | mehrwertsteuerbetrag |
        summe umsatzsteuer | ust gesamt | mwst gesamt | zuzüglich ust | zuzgl mwst | zzgl gesetzl mwst | imposta |
        totale iva | totale imposta | importo iva | iva importo | btw | btw bedrag | totaal btw | bedrag btw""",
    "surcharge": """
        re | r.e | recargo | recargo de equivalencia | rec equivalencia | recargo eq | rec equiv | req | r.eq |
        cuota re | cuota r.e | recargo equivalencia | total re | total recargo | importe re | cuota recargo | recàrrec |
        recàrrec d'equivalència | recàrrec equivalència | recargo equiv | total r.e | total recargo equivalencia |
        importe recargo | baliokidetasun errekargua | errekargua | equivalence surcharge | cuota rec | recarga de equivalencia""",
    "withholding": """
        retención | retención irpf | irpf | i.r.p.f | ret irpf | retenciones | total retención | cuota irpf |
        importe irpf | total retenciones | total irpf | retención i.r.p.f | importe retención | cuota retención |
        retención a cuenta | menos retención | retención a cuenta irpf | a deducir irpf | ret | valor retenido |
        total retenido | retenció | retenció irpf | import retenció | retención na fonte | atxikipena |
        pfez atxikipena | pfez | atxikipena pfez | irpf atxikipena | retenção | retenção irs | irs | ritenuta |
        ritenuta d'acconto | withholding | withholding tax | withholding tax irpf | total ritenuta | retención profesional |
        retención irpf profesional | dto irpf | menos irpf""",
    "discount": """
        descuento | dto | total descuento | total descuentos | descuentos | dto pp | descuento pronto pago | dcto |
        discount | total discount | rabatt | remise | desconto | sconto | skonto | descompte | deskontua | importe dto |
        importe descuento | gesamtbetrag der abschläge | disc | less discount | total disc | ahorro""",
    "tip": """
        propina | tip | gratuity | propina 10 | servicio 10 | total propina | service charge | serv charge | svc chg |
        service chg | svc charge | s charge | servicio | serv chg | sc""",
    "prepaid": """
        entrega a cuenta | entregado a cuenta | a compte | a conta | pagat | konturako ordainketa | entregas a cuenta |
        anticipo a cuenta | provisión de fondos | a cuenta | anticipo | anticipos | pagado | importe pagado | ya pagado | prepaid | paid |
        amount paid | deposit | acompte | montant déjà payé | anzahlung | erhaltene anzahlungen | anzahlungen |
        bereits gezahlt | acconto | adiantamento | bestreta | cash | change | efectivo | entregado | cambio | tarjeta |
        devolución cambio | su entrega | visa | mastercard | master card | cash tendered | tendered | payment |
        change due | tarjeta bancaria | tarj bancaria | importe entregado | cambio efectivo | recibido | cash paid |
        amount tendered | bar | gegeben | rückgeld | bargeld | bezahlt | credit card | debit card | bank card |
        pago tarjeta | metálico | paid amount | cash received | change rm | wechselgeld | zurück""",
    "rounding": """
        rounding | rounding adjustment | rounding adj | round adj | rounding adj rm | round amt | rounding amt |
        redondeo | rundung | arrondi | arrotondamento | round off | rounding amount | rnd adj | roundg adj | round |
        adj""",
    "opening": """
        saldo anterior | saldo inicial | saldo de apertura | saldo previo | saldo al inicio | saldo inicial del periodo |
        saldo anterior a | opening balance | balance brought forward | previous balance | starting balance |
        saldo al inicio del periodo | saldo inicial eur | anfangssaldo | alter kontostand | solde initial |
        ancien solde | saldo iniziale | hasierako saldoa""",
    "closing": """
        saldo final | saldo actual | nuevo saldo | saldo al final | saldo a la fecha | saldo final del periodo |
        saldo al cierre | saldo contable | closing balance | ending balance | new balance | balance carried forward |
        endsaldo | neuer kontostand | nouveau solde | solde final | saldo finale | amaierako saldoa | saldo final eur""",
    "passed_on": """
        suplidos | total suplidos | gastos suplidos | suplerts | suplido | suplidos art 78.3 liva | importe suplidos |
        ordaindutakoak | ordaindutakoak suplidos | disbursements | débours""",
    "ice": "ice | irbpnr | impuesto ice | impuesto a los consumos especiales",
    "quantity_total": """
        total qty | qty | total items | total item | total cantidad | no of items | items | total quantity |
        item count | artículos | total artículos | unidades | total unidades | puntos | total saving | points |
        you saved | total savings | item | total de artículos | nº artículos | bultos | peso | kilos""",
    "rate": """
        tipo | tipo iva | tasa | porcentaje | satz | taux | rate | vat rate | tax rate | tipus | aliquota | mota |
        mwst satz | ust satz | steuersatz | taxa""",
}
"""Role → phrases, a bar between two."""
