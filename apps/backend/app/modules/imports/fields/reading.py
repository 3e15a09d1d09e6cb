"""From pages of words to a canonical document: reads every field with its evidence, and invents none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.modules.imports import plugins
from app.modules.imports.domain.canonical import CanonicalDocument, DocumentType, Party, Proof
from app.modules.imports.fields.amounts import find_amounts
from app.modules.imports.fields.classify import classify_pages, classify_sheet
from app.modules.imports.fields.codes import find_ibans, read_codes
from app.modules.imports.fields.currency import find_currency
from app.modules.imports.fields.dates import find_dates
from app.modules.imports.fields.dating import choose_dates
from app.modules.imports.fields.evidence import Ledger
from app.modules.imports.fields.figures import read_figures, read_retentions, read_statement
from app.modules.imports.fields.folding import squash
from app.modules.imports.fields.labelling import find_labels
from app.modules.imports.fields.layout import lay_out
from app.modules.imports.fields.money import find_money
from app.modules.imports.fields.parties import find_parties, look_around
from app.modules.imports.fields.payment_code import with_payment_code
from app.modules.imports.fields.proofs import missing_proofs
from app.modules.imports.fields.references import (
    find_authorization,
    find_corrected,
    find_number,
    is_announced,
    is_repeated,
    is_whole,
)
from app.modules.imports.fields.taxids import find_tax_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.modules.imports.domain.page import Page
    from app.modules.imports.fields.codes import Account, Stated
    from app.modules.imports.fields.figures import Figured
    from app.modules.imports.fields.labelling import Labels
    from app.modules.imports.fields.layout import Sheet
    from app.modules.imports.fields.money import Money
    from app.modules.imports.fields.parties import PartyFound
    from app.modules.imports.fields.taxids import TaxId

__all__ = ["classify_pages", "find_fields", "missing_proofs"]

_STATED = frozenset(
    {"invoice_number", "invoice_series", "access_key", "authorization_number", "environment", "issue_date"},
)
_CORRECTING = frozenset({DocumentType.CORRECTIVE_INVOICE, DocumentType.CREDIT_NOTE, DocumentType.DEBIT_NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """All that was found on the pages before anything is chosen."""

    sheet: Sheet
    labels: Labels
    money: tuple[Money, ...]
    ids: tuple[TaxId, ...]
    accounts: tuple[Account, ...]
    stated: Mapping[str, Stated]
    ledger: Ledger


def find_fields(pages: Sequence[Page], *, own_tax_ids: frozenset[str] = frozenset()) -> CanonicalDocument:
    """The document on these pages. ``own_tax_ids`` are the tenant's own: they tell its side of the trade."""
    material = _gather(pages)
    kind = classify_sheet(material.sheet, material.money, material.stated).doc_type
    document = CanonicalDocument(doc_type=kind)
    if kind is DocumentType.OTHER:
        return document
    if kind is DocumentType.BANK_STATEMENT:
        return replace(_with_account(document, material), evidence=material.ledger.entries)
    figured = (
        read_retentions(material.sheet, material.money, material.labels, material.ledger)
        if kind is DocumentType.WITHHOLDING
        else read_figures(material.sheet, material.money, material.labels, material.ledger)
    )
    document = _with_figures(document, figured)
    document = _with_parties(document, material, figured, own_tax_ids)
    document = _with_references(document, material)
    document = _with_dates(document, material)
    document = _with_codes(document, material)
    document = with_payment_code(document, material.sheet.pages, material.ledger)
    document = _with_place(document, material)
    return replace(document, evidence=material.ledger.entries)


def _gather(pages: Sequence[Page]) -> _Material:
    sheet = lay_out(pages)
    labels = find_labels(sheet)
    return _Material(
        sheet=sheet,
        labels=labels,
        money=find_money(sheet, find_amounts(sheet), labels),
        ids=find_tax_ids(sheet, labels),
        accounts=find_ibans(sheet),
        stated=read_codes(sheet),
        ledger=Ledger(sheet),
    )


def _with_account(document: CanonicalDocument, material: _Material) -> CanonicalDocument:
    """What a bank statement says of its account; a balance counts as proven when all movements lead to it."""
    account = material.accounts[0] if material.accounts else None
    scene = look_around(material.sheet, material.labels, material.ids)
    holder = find_parties(scene, frozenset())[1].name
    statement = read_statement(material.sheet, material.money, material.labels, material.ledger)
    if account is not None:
        material.ledger.put("account_iban", account, [Proof.CHECK_DIGIT] if account.proven else [])
        statement = replace(statement, account_iban=account.value)
    country = account.value[:2] if account is not None and account.proven else None
    pack = plugins.countries().get(country or "")
    currency = find_currency(material.sheet, material.money) or (pack.currency if pack is not None else None)
    return replace(
        document,
        country=country,
        currency=currency,
        statement=replace(statement, holder=holder.text if holder else None),
    )


def _with_figures(document: CanonicalDocument, figured: Figured) -> CanonicalDocument:
    return replace(
        document, totals=figured.totals, taxes=figured.taxes, withholdings=figured.withholdings, lines=figured.lines,
    )  # fmt: skip


def _with_parties(
    document: CanonicalDocument, material: _Material, figured: Figured, own: frozenset[str],
) -> CanonicalDocument:  # fmt: skip
    ids = tuple(each for each in material.ids if not _part_of_account(each, material.accounts))
    settles = document.doc_type is DocumentType.PURCHASE_SETTLEMENT
    labels = material.labels.with_sides_changed() if settles else material.labels
    stated = material.stated.get("supplier.tax_id")
    scene = look_around(material.sheet, labels, ids, figured.table, stated.value if stated else None)
    issuer, other = find_parties(scene, own)
    if settles:  # the one who issues it is the buyer
        issuer, other = other, issuer
    return replace(
        document, supplier=_party(material, "supplier", issuer), buyer=_party(material, "buyer", other),
    )  # fmt: skip


def _part_of_account(each: TaxId, accounts: tuple[Account, ...]) -> bool:
    return any(token in account.tokens for account in accounts for token in each.tokens)


def _party(material: _Material, side: str, found: PartyFound) -> Party:
    if found.tax_id is not None:
        proofs = [Proof.CHECK_DIGIT] if found.tax_id.proven and found.certain else []
        material.ledger.put(f"{side}.tax_id", found.tax_id, proofs, labelled=found.tax_id.labelled)
    if found.name is not None:
        name = found.name
        twice = (Proof.CORROBORATED,) if found.repeated else ()
        material.ledger.place(f"{side}.name", name.page, name.box, name.text, (name.confidence, twice, found.placed))
    return Party(
        name=found.name.text if found.name else None,
        tax_id=found.tax_id.value if found.tax_id else None,
        country=found.tax_id.country if found.tax_id and found.tax_id.proven else None,
    )


def _with_references(document: CanonicalDocument, material: _Material) -> CanonicalDocument:
    taken = frozenset(squash(each.value) for each in material.ids) | frozenset(
        squash(each.value) for each in material.accounts
    )
    number = find_number(material.sheet, material.labels, taken)
    if number is not None:
        proofs = [Proof.CORROBORATED] if is_repeated(material.sheet, number) else []
        announced = is_announced(material.sheet, material.labels, taken, number)
        material.ledger.put("invoice_number", number, proofs, labelled=announced)
    corrected = find_corrected(material.sheet, material.labels, number.value if number else None)
    if corrected is not None and document.doc_type in _CORRECTING:
        material.ledger.put("corrected_invoice_number", corrected, labelled=is_whole(material.sheet, corrected))
        document = replace(document, corrected_invoice_number=corrected.value)
    authorization = find_authorization(material.sheet, material.labels)
    if authorization is not None:
        material.ledger.put("authorization_number", authorization)
        document = replace(document, authorization_number=authorization.value)
    if material.accounts:
        proofs = [Proof.CHECK_DIGIT] if material.accounts[0].proven else []
        material.ledger.put("iban", material.accounts[0], proofs)
        document = replace(document, iban=material.accounts[0].value)
    return replace(document, invoice_number=number.value if number else None)


def _with_dates(document: CanonicalDocument, material: _Material) -> CanonicalDocument:
    dates = choose_dates(material.sheet, find_dates(material.sheet), material.labels)
    if dates.issued is not None:
        proofs = [Proof.CORROBORATED] if dates.agreed else []
        material.ledger.put("issue_date", dates.issued, proofs, labelled=dates.labelled)
    if dates.due is not None:
        material.ledger.put("due_date", dates.due)
    if dates.operated is not None:
        material.ledger.put("operation_date", dates.operated)
    return replace(
        document,
        issue_date=dates.issued.value if dates.issued else None,
        due_date=dates.due.value if dates.due else None,
        operation_date=dates.operated.value if dates.operated else None,
    )


def _with_codes(document: CanonicalDocument, material: _Material) -> CanonicalDocument:
    """What a fiscal code states stands over what was read."""
    stated = material.stated
    for path in _STATED & stated.keys():
        material.ledger.state(path, stated[path])
    text = {path: stated[path].value for path in _STATED & stated.keys()}
    issued = text.get("issue_date")
    document = replace(
        document,
        invoice_number=text.get("invoice_number", document.invoice_number),
        invoice_series=text.get("invoice_series", document.invoice_series),
        access_key=text.get("access_key", document.access_key),
        authorization_number=text.get("authorization_number", document.authorization_number),
        environment=text.get("environment", document.environment),
        issue_date=date.fromisoformat(issued) if issued else document.issue_date,
    )
    if document.authorization_number == document.access_key is not None:
        material.ledger.prove("authorization_number", Proof.FISCAL_CODE)
    for path in ("supplier.tax_id", "buyer.tax_id"):
        if path in stated:
            document = _with_stated_party(document, material, path, stated[path])
    return _with_stated_total(document, material, stated["totals.gross"]) if "totals.gross" in stated else document


def _with_stated_total(document: CanonicalDocument, material: _Material, stated: Stated) -> CanonicalDocument:
    """The total of a fiscal code proves the printed one; it replaces none that the page's own arithmetic proves. What
    is to be paid of a total that it refutes is refuted as well.
    """
    value = Decimal(stated.value)
    if value in {document.totals.gross, document.totals.payable}:
        material.ledger.prove("totals.gross" if document.totals.gross == value else "totals.payable", Proof.FISCAL_CODE)
        return document
    known = material.ledger.entries.get("totals.gross")
    if known is not None and known.proofs:
        return document
    material.ledger.state("totals.gross", stated)
    payable = document.totals.payable
    if payable is not None and payable == document.totals.gross:
        del material.ledger.entries["totals.payable"]
        payable = None
    return replace(document, totals=replace(document.totals, gross=value, payable=payable))


def _with_stated_party(
    document: CanonicalDocument, material: _Material, path: str, stated: Stated,
) -> CanonicalDocument:  # fmt: skip
    """The code names the issuer, who in a liquidación de compra is the buyer."""
    issues = path == "supplier.tax_id" and document.doc_type is not DocumentType.PURCHASE_SETTLEMENT
    party, other = (document.supplier, document.buyer) if issues else (document.buyer, document.supplier)
    if other.tax_id == stated.value:
        other = replace(other, tax_id=party.tax_id if party.tax_id != stated.value else None)
    party = replace(party, tax_id=stated.value)
    material.ledger.state("supplier.tax_id" if issues else "buyer.tax_id", stated)
    supplier, buyer = (party, other) if issues else (other, party)
    return replace(document, supplier=supplier, buyer=buyer)


def _with_place(document: CanonicalDocument, material: _Material) -> CanonicalDocument:
    """Country by the issuer's proven tax id, currency as printed; where none is printed, that of the country, in which
    its law has taxes stated (RD 1619/2012, art. 12; dollars in Ecuador).
    """
    coded = "access_key" in material.stated
    country = "EC" if coded else document.supplier.country or document.buyer.country
    currency = find_currency(material.sheet, material.money)
    pack = plugins.countries().get(country or "")
    if currency is None and pack is not None:
        currency = pack.currency
    return replace(document, country=country, currency=currency)
