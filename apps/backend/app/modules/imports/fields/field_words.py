"""The words that announce numbers, dates, parties and tables, as data.

Spanish, Catalan, Galician, Basque, English, Portuguese, French, German, Italian, Dutch; as people print them.
"""

from __future__ import annotations

from typing import Final

FIELD_WORDS: Final = {
    "number": """
        factura nº | factura n | factura num | factura número | factura no | nº factura | n factura | núm factura |
        núm de factura | número factura | número de factura | número de la factura | nº de factura | n de factura |
        nº fra | nº fact | fra nº | factura serie | factura serie número | factura simplificada |
        factura simplificada nº | factura simplificada núm | nº factura simplificada | número de factura simplificada |
        fact simplificada | fact simpl | fra simpl | fs nº | factura ticket | fra simplificada | f simplificada | factura simpl | factura proforma nº |
        factura rectificativa | factura rectificativa nº | nº factura rectificativa | serie y número | serie número |
        serie nº | nº ticket | ticket nº | tiquet | tíquet | tique nº | faktura sinplifikatua | faktura sinplifikatua zk | número de ticket | tiquet nº | nº tiquet | num ticket | tique nº | ticket |
        nº recibo | recibo nº | nº de documento | número de documento | núm documento | documento nº | nº documento |
        doc nº | número de factura rectificativa | nº abono | abono nº | nota de crédito nº | nota de crédito no |
        nota de débito no | factura de abono nº | factura núm | nombre de factura | fra núm | rebut núm |
        factura rectificativa núm | número da factura | faktura zenbakia | faktura zk | fakturaren zenbakia | fakturaren zk | factura nro | nro factura | nro de factura | código factura |
        id factura | factura id | número factura simplificada |
        faktura zkia | zenbakia | invoice no | invoice number | invoice num | invoice nr | invoice id | inv no |
        inv nr | bill no | receipt no | receipt number | tax invoice no | document no | doc no | document number |
        bill number | receipt nr | credit note no | credit note number | invoice ref | cash bill no | cash sales no |
        sales receipt no | trans no | trx no | slip no | invoice reference | cash invoice no | fatura nº | fatura n |
        número da fatura | nº da fatura | fatura recibo | fatura simplificada | nota de crédito n | facture n |
        facture no | facture nº | n facture | numéro de facture | n de facture | facture numéro | no facture | avoir n |
        numéro facture | rechnungsnummer | rechnung nr | rechnungs nr | rechnungsnr | rechnung nummer | belegnummer |
        beleg nr | belegnr | gutschrift nr | rechnung no | gutschriftsnummer | rechnungskorrektur nr |
        korrekturrechnung nr | bon nr | bonnr | quittung nr | re nr | stornorechnung nr | fattura n | fattura nr |
        numero fattura | n fattura | fattura numero | numero documento | nr fattura | factuurnummer | factuur nr |
        factuurnr | factuur nummer | factuur""",
    "title": """
        factura | fatura | invoice | rechnung | facture | fattura | fra | recibo factura | factura recibo | tax invoice | gutschrift | avoir |
        handelsrechnung | abschlagsrechnung | stornorechnung | nota de crédito | nota de débito | credit note |
        credit memo | rechnungskorrektur | abono | factura de abono | schlussrechnung | teilrechnung | mietrechnung |
        rechnung des versicherers | faktura | recibo | receipt | bill | bon | beleg | cash bill | minuta |
        rectificativa | factura de venta | factura ordinaria | factura completa | factura electrónica | factura comercial |
        factura de servicios | faktura zuzentzailea | factura rectificativa faktura zuzentzailea | corrective invoice |
        minuta de honorarios |
        factura rectificativa | factura simplificada | comprobante de retención | liquidación de compra |
        liquidación de compra de bienes y prestación de servicios | liquidación de compra de bienes y | factuur | sales invoice | cash sales |
        proforma invoice | factura proforma | quittung | rebut | korrekturrechnung | facture d'avoir""",
    "mark": """
        número | num | núm | nº | n | no | nr | documento | ref | # | nro | número de | zenbakia | zk | number |
        nummer | numéro | numero | núm de""",
    "issue_date": """
        fecha de factura | fecha factura | fecha de la factura | fecha fra | fecha de emisión | fecha emisión |
        fecha de expedición | fecha expedición | expedición | fecha de la factura fecha de la entrega | emitida el | emitido el |
        expedida el | fecha de emision de la factura | f factura | f emisión | data de factura | data factura |
        data de la factura | data d'emissió | data emissió | data d'expedició | data de emisión | data de expedición |
        data da factura | data da fatura | data de emissão | data emissão | data fattura | data emissione | data documento |
        data di emissione | jaulkipen data | jaulkitze data | faktura data | fakturaren data | igorpen data |
        egiletza data | invoice date | date of invoice | date of issue | issue date | issued on | date issued |
        bill date | receipt date | document date | doc date | billing date | inv date | transaction date | sale date |
        sales date | tax date | issued | date d'émission | date facture | date de facture | date de la facture |
        date de facturation | facturé le | facture du | rechnungsdatum | datum der rechnung | rechnung vom |
        belegdatum | ausstellungsdatum | rechn datum | factuurdatum | factuur datum | fecha documento |
        fecha del documento | fecha doc | fecha ticket | fecha y hora | fecha hora | fecha de operación factura |
        fecha de autorización de emisión""",
    "date": """
        fecha | data | datum | date | data e ora | data hora | date time | datum uhrzeit | date heure | día | dt |
        fecha hora | eguna""",
    "date_article": "le | vom | del | a fecha | du | el | on | am | den | a | de | dia | printed",
    "due_date": """
        vencimiento | vencimientos | fecha de vencimiento | fecha vencimiento | fecha vto | f vto | vto | vence |
        fecha límite de pago | fecha de pago | fecha de cargo | fecha cargo | fecha prevista de cargo | fecha de cobro |
        fecha de adeudo | data de càrrec | data de cargo | kargu data | vence el | pago antes de | pago antes del | pagar antes de | pagar antes del | fecha límite | venciment |
        data de venciment | data venciment | data de vencemento | vencemento | epemuga | epe muga | mugaeguna |
        ordainketa epea | iraungitze data | due date | payment due | due by | pay by | payment due date | due on | due |
        date due | please pay by | to be paid by | data de vencimento | vencimento | date d'échéance | échéance |
        date limite de paiement | à régler avant le | à payer avant le | date échéance | fällig am | fälligkeit |
        fälligkeitsdatum | zahlbar bis | zahlbar bis zum | zahlungsziel | bitte überweisen sie bis zum | fällig |
        zu zahlen bis | überweisen sie bis zum | bis zum | netto bis | tagen netto bis | scadenza | data scadenza |
        data di scadenza | vervaldatum | betalen voor | uiterste betaaldatum""",
    "operation_date": """
        fecha operación | fecha de operación | fecha de la operación | fecha devengo | fecha de devengo |
        fecha del devengo | fecha prestación | fecha de prestación | fecha de la prestación |
        fecha de prestación del servicio | fecha de realización | fecha de realización de la operación |
        fecha de suministro | data operació | data d'operació | data de l'operació | data operación |
        data da operación | data da prestación | date of supply | supply date | tax point | tax point date |
        leistungsdatum | liefer und leistungsdatum""",
    "other_date": """
        fecha de entrega | fecha entrega | fecha pedido | fecha del pedido | fecha de pedido | fecha albarán |
        fecha de albarán | fecha operación | fecha de operación | fecha valor | fecha de alta |
        fecha de envío | período | periodo | periodo de facturación | desde | hasta | albarán | pedido |
        fecha y hora de autorización | fecha autorización | fecha de autorización | fecha inicio | fecha fin |
        fecha de inicio | fecha de fin | caducidad | fecha de caducidad | fecha de impresión | fecha salida |
        fecha entrada | check in | check out | fecha de nacimiento | data comanda | data lliurament | order date |
        delivery date | ship date | shipping date | print date | printed on | date of supply | period | valid until |
        service date | due to | fecha factura original | fecha factura rectificada | fecha de la factura rectificada |
        fecha emisión documento sustento | fecha del comprobante | date de livraison | date de commande |
        date de facture associée | date de debut de prestation | date de fin de prestation | période de | lieferdatum |
        bestelldatum | bestell datum | bestellung vom | lieferschein datum | liefer und leistungsdatum |
        leistungsdatum | leistungszeitraum | leistungszeit | lieferzeitraum | auftragsdatum | skonto bis | tagen bis |
        übergabe am | rückgabe am | druckdatum | vom bis | auftrag vom | angebot vom | lieferschein vom |
        data consegna | data ordine | data ordre | besteldatum | leverdatum | expiry | exp date | gst effective |
        approved""",
    "buyer": """
        cliente | datos del cliente | datos cliente | datos de cliente | datos del comprador | facturar a |
        facturado a | señores | señor | sr | sres | sr a | sr sra | sra | sres sras | señores as | destinatario |
        razón social nombres y apellidos | razón social sujeto retenido | razón social del cliente |
        razón social comprador | razón social del comprador |
        datos del destinatario | datos de facturación | facturación | dirección de facturación | comprador |
        adquirente | receptor | datos fiscales del cliente | cliente nombre | nombre cliente | nombre del cliente |
        razón social cliente | datos fiscales cliente | dirección comercial | factura a | emitida a | dirigido a |
        a la atención de | titular del contrato | titular | datos del receptor | arrendatario | asegurado | tomador | destinatario de la factura | sujeto retenido |
        cliente razón social | datos facturación | cliente destinatario | client | dades del client | dades client | dades de facturació | destinatari |
        client nom | bezeroa | bezero | bezeroaren datuak | hartzailea | erosle | eroslea | cliente dati |
        datos do cliente | dados do cliente | exmo sr | exmos srs | exmo s sr s | cliente final | para | to | à | an |
        to the order of | a nombre de | facturado a nombre de | a/a | propietario | propietaria | huésped | guest | guest name | abonado |
        datos del abonado | titular del suministro | pagador | obligado al pago | consumidor | paciente | hoste | bill to | billed to | invoice to | sold to | customer |
        buyer | customer name | customer details | invoice address | billing address | bill to address | attention |
        attn | facturé à | adresse de facturation | destinataire | acheteur | vos identifiants | nom de l'abonné |
        client livré | adressé à | nom du client | facturer à | kunde | käufer | rechnungsempfänger | rechnung an |
        kunden | leistungsempfänger | käufer leistungsempfänger | rechnungsadresse | empfänger | auftraggeber |
        kundendaten | spett | spett le | cessionario | committente | destinatario fattura | cliente fattura | klant |
        factuuradres | koper | afnemer | rechnungsanschrift""",
    "recipient": """
        ship to | afleveradres | dirección de envío | livraison | livraison adresse | lieferadresse | warenempfänger |
        enviar a | dirección de entrega | lieferanschrift | destino | datos de envío | datos de entrega | entregar en |
        adresse de livraison | deliver to | delivery address | lugar de entrega | adreça de lliurament |
        bidalketa helbidea | luogo di consegna | shipping address""",
    "supplier": """
        emisor | datos del emisor | proveedor | datos del proveedor | expedidor | vendedor | vendido por |
        datos fiscales del emisor | emitida por | emitido por | arrendador | prestador | acreedor |
        datos de la empresa | empresa | obligado a expedir | datos emisor | razón social emisor | emisor factura | de |
        emisora | datos fiscales | proveïdor | emissor | dades de l'emissor | datos do emisor | jaulkitzailea | jaulkitzailearen datuak | igorlea |
        nombres y apellidos proveedor | razón social proveedor | datos fiscales del proveedor | datos proveedor | saltzailea | hornitzailea |
        fornecedor | emitente | seller | supplier | vendor | from | sold by | issued by | provider | issuer | remit to |
        our details | bill from | invoice from | fournisseur | vendeur | émetteur | prestataire | vendu par |
        verkäufer | lieferant | rechnungssteller | absender | leistungserbringer | leistender | fornitore | cedente |
        prestatore | leverancier | verkoper | agente de retención""",
    "party": """
        nombre o razón social | razón social o nombre | razón social | nombre | nombre fiscal | nombre y apellidos |
        apellidos y nombre | nombres y apellidos | nombre razón social | nombre empresa | nombre comercial |
        apellidos y nombre o razón social | nombre y apellidos o razón social | denominación social | denominación |
        raó social | nom | nom o raó social | nom i cognoms | nome | nome ou razón social | izena |
        izen abizenak | sozietate izena | name | company | company name | full name | raison sociale | firma |
        ragione sociale | denominazione | denominação social""",
    "address": """
        dirección | domicilio | domicilio fiscal | dirección fiscal | domicilio social | población | localidad |
        ciudad | municipio | provincia | código postal | c.p | cp | cód postal | cod postal | cp población | país |
        población provincia | adreça | domicili | domicili fiscal | població | codi postal | cp població | enderezo |
        localidade | concello | helbidea | herria | posta kodea | probintzia | address | city | town | street |
        postcode | zip | zip code | postal code | country | adresse | ville | code postal | ort | plz | straße | anschrift |
        indirizzo | città | morada | email | e mail | correo electrónico | correo | dir matriz |
        dir sucursal | dirección matriz | dirección sucursal""",
    "holder": """
        titulaire du compte | kontoinhaber | titular de la cuenta | titular de la cuenta bancaria | beneficiario |
        account holder | account name | bénéficiaire""",
    "section_end": """
        descripción | concepto | cantidad | cant | código | referencia | artículo | detalle | detalles | observaciones |
        descripción del servicio | descripción del producto | descripción artículo | uds | unidades | precio |
        precio unitario | p unit | precio ud | precio unidad | p unitario | pvp | p v p | % dto | concepte | codi | preu |
        preu unitari | unitats | quant | descrición | cantidade | unidade | prezo | prezo unitario | kontzeptua |
        kopurua | prezioa | aleko prezioa | kodea | unit price | price | item description | prix unitaire |
        einzelpreis | preis | prezzo unitario | preço unitário |
        forma de pago | condiciones de pago | descripció | quantitat | deskribapena | kantitatea | description | qty |
        quantity | item | details | désignation | quantité | beschreibung | bezeichnung | menge | pos | artikel |
        descrizione | quantità | omschrijving | descrição | quantidade | información del pedido | nos références |
        vos références | zahlungsbedingungen | zu und abschläge | payment terms | vorgangsdaten | bestelldaten |
        información adicional""",
    "tax_id": """
        nif | cif | nif cif | cif nif | nif vat no | nif vat number | cif vat | cif vat no | n.i.f | c.i.f | dni | nie | dni nif | nif iva | nif cif dni | vat | cif dni |
        dni cif | nif dni | nif nie | n.i.f. c.i.f | id fiscal | nif/vat | nif vat | identificación fiscal |
        número de identificación fiscal | código de identificación fiscal | nif cliente | cif cliente |
        nif emisor | cif emisor | rfc | ein | ruc | r.u.c | identificación | ci | c.i | cédula | ruc ci | ruc c.i |
        cédula ruc | ci ruc | ruc cédula | identificación del comprador | ruc cliente | c.i./r.u.c | c.i./ruc | rut |
        nit | ifz | ifk | ena | nan | ifk zenbakia | nipc | contribuinte | nif contribuinte | número de contribuinte |
        nº contribuinte | p iva | partita iva | codice fiscale | cf | p.iva | c f | vat no | vat number | vat reg no |
        vat id | tax id | tax reg no | vat reg | vat registration no | gst id | gst no | gst reg no | gst id no |
        company no | co no | reg no | tin | abn | vat nr | tax number | tva intra | n tva | n tva intra |
        numéro de tva | tva intracommunautaire | n de tva intracommunautaire | tva | tva intracom |
        n tva intracommunautaire | ust id | ust idnr | ust id nr | umsatzsteuer id | ust ident nr | steuernummer |
        st nr | steuer nr | ustid | ust identnr | umsatzsteuer identifikationsnummer | ust identifikationsnummer | uid |
        uid nr | btw | btw nummer | btw nr | kvk | iva | vat id no | ust idnummer | umsatzsteuer idnr |
        umsatzsteuer identnr | tax no | nif prov | cif nº | nif nº | nif número""",
    "corrected": """
        documento rectificado | documento corregido | comprobante rectificado | documento que se modifica | documento que se modifica factura | documento modificado factura | rectifica nuestra factura |
        rectifica a nuestra factura |
        factura rectificada | rectifica a | rectifica a la factura | rectifica la factura | rectifica factura |
        factura que rectifica | rectifica a factura | rectifica la fra | fra rectificada | corrects invoice |
        factura que es rectifica | rectificación de la factura | factura original | corrige a la factura |
        comprobante que se modifica | documento modificado | abono de la factura | abono factura |
        corresponde a la factura | rectificativa de | factura rectificativa de | factura rectificativa de la |
        factura origen | rectificativa de la factura | nº factura rectificada | número factura rectificada |
        doc modificado | comprobante modificado | nº factura original | referencia factura rectificada |
        abono por devolución factura | abono por devolución de factura | factura rectificada nº |
        factura rectificada número | documento que modifica | facturas rectificadas | rectifica a la factura nº |
        rectifica la factura nº | rectifica factura nº | rectifica a la factura número | factura original nº |
        factura anulada | anula la factura | anula a la factura | rectifica a la factura núm |
        rectifica la factura número | sustituye a la factura | factura sustituida | rectificació de la factura |
        factura que es rectifica | rectifica la factura núm | factura modificada | nº comprobante que se modifica |
        número de la factura rectificada | factura de referencia | comprobante modificado factura | abona a la factura |
        ref factura | original invoice | corrected invoice | refers to invoice | credit for invoice |
        original invoice no | original invoice number | ref invoice | against invoice | invoice reference no |
        n de facture associée | facture d'origine | facture associée | avoir sur facture | facture initiale |
        fattura originale | fattura di riferimento | fatura original | fatura retificada | ursprungsbeleg nr |
        zu rechnung | zu rechnung nr | ursprungsrechnung | korrektur zu rechnung | gutschrift zu rechnung |
        korrektur der rechnung | bezug rechnung | originalrechnung | jatorrizko faktura | zuzendutako faktura |
        ursprüngliche rechnung | storno der rechnung | rechnungsnummer der ursprünglichen rechnung |
        oorspronkelijke factuur""",
    "other_number": """
        iban | cuenta bancaria | cuenta corriente | nº de cuenta | ingresar en | domiciliación | compte bancari |
        conta bancaria | kontu zenbakia | kontu korrontea | bank account | transferencia a | nº pedido |
        número de pedido | pedido | su pedido | nº albarán | albarán | número de albarán | albarán nº |
        nº cliente | número de cliente | cod cliente | código cliente | nº de cliente | código de cliente | teléfono |
        tel | fax | móvil | tlf | telf | nº registro | registro | hoja | tomo | folio | cuenta | nº cuenta |
        número de cuenta | número del pedido | contrato | nº contrato | cod postal | número de contrato | póliza |
        expediente | nº expediente | referencia | ref cliente | su referencia | nº proveedor | cups |
        número de autorización | clave de acceso | cliente nº | cód cliente | cod de cliente | client núm | guía remisión | nº operación | order no | order number | order |
        customer no | customer number | customer id | account no | account number | account | po number | po no |
        purchase order | phone | delivery note | table | cashier | terminal | siret | siren | numéro de client |
        n de client | n client | commande | n commande | numéro de ligne | id client | numéro de dossier | contrat |
        téléphone | n bon de commande | n contrat | kundennummer | kunden nr | kundennr | bestellnummer | bestell nr |
        bestellung | auftragsnummer | auftrags nr | lieferschein nr | lieferscheinnummer | telefon | lief nr |
        lieferantennummer | ihre nummer | vertragsnummer | handelsregisternummer | hrb | projekt | reklamationsnummer |
        gln | globale nummer | mobil | amtsgericht | vertrags nr | id de referencia del pago | ordine | numero ordine |
        codice cliente | ordernummer | klantnummer | n comanda | comanda | núm client | telèfon | eskaera |
        resolución no | contribuyente especial nro | autorización nº | op | aut""",
    "authorization": """
        número de autorización | nº autorización | autorización | no autorización | aut sri | autorización sri |
        nº de autorización | número autorización""",
    "series": "serie | série | sèrie | seriea",
}
"""Role → phrases, a bar between two."""
