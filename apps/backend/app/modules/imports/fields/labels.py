"""The words that announce a field, as data: Spanish, Catalan, Galician, Basque, English, Portuguese, French, German, Italian, Dutch.

Written as people print them; compared without accents, spaces and punctuation. A percentage inside a label
(``IVA 21 %``) is left out before comparing.
"""

from __future__ import annotations

from typing import Final

from app.modules.imports.fields.folding import squash

_PHRASES: Final = {
    "number": """
        factura nº|factura n|factura num|factura número|factura no|nº factura|n factura|núm factura|núm de factura|número factura
        número de factura|número de la factura|nº de factura|n de factura|nº fra|nº fact|fra nº|factura serie|factura serie número
        factura simplificada|factura simplificada nº|factura simplificada núm|nº factura simplificada|número de factura simplificada
        fact simplificada|fra simplificada|f simplificada|factura simpl|factura proforma nº|factura rectificativa|factura rectificativa nº
        nº factura rectificativa|serie y número|serie número|serie nº|nº ticket|ticket nº|número de ticket|tiquet nº|nº tiquet|num ticket
        tique nº|ticket|nº recibo|recibo nº|nº de documento|número de documento|núm documento|documento nº|nº documento|doc nº
        número de factura rectificativa|nº abono|abono nº|nota de crédito nº|nota de crédito no|nota de débito no|factura de abono nº
        factura núm|núm factura|número factura|nombre de factura|fra núm|rebut núm|factura rectificativa núm|número da factura
        faktura zenbakia|faktura zk|fakturaren zenbakia|faktura zkia|zenbakia
        invoice no|invoice number|invoice num|invoice nr|invoice id|inv no|inv nr|bill no|receipt no|receipt number|tax invoice no
        document no|doc no|document number|bill number|receipt nr|credit note no|credit note number|invoice ref|cash bill no
        |cash sales no|sales receipt no|trans no|trx no|slip no|invoice reference|cash invoice no
        fatura nº|fatura n|número da fatura|nº da fatura|fatura recibo|fatura simplificada|recibo nº|nota de crédito n
        facture n|facture no|facture nº|n facture|numéro de facture|n de facture|facture numéro|no facture|avoir n|numéro facture
        rechnungsnummer|rechnung nr|rechnungs nr|rechnungsnr|rechnung nummer|belegnummer|beleg nr|belegnr|gutschrift nr|rechnung no
        gutschriftsnummer|rechnungskorrektur nr|korrekturrechnung nr|bon nr|bonnr|quittung nr|re nr|stornorechnung nr
        fattura n|fattura nr|numero fattura|n fattura|fattura numero|numero documento|nr fattura
        factuurnummer|factuur nr|factuurnr|factuur nummer|factuur""",
    "title": """
        factura|fatura|invoice|rechnung|facture|fattura|fra|tax invoice|gutschrift|avoir|handelsrechnung|abschlagsrechnung|stornorechnung
        nota de crédito|nota de débito|credit note|credit memo|rechnungskorrektur|abono|factura de abono|schlussrechnung|teilrechnung
        mietrechnung|rechnung des versicherers|faktura|recibo|receipt|bill|bon|beleg|cash bill|minuta|factura rectificativa|factura simplificada
        comprobante de retención|liquidación de compra|liquidación de compra de bienes y prestación de servicios|factuur|sales invoice|cash sales
        proforma invoice|factura proforma|quittung|rebut|nota de credito|korrekturrechnung|facture d'avoir""",
    "mark": "número|num|núm|nº|n|no|nr|documento|ref|#|nro|número de|zenbakia|zk|number|nummer|numéro|numero|núm de",
    "issue_date": """
        fecha de factura|fecha factura|fecha de la factura|fecha fra|fecha de emisión|fecha emisión|fecha de expedición|fecha expedición
        fecha de la factura fecha de la entrega|emitida el|emitido el|expedida el|fecha de emision de la factura|f factura|f emisión
        data de factura|data factura|data de la factura|data d'emissió|data emissió|data d'expedició|data de emisión|data de expedición
        data da fatura|data de emissão|data emissão|data fattura|data emissione|data documento|data di emissione
        jaulkipen data|jaulkitze data|faktura data|fakturaren data|igorpen data|egiletza data
        invoice date|date of invoice|date of issue|issue date|issued on|date issued|bill date|receipt date|document date|doc date|billing date
        inv date|transaction date|sale date|sales date|tax date|issued|date d'émission|date facture|date de facture|date de la facture
        date de facturation|facturé le|facture du|rechnungsdatum|datum der rechnung|rechnung vom|belegdatum|ausstellungsdatum|rechn datum
        factuurdatum|factuur datum|fecha documento|fecha del documento|fecha doc|fecha ticket|fecha y hora|fecha hora|fecha de operación factura
        fecha de autorización de emisión""",
    "date": "fecha|data|datum|date|data e ora|data hora|date time|datum uhrzeit|date heure|día|dt|fecha hora|eguna",
    "date_article": "le|vom|del|a fecha|du|el|on|am|den|a|de|dia|printed",
    "due_date": """
        vencimiento|vencimientos|fecha de vencimiento|fecha vencimiento|fecha vto|f vto|vto|vence|fecha límite de pago|fecha de pago|vence el
        pagar antes de|pagar antes del|fecha límite|venciment|data de venciment|data venciment|data de vencemento|vencemento|epemuga|epe muga
        mugaeguna|ordainketa epea|iraungitze data|due date|payment due|due by|pay by|payment due date|due on|due|date due|please pay by|to be paid by
        data de vencimento|vencimento|date d'échéance|échéance|date limite de paiement|à régler avant le|à payer avant le|date échéance
        fällig am|fälligkeit|fälligkeitsdatum|zahlbar bis|zahlbar bis zum|zahlungsziel|bitte überweisen sie bis zum|fällig|zu zahlen bis
        überweisen sie bis zum|bis zum|netto bis|tagen netto bis|scadenza|data scadenza|data di scadenza|vervaldatum|betalen voor|uiterste betaaldatum""",
    "other_date": """
        fecha de entrega|fecha entrega|fecha pedido|fecha del pedido|fecha de pedido|fecha albarán|fecha de albarán|fecha operación
        fecha de operación|fecha valor|fecha de alta|fecha de cargo|fecha de envío|período|periodo|periodo de facturación|desde|hasta|albarán|pedido
        fecha y hora de autorización|fecha autorización|fecha de autorización|fecha inicio|fecha fin|fecha de inicio|fecha de fin|caducidad
        fecha de caducidad|fecha de impresión|fecha salida|fecha entrada|check in|check out|fecha de nacimiento|data comanda|data lliurament
        order date|delivery date|ship date|shipping date|print date|printed on|date of supply|period|valid until|service date|due to
        fecha factura original|fecha factura rectificada|fecha de la factura rectificada|fecha emisión documento sustento|fecha del comprobante
        date de livraison|date de commande|date de facture associée|date de debut de prestation|date de fin de prestation|période de
        lieferdatum|bestelldatum|bestell datum|bestellung vom|lieferschein datum|liefer und leistungsdatum|leistungsdatum|leistungszeitraum
        leistungszeit|lieferzeitraum|auftragsdatum|skonto bis|tagen bis|übergabe am|rückgabe am|druckdatum|vom bis|auftrag vom|angebot vom
        lieferschein vom|data consegna|data ordine|data ordre|besteldatum|leverdatum|expiry|exp date|gst effective|approved""",
    "gross": """
        total factura|total de la factura|importe total factura|total importe factura|importe total|total importe|importe total de la factura
        total con iva|total iva incluido|total iva inc|total iva incl|total i.v.a. incluido|importe factura|total documento|total general
        total bruto|importe bruto|valor total|importe total iva incluido|total impuestos incluidos|total con impuestos|suma total|monto total|total ticket
        total venta|total compra|importe total con iva|total fra|total euros|total eur|total en euros|total usd|total a cobrar
        import total|total import|total amb iva|total iva inclòs|total document|import factura|importe total da factura|guztira|faktura guztira
        zenbatekoa guztira|guztizkoa|total orokorra|total ive incluído|total con ive
        total amount|invoice total|grand total|total incl vat|total including vat|total inc vat|total incl tax|total inc gst|total incl gst
        total due|total sales|total inclusive|total inclusive of gst|total incl of gst|total sales inclusive of gst|total sales inclusive gst|total rm
        total amt incl gst|total amount incl gst|total amount rm|nett total|net total|total rounded|rounded total|total after rounding|total rm incl of gst
        total including gst|total amt|total payable|round total|bill total|total sales incl gst|total inclusive gst|total incl gst 6|total rm inclusive
        total amount inclusive|total sale|nett amount|total nett|final total|total with tax|total inc tax|total after adj|total aft disc incl gst
        total com iva|total da fatura|total fatura|total geral|total documento|total c iva
        total ttc|montant ttc|total à régler|montant total ttc|total facture|montant total|total général|prix ttc|total toutes taxes comprises
        gesamtbetrag|gesamtsumme|rechnungsbetrag|endbetrag|bruttobetrag|bruttosumme|gesamt brutto|summe brutto|total brutto|brutto
        summe inkl ust|summe inkl mwst|gesamtbetrag inkl mwst|gesamtbetrag inkl ust|gesamt|endsumme|summe eur|gesamtpreis|rechnungssumme
        gesamtbetrag brutto|rechnungsendbetrag|rechnungssumme mit ust|rechnungsbetrag brutto|summe gesamt|bruttorechnungsbetrag|gesamt eur
        totale fattura|totale documento|totale complessivo|importo totale|totale ivato|totale iva inclusa|totale generale
        totaal|factuur totaal|factuurtotaal|totaal incl btw|totaalbedrag|totaal factuur|totaal bedrag|factuurbedrag""",
    "payable": """
        total a pagar|importe a pagar|a pagar|líquido a percibir|líquido|líquido a pagar|total líquido|neto a pagar|total pendiente|importe líquido
        a ingresar|total a ingresar|pendiente de pago|a percibir|total a percibir|importe a abonar|a abonar|total a abonar|total abonar|importe pendiente
        total pagar|importe neto a pagar|saldo a pagar|valor a pagar|total a transferir|líquido total|total neto a pagar
        import a pagar|líquid a percebre|líquid|total líquid|total a pagar euros|ordaintzekoa|ordaindu beharrekoa|ordaintzeko guztira|a pagar guztira
        ordaintzeko zenbatekoa|ordaintzekoa guztira
        amount due|balance due|amount payable|payable|total to pay|to pay|please pay|net payable|total amount payable|total amount due|payable amount
        total amt payable|total payable amount|amount to pay|net amount payable|due amount|total amt due|outstanding
        valor a pagar|montante a pagar|net à payer|somme à payer|reste à payer|montant à payer|à payer|montant dû|solde à payer|net a payer ttc
        zahlbetrag|zu zahlen|zu zahlender betrag|zahlungsbetrag|fälliger betrag|noch zu zahlen|offener betrag|zu zahlen eur|überweisungsbetrag
        da pagare|totale da pagare|netto a pagare|importo da pagare|te betalen|netto da pagare""",
    "total": """
        total|totales|totals|totale|summe|guztira|sum total|totaux|importe|import|amount|betrag|montant|importo|zenbatekoa|bedrag|rm
        total unidades importe|suma|valor|prezo total|precio total|line total|total price|precio total iva incluido""",
    "net": """
        base imponible|base|bases|b imponible|base imp|total base imponible|base imponible total|suma bases|total bases|base iva|total neto|neto
        importe neto|subtotal|sub total|suma|total sin iva|importe sin iva|total antes de impuestos|total bruto sin iva|base total|total base|bi
        subtotal sin impuestos|total sin impuestos|suma importes|importe base|total líneas|base imponible iva|total imponible|valor neto|total i.v.a. no incluido
        subtotal iva|precio total iva excluido|total iva excluido|suma de bases|base igic|base imponible igic|bases imponibles|total bases imponibles
        subtotal sin iva|base gravable|base sujeta|base exenta|subtotal exento de iva|subtotal no objeto de iva|subtotal gravado|subtotal tarifa|importe bruto
        base imposable|base impostable|bases imposables|suma bases imposables|total base imposable|base impoñible|base impoñible total
        zerga oinarria|oinarria|zerga oinarriak|bez oinarria|zerga oinarria guztira|ezarpen oinarria
        net|net amount|net value|subtotal|sub total|total net|net total amount|total excl vat|total excluding vat|total ex vat|total before tax|amount excl vat
        taxable amount|tax base|total excl tax|total excl gst|total excluding gst|taxable|vat base|amount excluding vat|sub ttl|total w o gst|amount rm
        total exclusive of gst|total excl of gst|net of vat|total without tax|total net amount|total tax exclusive|amt
        base tributável|incidência|total ilíquido|total líquido|valor líquido|base de incidência|total sem iva|base de tributação
        total ht|montant ht|base ht|total hors taxes|base tva|total net ht|sous total|sous total ht|montant total ht|base hors taxe|montant eur ht
        nettobetrag|netto|summe netto|gesamt netto|zwischensumme|nettosumme|rechnungssumme ohne ust|warenwert|netto gesamt|positionssumme|basisbetrag
        gesamtbetrag netto|nettowert|gesamtsumme netto|rechnungsbetrag netto|rechnungsbetrag ohne ust|total netto|gesamtnettobetrag|steuerbasis|bemessungsgrundlage
        nettorechnungsbetrag|summe positionen|steuerpflichtiger betrag|ust basis|mwst basis|summe ohne ust|netto betrag|rechnungssumme netto
        imponibile|totale imponibile|base imponibile|totale netto|subtotale|grondslag|subtotaal|totaal excl btw|grondslag btw|maatstaf""",
    "tax": """
        iva|i.v.a|cuota|cuotas|cuota iva|cuota de iva|total iva|importe iva|impuestos|total impuestos|impuesto|igic|cuota igic|total igic|ipsi|cuota ipsi
        total cuota|total cuotas|cuotas iva|suma iva|total iva re|total iva r.e|iva re|iva tarifa|valor iva|importe igic|iva soportado|de iva|total ipsi
        impost|impostos|total impostos|quota|quota iva|quotes|import iva|total quota|total quotes|cota|cota ive|ive|total ive|importe ive|cota iva
        bez|kuota|bez kuota|bez guztira|bez zenbatekoa|kuotak|kuota guztira
        vat|tax|gst|vat amount|tax amount|total vat|total tax|sales tax|gst amount|total gst|gst payable|vat total|add gst|gst rm|tax rm|tax total|sst|service tax|add tax
        total iva|valor do iva|imposto|total de iva|montante iva|valor iva
        tva|total tva|montant tva|taxe|montant de la tva|dont tva|total taxes|taxes
        ust|mwst|umsatzsteuer|mehrwertsteuer|steuerbetrag|zzgl ust|zzgl mwst|zuzügl ust|zuzüglich mwst|enthaltene mwst|steuerbetrag in|summe ust|summe mwst
        zzgl umsatzsteuer|zzgl mehrwertsteuer|gesamtsteuer|gesamt mwst|gesamt ust|steuer|ust betrag|mwst betrag|umsatzsteuerbetrag|steuerbetrag in eur|plus mwst
        enthält mwst|inkl mwst|gesamtsteuerbetrag|mehrwertsteuerbetrag|summe umsatzsteuer|ust gesamt|mwst gesamt|zuzüglich ust|zuzgl mwst|zzgl gesetzl mwst
        imposta|totale iva|totale imposta|importo iva|iva importo|btw|btw bedrag|totaal btw|bedrag btw""",
    "surcharge": """
        re|r.e|recargo|recargo de equivalencia|rec equivalencia|recargo eq|rec equiv|req|r.eq|cuota re|cuota r.e|recargo equivalencia|total re|total recargo
        importe re|cuota recargo|recàrrec|recàrrec d'equivalència|recàrrec equivalència|recargo equiv|total r.e|total recargo equivalencia|importe recargo
        baliokidetasun errekargua|errekargua|cuota rec|recarga de equivalencia""",
    "withholding": """
        retención|retención irpf|irpf|i.r.p.f|ret irpf|retenciones|total retención|cuota irpf|importe irpf|total retenciones|total irpf|retención i.r.p.f
        importe retención|cuota retención|retención a cuenta|menos retención|retención a cuenta irpf|a deducir irpf|ret|valor retenido|total retenido
        retenció|retenció irpf|import retenció|retención na fonte|atxikipena|pfez atxikipena|pfez|atxikipena pfez|irpf atxikipena|retenção|retenção irs|irs
        ritenuta|ritenuta d'acconto|withholding|withholding tax|total ritenuta|retención profesional|retención irpf profesional|dto irpf|menos irpf""",
    "discount": """
        descuento|dto|total descuento|total descuentos|descuentos|dto pp|descuento pronto pago|dcto|discount|total discount|rabatt|remise|desconto|sconto|skonto
        descompte|deskontua|importe dto|importe descuento|gesamtbetrag der abschläge|disc|less discount|total disc|ahorro""",
    "tip": "propina|tip|gratuity|propina 10|servicio 10|total propina|service charge|serv charge|svc chg|service chg|svc charge|s charge|servicio|serv chg|sc",
    "prepaid": """
        entrega a cuenta|a cuenta|anticipo|anticipos|pagado|importe pagado|ya pagado|prepaid|paid|amount paid|deposit|acompte|montant déjà payé|anzahlung
        erhaltene anzahlungen|anzahlungen|bereits gezahlt|acconto|adiantamento|bestreta|cash|change|efectivo|entregado|cambio|tarjeta|devolución cambio
        su entrega|visa|mastercard|master card|cash tendered|tendered|payment|change due
        tarjeta bancaria|tarj bancaria|importe entregado|cambio efectivo|recibido|cash paid|amount tendered|bar|gegeben|rückgeld|bargeld|bezahlt
        credit card|debit card|bank card|pago tarjeta|metálico|paid amount|cash received|change rm|wechselgeld|zurück""",
    "rounding": "rounding|rounding adjustment|rounding adj|round adj|rounding adj rm|round amt|rounding amt|redondeo|rundung|arrondi|arrotondamento|round off|rounding amount|rnd adj|roundg adj|round|adj",
    "ice": "ice|irbpnr|impuesto ice|impuesto a los consumos especiales",
    "quantity_total": """
        total qty|qty|total items|total item|total cantidad|no of items|items|total quantity|item count|artículos|total artículos|unidades|total unidades
        puntos|total saving|points|you saved|total savings|item|total de artículos|nº artículos|bultos|peso|kilos""",
    "buyer": """
        cliente|datos del cliente|datos cliente|datos de cliente|datos del comprador|facturar a|facturado a|señores|señor|sr|sres|sr a|razón social nombres y apellidos
        destinatario|datos del destinatario|datos de facturación|facturación|dirección de facturación|comprador|adquirente|receptor|datos fiscales del cliente
        cliente nombre|nombre cliente|nombre del cliente|razón social cliente|datos fiscales cliente|dirección comercial|factura a|emitida a|dirigido a|a la atención de
        titular del contrato|titular|datos del receptor|nombre y apellidos|apellidos y nombre|arrendatario|asegurado|tomador|destinatario de la factura|sujeto retenido
        cliente razón social|nombre o razón social|datos facturación|cliente destinatario|razón social o nombre
        client|dades del client|facturar a|dades client|dades de facturació|destinatari|client nom|bezeroa|bezero|bezeroaren datuak|hartzailea|erosle|eroslea
        cliente dati|datos do cliente|dados do cliente|exmo sr|exmos srs|exmo s sr s|adquirente|cliente final
        para|to|à|an|to the order of|a nombre de|facturado a nombre de
        bill to|billed to|invoice to|sold to|customer|client|buyer|customer name|customer details|invoice address|billing address|bill to address|attention|attn
        facturé à|adresse de facturation|destinataire|acheteur|vos identifiants|nom de l'abonné|client livré|adressé à|nom du client|facturer à
        kunde|käufer|rechnungsempfänger|rechnung an|kunden|leistungsempfänger|käufer leistungsempfänger|rechnungsadresse|empfänger|auftraggeber|kundendaten
        spett|spett le|cessionario|committente|destinatario fattura|cliente fattura|klant|factuuradres|koper|afnemer|rechnungsanschrift""",
    "recipient": """
        ship to|afleveradres|dirección de envío|livraison|livraison adresse|lieferadresse|warenempfänger|enviar a|dirección de entrega|lieferanschrift|destino|datos de envío
        datos de entrega|entregar en|adresse de livraison|deliver to|delivery address|lugar de entrega|adreça de lliurament|bidalketa helbidea|luogo di consegna|shipping address""",
    "supplier": """
        emisor|datos del emisor|proveedor|datos del proveedor|expedidor|vendedor|vendido por|datos fiscales del emisor|emitida por|emitido por|arrendador|prestador|acreedor
        datos de la empresa|empresa|obligado a expedir|datos emisor|razón social emisor|emisor factura|de|emisora|datos fiscales|proveïdor|emissor|dades de l'emissor
        igorlea|saltzailea|hornitzailea|fornecedor|emitente|seller|supplier|vendor|from|sold by|issued by|provider|issuer|remit to|our details|bill from|invoice from
        fournisseur|vendeur|émetteur|prestataire|vendu par|verkäufer|lieferant|rechnungssteller|absender|leistungserbringer|leistender|fornitore|cedente|prestatore
        leverancier|verkoper|agente de retención""",
    "holder": "titulaire du compte|kontoinhaber|titular de la cuenta|titular de la cuenta bancaria|beneficiario|account holder|account name|bénéficiaire",
    "section_end": """
        descripción|concepto|cantidad|cant|código|referencia|artículo|detalle|detalles|observaciones|forma de pago|condiciones de pago|descripció|quantitat|deskribapena|kantitatea
        description|qty|quantity|item|details|désignation|quantité|beschreibung|bezeichnung|menge|pos|artikel|descrizione|quantità|omschrijving|descrição|quantidade
        información del pedido|nos références|vos références|zahlungsbedingungen|zu und abschläge|payment terms|vorgangsdaten|bestelldaten|información adicional""",
    "tax_id": """
        nif|cif|nif cif|cif nif|n.i.f|c.i.f|dni|nie|dni nif|nif iva|nif cif dni|vat|cif dni|dni cif|nif dni|nif nie|n.i.f. c.i.f|id fiscal|nif/vat|nif vat
        identificación fiscal|número de identificación fiscal|código de identificación fiscal|documento|nif cliente|cif cliente|nif emisor|cif emisor|rfc|ein
        ruc|r.u.c|identificación|ci|c.i|cédula|ruc ci|ruc c.i|cédula ruc|ci ruc|ruc cédula|identificación del comprador|ruc cliente|c.i./r.u.c|c.i./ruc|rut|nit
        ifz|ifk|ena|nan|ifk zenbakia|nipc|contribuinte|nif contribuinte|número de contribuinte|nº contribuinte|p iva|partita iva|codice fiscale|cf|p.iva|c f
        vat no|vat number|vat reg no|vat id|tax id|tax reg no|vat reg|vat registration no|gst id|gst no|gst reg no|gst id no|company no|co no|reg no|tin|abn|vat nr|tax number
        tva intra|n tva|n tva intra|numéro de tva|tva intracommunautaire|n de tva intracommunautaire|tva|tva intracom|n tva intracommunautaire
        ust id|ust idnr|ust id nr|umsatzsteuer id|ust ident nr|steuernummer|st nr|steuer nr|ustid|ust identnr|umsatzsteuer identifikationsnummer|ust identifikationsnummer|uid|uid nr
        btw|btw nummer|btw nr|kvk|iva|vat id no|ust idnummer|umsatzsteuer idnr|umsatzsteuer identnr|tax no|nif prov|cif nº|nif nº|nif número""",
    "corrected": """
        factura rectificada|rectifica a|rectifica a la factura|rectifica la factura|rectifica factura|factura que rectifica|rectificación de la factura|factura original
        corrige a la factura|comprobante que se modifica|documento modificado|abono de la factura|abono factura|corresponde a la factura|rectificativa de|factura rectificativa de|factura rectificativa de la|factura origen
        rectificativa de la factura|nº factura rectificada|número factura rectificada|doc modificado|comprobante modificado|nº factura original|referencia factura rectificada
        abono por devolución factura|abono por devolución de factura|factura rectificada nº|factura rectificada número|documento que modifica|facturas rectificadas
        rectifica a la factura nº|rectifica la factura nº|rectifica factura nº|rectifica a la factura número|factura original nº|factura anulada|anula la factura|anula a la factura
        rectifica a la factura núm|rectifica la factura número|sustituye a la factura|factura sustituida|rectificació de la factura|factura que es rectifica|rectifica la factura núm
        factura modificada|nº comprobante que se modifica|número de la factura rectificada|factura de referencia|comprobante modificado factura|abona a la factura|ref factura
        original invoice|corrected invoice|refers to invoice|credit for invoice|original invoice no|original invoice number|ref invoice|against invoice|invoice reference no
        n de facture associée|facture d'origine|facture associée|avoir sur facture|facture initiale|fattura originale|fattura di riferimento|fatura original|fatura retificada
        ursprungsbeleg nr|zu rechnung|zu rechnung nr|ursprungsrechnung|korrektur zu rechnung|gutschrift zu rechnung|korrektur der rechnung|bezug rechnung|originalrechnung
        jatorrizko faktura|zuzendutako faktura|ursprüngliche rechnung|storno der rechnung|rechnungsnummer der ursprünglichen rechnung|oorspronkelijke factuur""",
    "other_number": """
        nº pedido|número de pedido|pedido|su pedido|nº albarán|albarán|número de albarán|albarán nº|nº cliente|número de cliente|cod cliente|código cliente|nº de cliente
        código de cliente|teléfono|tel|fax|móvil|tlf|telf|nº registro|registro|hoja|tomo|folio|cuenta|nº cuenta|número de cuenta|número del pedido|contrato|nº contrato|cod postal
        número de contrato|póliza|expediente|nº expediente|referencia|ref cliente|su referencia|nº proveedor|cups|número de autorización|clave de acceso|guía remisión|nº operación
        order no|order number|order|customer no|customer number|customer id|account no|account number|account|po number|po no|purchase order|phone|delivery note|table|cashier|terminal
        siret|siren|numéro de client|n de client|n client|commande|n commande|numéro de ligne|id client|numéro de dossier|contrat|téléphone|n bon de commande|n contrat
        kundennummer|kunden nr|kundennr|bestellnummer|bestell nr|bestellung|auftragsnummer|auftrags nr|lieferschein nr|lieferscheinnummer|telefon|lief nr|lieferantennummer|ihre nummer
        vertragsnummer|handelsregisternummer|hrb|projekt|reklamationsnummer|gln|globale nummer|mobil|amtsgericht|vertrags nr|id de referencia del pago
        ordine|numero ordine|codice cliente|ordernummer|klantnummer|n comanda|comanda|núm client|telèfon|eskaera|resolución no|contribuyente especial nro|autorización nº|op|aut""",
    "authorization": "número de autorización|nº autorización|autorización|no autorización|aut sri|autorización sri|nº de autorización|número autorización",
    "series": "serie|série|sèrie|seriea",
    "rate": "tipo|tipo iva|tasa|porcentaje|satz|taux|rate|vat rate|tax rate|tipus|aliquota|mota|mwst satz|ust satz|steuersatz|taxa",
}  # fmt: skip

PHRASES: Final[dict[str, tuple[str, ...]]] = {
    role: tuple(phrase.strip() for line in text.strip().splitlines() for phrase in line.split("|") if phrase.strip())
    for role, text in _PHRASES.items()
}


def _index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for role, phrases in PHRASES.items():
        for phrase in phrases:
            key = "#" if phrase == "#" else squash(phrase)
            if key:
                index.setdefault(key, set()).add(role)
    return {key: frozenset(roles) for key, roles in index.items()}


LABELS: Final = _index()
"""Squashed label → the roles it may announce."""
