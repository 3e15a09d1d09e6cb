"""What an XML signature signs: its references, found within the document and brought to canonical form.

W3C XML Signature §4.4.3, https://www.w3.org/TR/xmldsig-core1/#sec-Reference. Only what lies within the document is
looked at, and only transforms that cannot compute: taking signatures out, and canonical XML.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.modules.imports.formats.xml import Element

XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_DS: Final = f"{{{XMLDSIG}}}"
_ENVELOPED: Final = f"{XMLDSIG}enveloped-signature"
_XPATH: Final = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_NO_SIGNATURES: Final = re.compile(r"\s*not\s*\(\s*ancestor-or-self\s*::\s*([\w.\-]+):Signature\s*\)\s*")
"""The one XPath in use (XML Signature §6.6.4 gives it as its example). It is recognised, never run."""
_INCLUSIVE_PREFIXES: Final = "{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces"
_EXCLUSIVE: Final = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": False,
    "http://www.w3.org/2006/12/xml-c14n11": False,
    "http://www.w3.org/2001/10/xml-exc-c14n": True,
}
_COMMENTS: Final = "WithComments"
_DIGESTS: Final = {
    f"{XMLDSIG}sha1": "sha1",
    "http://www.w3.org/2001/04/xmldsig-more#sha224": "sha224",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_ID_NAMES: Final = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_WITH_ID: Final = etree.XPath("descendant-or-self::*[@Id or @ID or @id or @xml:id]")
_OUTERMOST: Final = etree.XPath("descendant::ds:Signature[not(ancestor::ds:Signature)]", namespaces={"ds": XMLDSIG})
_MOST_TIMES: Final = 8
"""How often a large document may be brought to canonical form; small parts cost next to nothing."""
_SMALL_PARTS: Final = 1024 * 1024


class SignatureFault(Exception):
    """Why a signature does not hold."""


class SignatureBroken(SignatureFault):
    """What was signed is not what stands there."""


class SignatureUnverifiable(SignatureFault):
    """The signature is of a form or by an algorithm that is not known here, or costs too much."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a part of a document becomes bytes."""

    exclusive: bool = False
    with_comments: bool = False
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One thing that is signed: a part of the document, without some of its signatures, in a form."""

    target: Element
    without: frozenset[int]
    """Positions of the outermost signatures that are left out."""
    form: Form
    algorithm: str
    """By the name that hashlib has for it."""
    digest: bytes


class SignedDocument:
    """A document, and the outermost signatures in it."""

    def __init__(self, root: Element, size: int) -> None:
        self.root = root
        self.signatures = _outermost(root)
        self._left = _SMALL_PARTS + _MOST_TIMES * size

    @cached_property
    def _by_id(self) -> Mapping[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in cast("list[Element]", _WITH_ID(self.root)):
            for value in {element.get(name) for name in _ID_NAMES} - {None}:
                found.setdefault(str(value), []).append(element)
        return found

    def references(self, signature: Element, info: Element) -> Iterator[Reference]:
        """What the SignedInfo of a signature refers to."""
        for element in info.iterchildren(f"{_DS}Reference"):
            without, form = self._transforms(signature, element)
            target = self._target(element.get("URI"))
            if without and target is not self.root:  # it lies in what it signs, and that is not what was read
                raise SignatureBroken
            yield Reference(
                target=target,
                without=without,
                form=form,
                algorithm=_digest_name(element),
                digest=decoded(element.findtext(f"{_DS}DigestValue")),
            )

    def holds(self, reference: Reference) -> bool:
        """Whether the part is as it was signed.

        Two things that no reader reads are no change: a signature that another signer added later, and processing
        instructions around the root, which some signers count in (as they should) and some do not.
        """
        return any(
            hmac.compare_digest(
                hashlib.new(reference.algorithm, octets, usedforsecurity=False).digest(), reference.digest
            )
            for octets in self._sights(reference)
        )

    def octets(self, part: Element | etree._ElementTree, form: Form) -> bytes:
        """The canonical form of a part."""
        try:
            octets = etree.tostring(
                part,
                method="c14n",
                exclusive=form.exclusive,
                with_comments=form.with_comments,
                inclusive_ns_prefixes=list(form.prefixes) or None,
            )
        except etree.C14NError as error:  # of relative namespaces there is no canonical form
            raise SignatureUnverifiable from error
        self._left -= len(octets)
        if self._left < 0:
            raise SignatureUnverifiable
        return octets

    def _sights(self, reference: Reference) -> Iterator[bytes]:
        if reference.target is not self.root:
            yield self.octets(reference.target, reference.form)
            return
        everything = frozenset(range(len(self.signatures)))
        for without in dict.fromkeys((reference.without, everything if reference.without else reference.without)):
            tree = self._copy(without)
            yield self.octets(tree, reference.form)
            if _is_surrounded(self.root):
                yield self.octets(tree.getroot(), reference.form)

    def _copy(self, without: frozenset[int]) -> etree._ElementTree:
        # A copy, because lxml may give other prefixes to what is taken out of a tree and put back. A comment in place
        # of a signature keeps the text around it, and is no part of the canonical form.
        tree = deepcopy(self.root.getroottree())
        for position, signature in enumerate(_outermost(tree.getroot())):
            parent = signature.getparent()
            if position in without and parent is not None:
                comment = etree.Comment("")
                comment.tail = signature.tail
                parent.replace(signature, comment)
        return tree

    def _transforms(self, signature: Element, reference: Element) -> tuple[frozenset[int], Form]:
        without: set[int] = set()
        form: Form | None = None
        for transform in reference.iterfind(f"{_DS}Transforms/{_DS}Transform"):
            if form is not None:  # canonical bytes would have to be parsed again
                raise SignatureUnverifiable
            if transform.get("Algorithm") == _ENVELOPED:
                without.add(self.signatures.index(signature))
            elif _takes_out_signatures(transform):
                without.update(range(len(self.signatures)))
            else:
                form = canonical_form(transform, of_reference=True)
        return frozenset(without), form or Form()

    def _target(self, uri: str | None) -> Element:
        if uri == "":
            return self.root
        if uri is None or not uri.startswith("#") or uri.startswith("#xpointer"):
            raise SignatureUnverifiable
        found = self._by_id.get(uri[1:], [])
        if len(found) != 1:  # none, or a copy slipped in beside what was signed
            raise SignatureBroken
        return found[0]


def canonical_form(method: Element | None, *, of_reference: bool = False) -> Form:
    """The form that a CanonicalizationMethod or a Transform names. A part referred to has no comments (§4.4.3.3)."""
    name, _, fragment = ((method.get("Algorithm") or "") if method is not None else "").partition("#")
    if method is None or name not in _EXCLUSIVE or fragment not in ("", _COMMENTS):
        raise SignatureUnverifiable
    listed = method.find(_INCLUSIVE_PREFIXES) if _EXCLUSIVE[name] else None
    prefixes = (listed.get("PrefixList") or "").split() if listed is not None else ()
    return Form(_EXCLUSIVE[name], fragment == _COMMENTS and not of_reference, tuple(prefixes))


def decoded(text: str | None) -> bytes:
    """Base64 as XML prints it; what is none was not signed by anyone."""
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureBroken from error


def _digest_name(reference: Element) -> str:
    method = reference.find(f"{_DS}DigestMethod")
    name = _DIGESTS.get(method.get("Algorithm") or "") if method is not None else None
    if name is None:
        raise SignatureUnverifiable
    return name


def _takes_out_signatures(transform: Element) -> bool:
    path = transform.find(f"{_DS}XPath")
    if transform.get("Algorithm") != _XPATH or path is None:
        return False
    match = _NO_SIGNATURES.fullmatch(path.text or "")
    return match is not None and path.nsmap.get(match.group(1)) == XMLDSIG


def _outermost(root: Element) -> tuple[Element, ...]:
    return tuple(cast("list[Element]", _OUTERMOST(root)))


def _is_surrounded(root: Element) -> bool:
    return root.getprevious() is not None or root.getnext() is not None
