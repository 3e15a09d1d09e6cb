"""The headings that people and programs write over columns (es, en, ca, pt), by target and field."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_INITIALS: Final = re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b")
_WORDS: Final = re.compile(r"[a-z0-9%+]+")
_LONGEST: Final = 200
_SILENT: Final = frozenset(
    ["de", "del", "la", "el", "los", "las", "of", "the", "en", "da", "do", "das", "dos", "d", "l", "i", "y", "e"]
)
_UNTELLING: Final = frozenset(["eur", "euro", "euros", "usd", "dolares", "us", "and", "a", "per", "por"])
_SAME: Final = {
    **dict.fromkeys(("n", "no", "nro", "num", "numero", "number", "nr", "núm"), "num"),
    **dict.fromkeys(("f", "fec", "fch", "fecha", "data", "date", "dat"), "fecha"),
    **dict.fromkeys(("imp", "import", "importe", "importes"), "importe"),
    **dict.fromkeys(("fac", "fra", "fact", "factura", "facturas"), "factura"),
}

_DOCUMENT: Final[Mapping[str, str]] = {
    "invoice_number": (
        "factura|num factura|numero|numero documento|num comprobante|serie comprobante|comprobante|invoice|"
        "invoice number|invoice num|invoice id|document number|doc number|secuencial|factura num|ref factura|"
        "numero de factura recibida|num factura proveedor|factura proveedor|num factura expedidor|"
        "identificacion factura expedidor serie numero|bill number|bill num|bill id|bill|num doc"
    ),
    "invoice_series": "serie|series|invoice series",
    "issue_date": (
        "fecha factura|fecha emision|fecha expedicion|fecha exp|fecha documento|fecha comprobante|invoice date|"
        "issue date|bill date|invoice bill date|fecha factura recibo|emission date|document date|fecha gasto|"
        "expense date|fecha|date|emision|timestamp"
    ),
    "operation_date": (
        "fecha operacion|fecha devengo|devengo|fecha prestacion|fecha suministro|supply date|date supply|tax point|"
        "tax point date|operation date"
    ),
    "due_date": "vencimiento|fecha vencimiento|fecha vto|vto|due date|due|payment due",
    "supplier.name": (
        "proveedor|nombre proveedor|razon social|razon social proveedor|emisor|nombre emisor|acreedor|"
        "supplier|supplier name|vendor|vendor name|seller|issuer|merchant|comercio|proveidor|fornecedor|"
        "razon social emisor|nombre razon social emisor|issuer name|seller name|nombre expedidor|expedidor|"
        "razon social expedidor|nombre acreedor|nombre o razon social|nombre razon social|provider|provider name"
    ),
    "supplier.tax_id": (
        "nif|cif|nif proveedor|cif proveedor|nif cif|cif nif|nif emisor|cif emisor|ruc|ruc proveedor|"
        "ruc emisor|tax id|vat|vat number|vat id|supplier tax id|supplier vat|vendor tax id|nit|"
        "identificacion proveedor|identificacion|supplier nif|supplier ruc|seller vat|nif expedidor|cif expedidor|"
        "nif expedidor identificacion|nif acreedor|cif dni|nif dni|dni nif|nif iva|cifnif|id fiscal|"
        "identificacion fiscal|tax number"
    ),
    "buyer.name": (
        "cliente|nombre cliente|receptor|comprador|destinatario|razon social cliente|customer|customer name|"
        "buyer|buyer name|client|client name|bill to|razon social receptor|nombre receptor|razon social comprador|"
        "nombre destinatario|nombre destinario|nombrecliente"
    ),
    "buyer.tax_id": (
        "nif cliente|cif cliente|nif receptor|nif destinatario|ruc cliente|ruc comprador|customer tax id|"
        "buyer tax id|customer vat|buyer vat|identificacion comprador|identificacion cliente|client vat|"
        "identificacion receptor|ruc receptor|cif destinatario|nif destinatario identificacion|nif destinario|"
        "nif destinario identificacion"
    ),
    "totals.net": (
        "base|base imponible|neto|subtotal|total neto|importe neto|base imponible total|net|net amount|"
        "net total|taxable amount|total sin iva|total sin impuestos|importe sin iva|amount excl vat|tax base|"
        "net price|valor sin impuestos|subtotal sin impuestos|importe sin impuestos|base sin iva|total base|"
        "total base imponible|importe base|base imponible con signo|tax excluded|untaxed amount|"
        "untaxed amount signed|amount before tax|amount before vat"
    ),
    "totals.tax": (
        "iva|cuota|cuota iva|importe iva|total iva|impuesto|impuestos|igic|total impuestos|vat amount|tax|"
        "tax amount|total tax|total vat|cuota repercutida|cuota soportada|valor iva|monto iva|sales tax|"
        "cuota iva soportado|cuota iva soportada|cuota iva repercutida|cuota iva repercutido|iva soportado|"
        "iva repercutido|iva cuota|total cuota|total cuota iva|totaliva|impuesto con signo|tax signed"
    ),
    "totals.gross": (
        "total factura|total documento|invoice total|total invoice|importe total factura|importe total|"
        "total con iva|total iva incluido|importe factura|grand total|total|importe|valor total|monto total|"
        "monto|valor|gross|gross amount|gross total|total amount|amount|amount due|amount incl vat|"
        "total con signo|total signed|total operacion"
    ),
    "totals.withholding": (
        "irpf|retencion|retencion irpf|importe retencion|importe irpf|cuota irpf|total retencion|withholding|"
        "withholding tax|withholding amount|retenciones|valor retenido|total retenido|cuota retencion|"
        "cuota retencion irpf|importe retenido|importe retenido irpf|irpf cuota|cuota ret|total irpf|totalirpf"
    ),
    "totals.payable": (
        "a pagar|total a pagar|liquido|liquido a percibir|importe a pagar|payable|amount payable|"
        "total payable|neto a pagar"
    ),
    "totals.discount": "descuento|dto|discount|total descuento",
    "totals.tip": "propina|tip",
    "taxes.0.rate": (
        "tipo iva|% iva|%iva|iva %|porcentaje iva|tipo impositivo|tarifa iva|vat rate|tax rate|vat %|% vat|tax %|"
        "iva tipo|rate|tarifa|tipo"
    ),
    "taxes.0.surcharge_rate": (
        "tipo recargo|tipo recargo eq|tipo recargo equivalencia|porcentaje recargo|porcentaje recargo equivalencia|"
        "% recargo|% re|surcharge rate"
    ),
    "taxes.0.surcharge_amount": (
        "cuota recargo|cuota recargo eq|cuota recargo equivalencia|recargo equivalencia|importe recargo|cuota re|"
        "rec eq|surcharge amount"
    ),
    "withholdings.0.rate": (
        "tipo irpf|% irpf|%irpf|irpf %|tipo retencion|tipo retencion irpf|% retencion|porcentaje retencion|"
        "porcentaje retencion irpf|withholding rate"
    ),
    "currency": "moneda|divisa|currency|currency code",
    "description": (
        "concepto|descripcion|detalle|description|concept|details|memo|notes|notas|observaciones|glosa|motivo"
    ),
    "category": (
        "categoria|category|cuenta contable|cuenta gasto|tipo gasto|expense type|expense category|account|rubro"
    ),
    "iban": "iban|cuenta bancaria|iban proveedor|bank account",
    "access_key": "clave acceso|clave de acceso|access key",
    "authorization_number": "autorizacion|num autorizacion|numero autorizacion|authorization number",
    "country": "pais|country",
    "doc_type": (
        "tipo documento|tipo comprobante|tipo factura|clase documento|clase factura|tipo doc|tipus document|"
        "document type|doc type|invoice type|type document"
    ),
    "status": "estado factura|estado documento|invoice status|estado|status|situacion",
    "corrected_invoice_number": (
        "num documento modificado|documento modificado|num comprobante modificado|comprobante modificado|"
        "factura rectificada|num factura rectificada|factura modificada|factura original|num factura original|"
        "factura origen|corrected invoice|corrected invoice number|original invoice|original invoice number"
    ),
}
_WITHHOLDINGS: Final[Mapping[str, str]] = {
    **{path: _DOCUMENT[path] for path in ("issue_date", "supplier.name", "supplier.tax_id", "currency")},
    "buyer.name": "sujeto retenido|razon social sujeto retenido|retenido|cliente|razon social",
    "buyer.tax_id": "ruc sujeto retenido|identificacion sujeto retenido|identificacion retenido|nif retenido",
    "invoice_number": (
        "num retencion|comprobante retencion|num comprobante retencion|num comprobante|comprobante|numero|"
        "withholding number|certificate number|numero retencion"
    ),
    "access_key": "clave acceso|access key",
    "authorization_number": "autorizacion|num autorizacion",
    "totals.withholding": "total retenido|total retencion|total withheld",
    "withholdings.0.tax_code": "impuesto|codigo impuesto|tipo impuesto|tax|tax code",
    "withholdings.0.withholding_code": "codigo retencion|cod retencion|withholding code|codigo porcentaje",
    "withholdings.0.rate": (
        "porcentaje retencion|porcentaje retener|% retencion|% retenido|porcentaje|tipo retencion|withholding rate|rate"
    ),
    "withholdings.0.base": "base retencion|base imponible retencion|base imponible|base|withholding base|tax base",
    "withholdings.0.amount": (
        "valor retenido|importe retenido|importe retencion|retencion|monto retenido|valor retencion|withheld|"
        "withheld amount|withholding amount|withholding"
    ),
    "withholdings.0.document_number": (
        "documento sustento|num documento sustento|factura|num factura|doc sustento|source document|"
        "invoice number|numero doc sustento"
    ),
}
_PRODUCTS: Final[Mapping[str, str]] = {
    "product.sku": (
        "sku|codigo|cod|codigo producto|codigo articulo|referencia|ref|code|product code|item code|reference|"
        "codigo interno|articulo codigo|item num|part number|variant sku"
    ),
    "product.name": (
        "nombre|producto|articulo|nombre producto|nombre articulo|name|product|product name|item|item name|"
        "denominacion|titulo|title"
    ),
    "product.description": "descripcion|description|detalle|descripcion producto|descripcion larga",
    "product.unit_price": (
        "precio|pvp|precio venta|precio unitario|price|unit price|precio normal|regular price|sale price|"
        "selling price|precio publico|tarifa|retail price|precio sin iva|valor unitario|list price|variant price"
    ),
    "product.cost": (
        "coste|costo|precio coste|precio costo|precio compra|cost|cost price|unit cost|purchase price|cost per item"
    ),
    "product.tax_rate": "iva|% iva|tipo iva|iva %|tax rate|vat|vat rate|impuesto|tax|tarifa iva",
    "product.stock": (
        "stock|existencias|cantidad|unidades|inventario|quantity|qty|on hand|inventory|saldo stock|"
        "variant inventory qty|quantity on hand|stock quantity|stock actual"
    ),
    "product.unit": "unidad|unidad medida|um|unit|uom|udm|medida",
    "product.barcode": "ean|ean13|codigo ean|codigo barras|cod barras|barcode|upc|gtin|variant barcode",
    "product.category": "categoria|familia|grupo|linea|category|family|group|department|seccion",
    "supplier.name": "proveedor|marca proveedor|supplier|vendor",
    "currency": "moneda|divisa|currency",
}
_MOVEMENTS: Final[Mapping[str, str]] = {
    "entry.booking_date": (
        "fecha|fecha operacion|fecha operativa|fecha contable|fecha ctble|fecha movimiento|fecha mov|"
        "fecha transaccion|fecha trans|fecha proceso|fecha registro|fecha asiento|fecha apunte|fecha hora|"
        "dia|booking date|booked date|posting date|posted date|transaction date|trans date|entry date|date|"
        "completed date|created on|fecha lancamento|fecha movimento|fecha operacao|fecha efectiva|"
        "accounting date|operation date|fecha comptable|date time|fecha y hora|operacion|fecha operacio|"
        "fecha comptabilitat|transaction date time"
    ),
    "entry.value_date": (
        "fecha valor|valor fecha|valuta|value date|fecha de valor|val date|f valor|fecha valuta|"
        "effective date|dia valor"
    ),
    "entry.amount": (
        "importe|monto|valor|cantidad|cuantia|amount|value|sum|quantitat|montante|importancia|"
        "importe operacion|importe movimiento|valor movimiento|valor transaccion|monto transaccion|"
        "monto movimiento|transaction amount|net amount|importe apunte|valor operacion|movimiento importe|"
        "quantia|valor movimento"
    ),
    "entry.sign": "signo|sign|dr cr|db cr|cr dr|credit debit indicator|debit credit indicator|indicador debito credito",
    "entry.debit": (
        "debito|debitos|debe|cargo|cargos|debit|debits|debit amount|retiro|retiros|egreso|egresos|gasto|"
        "gastos|salida|salidas|pagos|withdrawal|withdrawals|money out|paid out|out|carrec|carrecs|deure|"
        "despeses|debito mov|importe debe|importe cargo|valor debito|monto debito|outgoing|payments|saidas|"
        "charges|importe debito|cargos debitos"
    ),
    "entry.credit": (
        "credito|creditos|haber|abono|abonos|credit|credits|credit amount|deposito|depositos|ingreso|"
        "ingresos|entrada|entradas|deposit|deposits|money in|paid in|in|abonament|abonaments|haver|"
        "importe haber|importe abono|valor credito|monto credito|incoming|receipts|importe credito|"
        "abonos creditos|ingressos"
    ),
    "entry.balance": (
        "saldo|saldo contable|saldo final|saldo disponible|balance|running balance|saldo actual|"
        "saldo despues|saldo resultante|account balance|closing balance|available balance|disponible|"
        "saldo contabilistico|saldo apos movimento|saldo posterior|saldo total|saldo movimiento|"
        "saldo tras movimiento|saldo cuenta|book balance|ledger balance|balance after|"
        "saldo despues movimiento|saldo operacion"
    ),
    "entry.description": (
        "descripcion|concepto|description|concept|detalle|descripcion movimiento|descripcion operacion|label|"
        "details|narrative|transaction description|concepte|descripcio|descricao|descritivo|movimiento|"
        "detalles|transaction details|particulars|glosa|memo|text|texto|payment details|transaccion|"
        "transaction|historico|moviment|concepto operacion|concepto movimiento|motivo|"
        "descripcion transaccion|payment reference|detalle movimiento|payee|descripcion concepto|movimento|"
        "concepto descripcion|operacion concepto|observaciones|comentario|informacion adicional|"
        "concepto ampliado|mas datos|beneficiario|partner name|counterparty|contrapartida|notes|"
        "tipo movimiento|tipo operacion|type|leyenda"
    ),
    "entry.reference": (
        "referencia|referencia 1|ref|reference|num referencia|reference num|referencia bancaria|ref 1|"
        "transaction id|id transaccion|num operacion|num movimiento|bank reference|id|transferwise id|"
        "referencia1"
    ),
    "entry.reference2": "referencia 2|ref 2|referencia2|reference 2|customer reference",
    "entry.document_number": (
        "documento|num documento|doc|num doc|document|document number|cheque|num cheque|comprobante|"
        "num comprobante|check number|cheque number"
    ),
    "currency": "moneda|divisa|currency|currency code|moeda|divisa importe",
    "account_iban": "iban|cuenta iban|account iban|iban cuenta",
    "account_number": "cuenta|num cuenta|account|account number|cuenta bancaria|numero cuenta",
    "category": "categoria|category|subcategoria",
}
_OF_TARGET: Final[Mapping[DocumentType, Mapping[str, str]]] = {
    DocumentType.PRODUCT: _PRODUCTS,
    DocumentType.BANK_MOVEMENT: _MOVEMENTS,
    DocumentType.WITHHOLDING: _WITHHOLDINGS,
}


@lru_cache(maxsize=20_000)
def fold_header(text: str) -> str:
    """The heading as bare words: no accents, case, punctuation, currency or articles, abbreviations written out."""
    whole = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), text[:_LONGEST])
    split = _CAMEL.sub(" ", whole.replace(".º", "º").replace("º", "o").replace("ª", "a").replace("#", " num "))
    plain = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c)).lower()
    words = [_SAME.get(word, word) for word in _WORDS.findall(plain)]
    return " ".join(word for word in words if word not in _SILENT and word not in _UNTELLING)


@cache
def synonyms(target: DocumentType) -> Mapping[str, Mapping[str, int]]:
    """By field path: folded heading → its rank, 0 the most telling."""
    listed = _OF_TARGET.get(target, _DOCUMENT)
    return {path: _ranked(path, text) for path, text in listed.items()}


@cache
def headings(target: DocumentType) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """By folded heading: the fields it may mean, with the rank it has in each."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path, ranked in synonyms(target).items():
        for heading, rank in ranked.items():
            found.setdefault(heading, []).append((path, rank))
    return {heading: tuple(sorted(paths, key=lambda p: p[1])) for heading, paths in found.items()}


def _ranked(path: str, text: str) -> dict[str, int]:
    ranked: dict[str, int] = {}
    for heading in (path, *text.split("|")):
        ranked.setdefault(fold_header(heading), len(ranked))
    return ranked
