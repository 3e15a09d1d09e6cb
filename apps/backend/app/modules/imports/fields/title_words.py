"""The headings that name a kind of document, as data: more specific kinds first."""

from __future__ import annotations

from typing import Final

from app.modules.imports.domain.canonical import DocumentType

TITLE_WORDS: Final = {
    DocumentType.WITHHOLDING: """
        comprobante de retención | comprobante retención | withholding certificate""",
    DocumentType.PURCHASE_SETTLEMENT: """
        liquidación de compra | liquidación de compras""",
    DocumentType.BANK_STATEMENT: """
        extracto de cuenta | extracto bancario | extracto de movimientos | movimientos de cuenta | estado de cuenta |
        bank statement | account statement | statement of account | kontoauszug | relevé de compte | estratto conto |
        extracte de compte | extracto mensual | extracto mensual de cuenta | extracto de cuenta corriente |
        consulta de movimientos | últimos movimientos | movimientos de la cuenta | listado de movimientos |
        extracto de movimientos de cuenta | extracto integral | moviments de compte | extracto | kontu laburpena""",
    DocumentType.CORRECTIVE_INVOICE: """
        factura rectificativa | fra rectificativa | rectificativa | factura de rectificación | rechnungskorrektur |
        korrekturrechnung | corrective invoice | corrected invoice | facture rectificative | fattura rettificativa |
        faktura zuzentzailea | factura simplificada rectificativa | stornorechnung""",
    DocumentType.DEBIT_NOTE: """
        nota de débito | nota débito | debit note | note de débit | nota di debito | lastschriftbeleg""",
    DocumentType.CREDIT_NOTE: """
        nota de crédito | nota crédito | credit note | credit memo | gutschrift | avoir | facture d'avoir |
        nota di credito | factura de abono | factura abono | nota de abono | abono | refund invoice |
        factura d'abonament | abono de factura | rechnungsgutschrift | creditnota""",
    DocumentType.PROFORMA: """
        factura proforma | proforma | pro forma | pro forma invoice | presupuesto | pressupost | orçamento |
        aurrekontua | quotation | quote | estimate | devis | angebot | preventivo | oferta | offerte | cotización""",
    DocumentType.DELIVERY_NOTE: """
        albarán | albarán valorado | nota de entrega | albarán de entrega | albarà | delivery note | delivery order | lieferschein |
        bon de livraison | guía de remisión | documento di trasporto | pakbon | packing slip | entrega zkia |
        packing list""",
    DocumentType.SIMPLIFIED_INVOICE: """
        factura simplificada | fra simplificada | f simplificada | fact simplificada | factura simpl |
        fatura simplificada | faktura sinplifikatua | factura simplificada nº | simplified invoice | f simpl |
        simplified tax invoice""",
    DocumentType.INVOICE: """
        factura | fatura | faktura | invoice | tax invoice | rechnung | facture | fattura | factuur | handelsrechnung |
        fra | sales invoice | commercial invoice | kopie factuur | kopie rechnung | factura original |
        factura de venta | schlussrechnung | abschlagsrechnung | teilrechnung | mietrechnung |
        rechnung des versicherers | factura electrónica | recibo de la luz | factura ordinaria | factura completa |
        fatura recibo | honorarnote | minuta de honorarios | cash invoice""",
    DocumentType.RECEIPT: """
        receipt | official receipt | cash receipt | sales receipt | ticket | tiquet | tique | recibo | rebut |
        quittung | kassenbon | bon | beleg | reçu | ricevuta | scontrino | cash bill | cash sales | cash sale | bill |
        ticket de compra | kassenbeleg | caja | bono de caja | taxi""",
}

OTHER_PAPERS: Final = """
    contrato de | contracte de | contrato privado | lease agreement | service agreement | mietvertrag | kaufvertrag |
    recibo de salarios | recibo individual de salarios | rebut de salaris | nómina | nóminas | payslip | pay slip |
    rol de pagos | rol de pago | finiquito | gehaltsabrechnung | lohnabrechnung | pedido de compra | orden de compra |
    hoja de pedido | nota de pedido | confirmación de pedido | comanda de compra | purchase order | order confirmation |
    auftragsbestätigung | bon de commande | aviso de pago | aviso de cobro | recordatorio de pago | carta de pago |
    requerimiento de pago | reclamación de pago | aviso de vencimiento | aviso de deuda | payment reminder |
    mahnung | zahlungserinnerung | rappel de paiement | sollecito di pagamento | certificado de | certificat de |
    certificado tributario | certificate of | relación de | relació de | listado de | remesa de | póliza de seguro |
    condiciones particulares | justificante de transferencia | comprobante de transferencia | orden de transferencia |
    transferencia emitida | transferencia realizada | remittance advice | acta de | informe de |
    tarifa de precios | lista de precios | price list | parte de trabajo | hoja de trabajo | orden de trabajo |
    autoliquidación | declaración de | declaración jurada | escritura de | impuesto sobre | resumen de facturas |
    resumen de facturación | formulario"""
"""The headings of papers that show amounts and yet are no document of a purchase."""

INVOICE_STEMS: Final = ("factur", "faktur", "fatur", "fattur", "invoice", "rechnung")
"""Part of any word that names an invoice, as ``Baurechnung`` does."""
