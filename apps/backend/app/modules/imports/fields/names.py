"""Tells names of companies and people from addresses, headings and other lines, and trims what is not the name."""

from __future__ import annotations

import re
from typing import Final

from app.modules.imports.fields.folding import fold, squash
from app.modules.imports.fields.labels import LABELS

_FORMS: Final = (
    r"s\.? ?l\.? ?u\.?|s\.? ?l\.? ?l\.?|s\.? ?l\.? ?p\.?|s\.? ?l\.? ?n\.? ?e\.?|s\.? ?l\.?|s\.? ?a\.? ?u\.?|"
    r"s\.? ?a\.? ?s\.?|s\.? ?a\.? ?l\.?|s\.? ?a\.?"
    r"|s\.? ?c\.? ?p\.?|s\.? ?c\.? ?a\.?|s[. ] ?coop\.?(?: ?(?:and|v|mad|galega|c|ltda)\.?)?|s\.? ?c\.?|c\.? ?b\.?|"
    r"a\.? ?i\.? ?e\.?|u\.?t\.?e\.?|sociedad limitada|sociedad anonima|s\.? ?a\.? ?t\.?"
    r"|cia\.? ?ltda\.?|c\.? ?ltda\.?|compania limitada|cia\.?|c\.? ?a\.?|ltda\.?|ltd\.?|limited|inc\.?|llc|"
    r"l\.l\.c\.|plc|corp\.?|corporation|company|co\.?|llp|pty"
    r"|gmbh(?: ?& ?co\.? ?kg)?|ag|kg|ohg|ug(?: \(haftungsbeschrankt\))?|e\.? ?k\.?|e\.? ?v\.?|mbh|gbr|a\.? ?g\.?|"
    r"se|e\.? ?g\.?"
    r"|s\.? ?a\.? ?r\.? ?l\.?|sarl|sas|sasu|eurl|sci|s\.? ?n\.? ?c\.?|srl|s\.? ?r\.? ?l\.?|s\.? ?p\.? ?a\.?|spa|"
    r"lda\.?|unipessoal|b\.? ?v\.?|n\.? ?v\.?|a/s|oy|ab|aps"
    r"|sdn\.? ?bhd\.?|sdn|s/b|sb|bhd\.?|pte\.?(?: ?ltd\.?)?|enterprise|enterprises|trading|ent\.?|holdings"
)
_FORM_AT_END = re.compile(
    rf"[\s,.](?:{_FORMS})[\s,.]*(?:\([^)]*\)?)?\s*"
    r"(?:[,\-–]\s*(?:sucursal|filial|niederlassung|succursale|branch|en liquidacion|zweigniederlassung)\b.*)?$"
)
_ADDRESS = re.compile(
    r"^(?:(?:c/|c\.|pº|po\.|av\.|ps\.|pg\.|pol\.|jl\.|p\.? ?i\.)|\d+[\s,]|\d+/\d|no\.? ?\d"
    r"|(?:cl|calle|cra|crta|ctra|carretera|avda?|avenida|avinguda|pza|plaza|placa|paseo|passeig|rda|ronda|camino|cami|"
    r"poligono|urb|apartado|apdo|rua|rue|via|viale|piazza|kalea|etorbidea|lot|jalan|jln|taman|tmn|plot|unit|level|"
    r"block|blk|ground floor)\b)"
    r"|^(?:gran via|travesia|carrer|malecon|rambla|glorieta|callejon|partida|bulevar|poblado|urbanizacion)\b"
    r"|^\D{4,},\s?(?:n\S{0,2}\s?)?\d{1,4}\b"
    r"|\b(?:calle|avenida|direccion|address|adresse|domicilio|strasse|straat|street|road|avenue|lane|plaza|jalan|"
    r"jln|taman|piso|planta|local|nave|edificio|poligono|urbanizacion|parque|provincia|oficina|dir matriz|"
    r"sucursal)\b"
    r"|str\. ?\d|strasse ?\d|weg \d|platz \d|\b\d{5}\b|\b\d{4} ?[a-z]{2}\b|kalea,? \d",
)
_CONTACT = re.compile(
    r"@|www\.|https?:|\btel|\bfax\b|\btelf|\btlf|movil|\bphone|telefon|\btfno|email|e-mail|\bweb\b|\bhp\b|\biban\b|\bbic\b|"
    r"swift|\biso ?\d|\.com\b|\.es\b|\.de\b|\bmobile|whatsapp",
)
_NOT_A_NAME = re.compile(
    r"\b(?:factura|faktura|fatura|invoice|rechnung|facture|fattura|factuur|ticket|recibo|receipt|albaran|"
    r"presupuesto|pagina|page|seite|hoja|fecha|date|datum|total|iva|vat|gst|importe|cliente|customer"
    r"|logo|vencimiento|pedido|order|copia|original|duplicado|gracias|thank you|welcome|bienvenid\w+|pagado|abono|"
    r"nota de|credit note|tax invoice|simplificada|rectificativa|obligado a|contribuyente|agente de retencion"
    r"|ambiente|prestacion de servicios|clave de acceso|autorizacion|liquidacion de compra|comprobante"
    r"|resolucion|regimen|rimpe|sistema financiero|"
    r"regulatory|stylesheet|cash bill|cash sales|cash receipt|official receipt|bill to|ship to|gst id|company no|"
    r"co\. ?reg|reg\. ?no|roc no"
    r"|gutschrift|lieferschein|kopie|beleg|bestellung|rechnungskorrektur|anwendungsempfehlung|rechnungswahrung|"
    r"gln|nummer|number|numero|geschaftsfuhr\w+|amtsgericht|table|cashier|kundennr|steuernummer"
    r"|sede social|inscrita|registro|powered by|documento|forma de pago|observaciones|descripcion|concepto|"
    r"cantidad|contact|kontakt|ansprechpartner|bezahlt|sr\.?/?a|herrn?|frau|att|datos|domiciliado|tarjeta|caja|"
    r"vendedor|operador|tienda|branch)\b",
)
_CUT = re.compile(
    r"\s*(?:[●•|·]|\s[-–—*]+\s|\bn\.?i\.?f\b\.?|\bc\.?i\.?f\b\.?|\br\.?u\.?c\b\.?|\bnif/cif\b|\bd\.?n\.?i\b\.?|"
    r"\bcif/nif\b|\bau capital\b|\bcon domicilio\b|\binscrita\b|\bregistro mercantil\b|\bus?t-?id\b|\bvat\b|"
    r"\btel\b\.?|\btlf\b|\bcon nif\b|\bcon cif\b"
    r"|\bse hace\b|\bhrb\b|\bgst (?:no|id|reg)\b|\bco\. ?no\b|\brm ?\d|\(?\bco\. ?reg\b|\bsiret\b|"
    r"\bcapital social\b|\bifz\b|\bdomicilio\b)",
    re.IGNORECASE,
)
_COUNTRIES = frozenset(
    {
        "deutschland",
        "germany",
        "espana",
        "spain",
        "france",
        "ecuador",
        "portugal",
        "italia",
        "italy",
        "nederland",
        "espanya",
    },
)
_REGISTERED = re.compile(
    r"\s*\(?\s*(?:co\.?\s*)?(?:reg\.?\s*)?(?:no\.?:?\s*)?[A-Z]{0,3}\d{5,}\s?-?\s?[A-Z]{0,2}\d?\s?\).*$|"
    r"\s+\(?\d{5,8}-?\s?[A-Z]\)?\W*$",
    re.IGNORECASE,
)
"""The companies' register number that some countries print after the name."""
_LEAD = re.compile(r"^[\s:*.,\-–—#|/·•]+")
_TAIL = re.compile(r"(?:,?\s+con)?[\s:*\-–—|,/·•(]+$|,?\s+con$")
_SHORT = 3
_LONG = 70


def has_legal_form(text: str) -> bool:
    """Whether the text ends in the form of a company, such as S.L., GmbH or Cía. Ltda."""
    return _FORM_AT_END.search(fold(text)) is not None


def is_legal_form(text: str) -> bool:
    """Whether it is a legal form and nothing else: the rest of a name stands on the line above."""
    return has_legal_form(f" {text}") and len(squash(bare_name(text))) < _SHORT


def bare_name(text: str) -> str:
    """The name without its legal form."""
    bare = f" {fold(text)}"
    while (shorter := _FORM_AT_END.sub("", bare)) != bare:
        bare = shorter
    return bare


def is_address(text: str) -> bool:
    return _ADDRESS.search(fold(text)) is not None


def is_contact(text: str) -> bool:
    return _CONTACT.search(fold(text)) is not None


def trimmed(text: str) -> str:
    """The name alone: without what stands before a colon's label, after a bullet, or after the legal form."""
    text = _REGISTERED.sub("", _without_label(text))
    firm, slash, _place = text.partition(" / ")
    text = firm if slash and has_legal_form(firm) else text
    cut = _CUT.search(text)
    if cut and cut.start() >= _SHORT:
        text = text[: cut.start()]
    return _TAIL.sub("", _LEAD.sub("", text)).strip()


def _without_label(text: str) -> str:
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and (squash(head) in LABELS or len(head.split()) <= _SHORT):
        return rest
    return text


def likeness(text: str) -> float:
    """How much a line looks like a name: above 0 it may be one, a legal form makes it sure."""
    folded = fold(text)
    letters = sum(char.isalpha() for char in folded)
    digits = sum(char.isdigit() for char in folded)
    if letters < _SHORT or digits > letters or len(text) > _LONG or squash(text) in LABELS or folded in _COUNTRIES:
        return -5.0
    score = 1.0
    form = has_legal_form(text)
    score += 4.5 if form else 0.0
    score -= 4.0 if _ADDRESS.search(folded) else 0.0
    score -= 5.0 if _CONTACT.search(folded) else 0.0
    score -= 3.0 if _NOT_A_NAME.search(folded) and not form else (1.0 if _NOT_A_NAME.search(folded) else 0.0)
    score -= 1.0 if digits else 0.0
    score -= 1.5 if text.islower() and not form else 0.0
    score -= 1.0 if "," in text and not form else 0.0
    score -= 6.0 if len(squash(bare_name(text))) < _SHORT else 0.0
    score -= 2.0 if text.rstrip().endswith(":") else 0.0
    score -= 1.0 if len(folded.split()) > 8 else 0.0  # noqa: PLR2004 [a sentence rather than a name]
    score += 0.5 if len(folded.split()) > 1 else -0.5
    return score
