"""What the headings of a bank's export may mean: the names that banks are known to write, then words within them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.canonical import DocumentType
from app.modules.imports.mapping.vocabulary import fold_header, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterable

UNRANKED: Final = 1_000
"""The rank of a heading that only holds a telling word."""
_PATTERNS: Final = (
    ("other", re.compile(r"\b(original|orig|cambio|exchange|rate|comision|fee|tax|iva|retenid\w*|hora|time zone)\b")),
    ("other", re.compile(r"^(amount|importe) (currency|moneda|divisa)$")),
    ("balance", re.compile(r"\b(saldo|saldos|balance)\b")),
    (
        "value_date",
        re.compile(r"\b(fecha|dia)\b.*\b(valor|value|valuta|efectiva)\b|\b(valor|value|valuta)\b.*\bfecha\b|valuta"),
    ),
    ("booking_date", re.compile(r"\b(fecha|dia|timestamp)\b")),
    ("both_sides", re.compile(r"\b(debit\w*|cargos?|debe|retiros?)\b.*\b(credit\w*|abonos?|haber|depositos?)\b")),
    ("both_sides", re.compile(r"\b(credit\w*|abonos?|haber|depositos?)\b.*\b(debit\w*|cargos?|debe|retiros?)\b")),
    (
        "debit",
        re.compile(
            r"\b(debit\w*|cargos?|debe|retiros?|egresos?|withdrawals?|salidas?|saidas?|carrecs?|paid out|out)\b"
        ),
    ),
    (
        "credit",
        re.compile(r"\b(credit\w*|abonos?|haber|depositos?|deposits?|ingresos?|entradas?|abonaments?|paid in|in)\b"),
    ),
    ("amount", re.compile(r"\b(importe|monto|amount|cantidad|montante|valor|value|quantia|quantitat|cuantia)\b")),
    (
        "description",
        re.compile(
            r"concept|descri|detall|detail|movim|label|narrat|motivo|glosa|benefici|observ|coment|memo"
            r"|^(counterparty|contraparte|contrapartida|ordenante|payee|comercio|merchant)( name)?$"
        ),
    ),
    ("reference", re.compile(r"\b(referencia|ref|reference)\b")),
    ("document_number", re.compile(r"\b(documento|cheque|comprobante|document)\b")),
    ("currency", re.compile(r"\b(moneda|divisa|currency|moeda)\b")),
)
_KINDS: Final = {
    "status": re.compile(
        r"^(state|status|estado|estat|situacion|situacao)( (operacion|movimiento|transaccion|pago|transferencia))?$"
        r"|^(transaction|payment) (state|status)$"
    ),
    "sign": re.compile(
        r"\b(tipo|naturaleza|signo|sentido|indicador|type|debe haber|cargo abono|debito credito|debit credit|dr cr"
        r"|cr dr|side|direction)\b|^(h|c|dh|dc|cd)$"
    ),
    "sign_code": re.compile(r"\b(signo|naturaleza|debe haber|cargo abono|debito credito)\b|^(h|c|dh|dc|cd)$"),
    "fee": re.compile(r"^(total )?(fees?|comision|comisiones|tarifas?)$"),
    "net": re.compile(r"^(importe )?neto?$|^net amount$"),
    "gross": re.compile(r"^(gross|bruto)( amount)?$|^importe bruto$"),
    "party": re.compile(
        r"^(partner|counterparty|contraparte|contrapartida|ordenante|payee|beneficiario|comercio|merchant)( name)?$"
    ),
    "tax": re.compile(r"\b(tax|impuestos?|iva|vat|igic)\b"),
    "way": re.compile(
        r"\b(withdrawals?|deposits?|retiros?|depositos?|egresos?|ingresos?|salidas?|entradas?|saidas?|in|out)\b"
    ),
    "part": re.compile(r"^(producto?|subcuenta|wallet|pocket|bolsillo|monedero)$"),
}
"""Roles that a heading may have beside another: what of a movement was booked, how, and in which part of an account."""
_NOT_A_BANK: Final = re.compile(
    r"\b(factura|invoice|base imponible|iva|vat|igic|proveedor|supplier|vendor|cliente|customer|sku|ean|pvp|stock"
    r"|subtotal|ruc|nif|cif|retencion|withholding|vencimiento|due|empleado|employee|kms?|tipo gasto|expense type)\b"
)
_PAYER: Final = re.compile(r"^(pagado( quien)?|paid by|who paid|payer|pagador|quien (pago|paga|pagado))$")
_OF_A_LEDGER: Final = re.compile(
    r"^(num |id )?asiento$|^(cod |num )?subcuenta$|^contrapartida$|^cuenta contable$|^diario$"
    r"|^(nominal|account) .*\bref"
)
_ENTRIES: Final = 2


def heading_roles(name: object) -> dict[str, int]:
    """What a heading may mean in a bank's export, by role → rank."""
    heading = fold_heading(name)
    roles = {
        path.rpartition(".")[2]: ranked[heading]
        for path, ranked in synonyms(DocumentType.BANK_MOVEMENT).items()
        if heading in ranked
    }
    for role, pattern in _PATTERNS:
        if heading and pattern.search(heading):
            roles.setdefault(role, UNRANKED)
            break
    return roles


def heading_kinds(name: object) -> frozenset[str]:
    """What a heading says beside its role: ``status``, ``sign``, ``sign_code``, ``fee``, ``net``, ``gross``, ``party``,
    ``tax``, ``part``, ``way`` (of money in or out, whoever keeps the books).
    """
    heading = fold_heading(name)
    return frozenset(kind for kind, pattern in _KINDS.items() if heading and pattern.search(heading))


def fold_heading(name: object) -> str:
    """The heading as bare words; empty for a cell that is no text."""
    return fold_header(name) if isinstance(name, str) else ""


def is_ledger(headings: Iterable[str]) -> bool:
    """Whether folded headings are of the books of a firm, where debit is what comes in: two words, as banks use one."""
    return len({heading for heading in headings if _OF_A_LEDGER.search(heading)}) >= _ENTRIES


def is_foreign(heading: str) -> bool:
    """Whether a folded heading belongs to a table of another kind: invoices, products, customers, who paid."""
    return bool(_NOT_A_BANK.search(heading)) or is_payer(heading)


def is_payer(heading: str) -> bool:
    """Whether a folded heading is over the person who paid: what a bank lists was paid from its account."""
    return bool(_PAYER.search(heading))
