"""Checks the signatures of an XML document: XAdES, as in Facturae (Orden HAP/1650/2015) and in vouchers of the SRI.

W3C XML Signature 1.1, https://www.w3.org/TR/xmldsig-core1/; ETSI EN 319 132-1. Integrity, and whose certificate it is.
Nothing is ever fetched and no chain to a trusted root is built, so a sound signature proves that nothing was changed
since, not who signed.

signxml's verifier is not used: it demands a chain, parses the document again for each reference, passes over
transforms that it does not know, leaves out processing instructions around the root, and fails on odd input with
exceptions of any kind.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from lxml import etree

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.signed_references import (
    XMLDSIG,
    SignatureBroken,
    SignatureFault,
    SignatureUnverifiable,
    SignedDocument,
    canonical_form,
    decoded,
)
from app.modules.imports.formats.signing_certificate import SigningCertificate, is_weak_method
from app.modules.imports.formats.xml import MAX_DEPTH, Element, find_all, local_name, parse_exactly

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.modules.imports.formats.signed_references import Reference

_DS: Final = f"{{{XMLDSIG}}}"
_COSTLY: Final = etree.XPath("boolean(descendant-or-self::*[count(@*) > 100])")
_DECLARATION: Final = re.compile(rb"xmlns(?::([^\s=]+))?\s*=")
_MAX_BYTES: Final = 10 * 1024 * 1024
"""FACe takes invoices of up to 8 MB."""
_MAX_NAMESPACE_STEPS: Final = 100_000_000
"""About half a second."""
_MAX_SIGNATURES: Final = 4
_MAX_SIGNED_PARTS: Final = 16
_MAX_CERTIFICATES: Final = 8
_SIGNING_TIME: Final = "SignedSignatureProperties/SigningTime"
_BROKEN: Final = "signature_broken"
_UNVERIFIABLE: Final = "signature_unverifiable"
_OTHER: Final = "signature_other_party"


def check_signature(document: Element, source: bytes, signers: Collection[str | None]) -> tuple[str, ...]:
    """Codes of what is wrong with the signatures within a document; none when it has none or all are sound.

    ``source`` is the text of the file (``ParsedXml.source``), ``signers`` are the tax ids, in normal form, of those
    who may have signed. Raises nothing.
    """
    if next(document.iter(f"{_DS}Signature"), None) is None:
        return ()
    try:
        signed = _own_copy(document, source)
    except (SignatureUnverifiable, Unreadable):
        return (_UNVERIFIABLE,)
    tax_ids = {tax_id for tax_id in signers if tax_id}
    said = [_judge(signed, signature, tax_ids) for signature in signed.signatures]
    found = set[str]().union(*said)
    if not all(_OTHER in codes for codes in said):
        found.discard(_OTHER)
    return tuple(sorted(found))


def _own_copy(document: Element, source: bytes) -> SignedDocument:
    """The document by itself, as whoever signed it had it: not in an envelope, and with all that readers pass over."""
    alone = None if document.getparent() is None else deepcopy(document)
    if alone is not None:
        alone.tail = None
        source = etree.tostring(alone)
    if len(source) > _MAX_BYTES or _COSTLY(document) or _namespace_steps(source) > _MAX_NAMESPACE_STEPS:
        raise SignatureUnverifiable
    signed = SignedDocument(parse_exactly(source) if alone is None else alone, len(source))
    if len(signed.signatures) > _MAX_SIGNATURES:
        raise SignatureUnverifiable
    return signed


def _namespace_steps(source: bytes) -> int:
    """What libxml2 does at most for one canonical form: for each element, each declaration above it by each prefix."""
    declared = _DECLARATION.findall(source)
    prefixes = len(set(declared))
    return source.count(b"<") * prefixes * min(len(declared), MAX_DEPTH * prefixes)


def _judge(signed: SignedDocument, element: Element, tax_ids: Collection[str]) -> frozenset[str]:
    signature, faults = _Signature(signed, element), set[type[SignatureFault]]()
    for check in (signature.check_signer, signature.check_references):
        try:
            check()
        except SignatureFault as fault:
            faults.add(type(fault))
    if faults:
        return frozenset({_BROKEN if SignatureBroken in faults else _UNVERIFIABLE})
    return signature.remarks(tax_ids)


class _Signature:
    """One signature: checked twice over, then remarked on."""

    def __init__(self, signed: SignedDocument, element: Element) -> None:
        self._signed = signed
        self._element = element
        self._references: list[Reference] = []
        self._certificate: SigningCertificate
        self._weak = False

    def check_signer(self) -> None:
        """The SignedInfo must have been signed by the key of one of the certificates given."""
        info = _part(self._element, "SignedInfo")
        octets = self._signed.octets(info, canonical_form(info.find(f"{_DS}CanonicalizationMethod")))
        value = decoded(_part(self._element, "SignatureValue").text)
        method = _part(info, "SignatureMethod").get("Algorithm") or ""
        given = list(self._element.iterfind(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate"))
        if not 0 < len(given) <= _MAX_CERTIFICATES:
            raise SignatureUnverifiable
        certificates = (SigningCertificate(decoded(each.text)) for each in given)
        signer = next((one for one in certificates if one.signed(octets, value, method)), None)
        if signer is None:
            raise SignatureBroken
        self._certificate, self._weak = signer, signer.is_weak or is_weak_method(method)

    def check_references(self) -> None:
        """The document that was read must be signed itself, not something in it or beside it, and all be as signed."""
        info = _part(self._element, "SignedInfo")
        if not 0 < len(info) <= _MAX_SIGNED_PARTS:
            raise SignatureUnverifiable
        self._references = list(self._signed.references(self._element, info))
        if not any(reference.target is self._signed.root for reference in self._references):
            raise SignatureBroken
        if not all(self._signed.holds(reference) for reference in self._references):
            raise SignatureBroken

    def remarks(self, tax_ids: Collection[str]) -> frozenset[str]:
        """Of a signature that holds."""
        said = {
            "signature_weak": self._weak or any(one.algorithm == "sha1" for one in self._references),
            "signature_expired": not self._certificate.was_valid(self._signing_time()),
            _OTHER: self._certificate.is_of_another(tax_ids),
        }
        return frozenset(code for code, holds in said.items() if holds)

    def _signing_time(self) -> str | None:
        """As the SignedProperties state it, which count only where they are signed themselves."""
        signed = (one.target for one in self._references if local_name(one.target) == "SignedProperties")
        return next((time.text for properties in signed for time in find_all(properties, _SIGNING_TIME)), None)


def _part(at: Element, name: str) -> Element:
    part = at.find(_DS + name)
    if part is None:
        raise SignatureUnverifiable
    return part
