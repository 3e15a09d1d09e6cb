"""Where the parts of a Cross Industry Invoice stand, in D16B and in ZUGFeRD 1.0."""

from __future__ import annotations

from dataclasses import dataclass

from app.modules.imports.formats.xml import Element, find, text_of

_GUIDELINE = "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"


@dataclass(frozen=True, slots=True)
class Trade:
    """The five parts of an invoice, and the profile it follows (BT-24)."""

    document: Element
    transaction: Element
    agreement: Element
    delivery: Element
    settlement: Element
    profile: str


def first_of(at: Element, *names: str) -> Element | None:
    """The first child that has one of the names."""
    return next((found for name in names if (found := find(at, name)) is not None), None)


def trade_of(root: Element) -> Trade | None:
    """The parts of an invoice; None when there is nothing to read. An absent part reads as empty."""
    document = first_of(root, "ExchangedDocument", "HeaderExchangedDocument")
    transaction = first_of(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    if document is None or transaction is None:
        return None
    agreement = first_of(transaction, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    delivery = first_of(transaction, "ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
    settlement = first_of(transaction, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    # In place of an absent part stands the transaction itself, which has none of the part's children.
    return Trade(
        document=document,
        transaction=transaction,
        agreement=transaction if agreement is None else agreement,
        delivery=transaction if delivery is None else delivery,
        settlement=transaction if settlement is None else settlement,
        profile=(text_of(find(root, _GUIDELINE)) or "").lower(),
    )
