"""The certificate of an XML signature: whether its key made the signature, when it was valid, and whose it is.

RFC 5280; ETSI EN 319 412-1 §5.1.3 and §5.1.4 for ids as in ``IDCES-…`` and ``VATES-…``. No chain to a trusted root is
built: anybody may write any name into a certificate of his own.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from stdnum.ec import ci
from stdnum.es import nif

from app.modules.imports.formats.signed_references import XMLDSIG, SignatureUnverifiable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303  (vouchers of the SRI and old Facturae are signed with it; it is said to be weak)
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_METHODS: Final = {
    **{f"{_MORE}{kind}-{name}": (kind, name) for kind in ("rsa", "ecdsa") for name in _HASHES},
    **{f"http://www.w3.org/2007/05/xmldsig-more#{name}-rsa-MGF1": ("pss", name) for name in _HASHES},
    f"{XMLDSIG}rsa-sha1": ("rsa", "sha1"),
}
"""By algorithm identifier (RFC 9231): the kind of key and padding, and the digest."""
_MAX_KEY_BITS: Final = 8192
_WEAK_RSA_BITS: Final = 2048
_ODD_CERTIFICATE: Final = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_PRIVATE_ARC: Final = "1.3.6.1.4.1."
"""Ecuadorian issuers state RUC and cédula in extensions of their own, Spanish ones in names of their own."""
_PRINTED: Final = re.compile(rb"[ -~]{8,}")
_SPANISH_ID: Final = re.compile(r"(?<!\d)(?:[A-HJ-NP-SU-Z]\d{7}[0-9A-J]|[KLMXYZ]\d{7}[A-Z]|\d{8}[A-Z])(?![0-9A-Z])")
_ECUADORIAN_ID: Final = re.compile(r"(?<!\d)\d{10}(?:\d{2}[1-9])?(?![0-9A-Z])")
_CEDULA_LENGTH: Final = 10
_RUC_LENGTH: Final = 13
_ANY_ZONE: Final = timedelta(hours=14)


class SigningCertificate:
    """One X.509 certificate. Raises ``SignatureUnverifiable`` where it cannot be read."""

    def __init__(self, der: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library deplores in old certificates is nobody's concern here
            try:
                certificate = x509.load_der_x509_certificate(der)
                self._key: CertificatePublicKeyTypes = certificate.public_key()
                self._valid = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
                self._texts = " ".join(_texts(certificate)).upper()
            except _ODD_CERTIFICATE as error:
                raise SignatureUnverifiable from error

    @property
    def is_weak(self) -> bool:
        return isinstance(self._key, rsa.RSAPublicKey) and self._key.key_size < _WEAK_RSA_BITS

    def signed(self, octets: bytes, signature: bytes, method: str) -> bool:
        """Whether the certificate's key made the signature of these bytes by the method (an algorithm identifier)."""
        kind, name = _METHODS.get(method, ("", ""))
        if not kind:
            raise SignatureUnverifiable
        try:
            _verify(self._key, kind, _HASHES[name], signature, octets)
        except InvalidSignature:
            return False
        except (ValueError, UnsupportedAlgorithm) as error:
            raise SignatureUnverifiable from error
        return True

    def was_valid(self, stated: str | None) -> bool:
        """At the time that the signature states; true when it states none."""
        try:
            time = datetime.fromisoformat((stated or "").strip())
        except ValueError:
            return True
        slack = timedelta(0) if time.tzinfo else _ANY_ZONE
        at = time if time.tzinfo else time.replace(tzinfo=UTC)
        return self._valid[0] - at <= slack and at - self._valid[1] <= slack

    def is_of_another(self, tax_ids: Collection[str]) -> bool:
        """Whether the subject states tax ids and none is among the given ones. The cédula in a RUC counts as it."""
        stated = {*filter(nif.is_valid, _SPANISH_ID.findall(self._texts)), *_ecuadorian_ids(self._texts)}
        return bool(stated and tax_ids) and not any(self._states(tax_id) for tax_id in tax_ids)

    def _states(self, tax_id: str) -> bool:
        number = re.sub(r"^[A-Z]{2}(?=.{9})", "", tax_id)  # a VAT number without its country
        person = number[:_CEDULA_LENGTH] if len(number) == _RUC_LENGTH and number.isdigit() else number
        compact = re.sub(r"[^0-9A-Z]", "", self._texts)
        return number in compact or person in compact


def is_weak_method(method: str) -> bool:
    """Whether the method digests with SHA-1."""
    return _METHODS.get(method, ("", ""))[1] == "sha1"


def _verify(
    key: CertificatePublicKeyTypes, kind: str, digest: hashes.HashAlgorithm, signature: bytes, octets: bytes
) -> None:
    if isinstance(key, rsa.RSAPublicKey) and kind in ("rsa", "pss"):
        if key.key_size > _MAX_KEY_BITS:
            raise SignatureUnverifiable
        padding = PKCS1v15() if kind == "rsa" else PSS(mgf=MGF1(digest), salt_length=digest.digest_size)
        key.verify(signature, octets, padding, digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
        size = (key.key_size + 7) // 8
        if len(signature) != 2 * size:  # XML Signature §6.4.3: r and s one after the other
            raise InvalidSignature
        r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
        key.verify(encode_dss_signature(r, s), octets, ec.ECDSA(digest))
    else:
        raise InvalidSignature


def _texts(certificate: x509.Certificate) -> Iterator[str]:
    """All that the certificate says of its subject."""
    yield from _name_texts(certificate.subject)
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            for name in extension.value.get_values_for_type(x509.DirectoryName):
                yield from _name_texts(name)
        elif _is_private(extension.oid) and isinstance(extension.value, x509.UnrecognizedExtension):
            yield from (run.decode("ascii") for run in _PRINTED.findall(extension.value.value))


def _is_private(oid: x509.ObjectIdentifier) -> bool:
    return oid.dotted_string.startswith(_PRIVATE_ARC)


def _name_texts(name: x509.Name) -> Iterator[str]:
    for attribute in name:
        value = attribute.value
        yield value if isinstance(value, str) else value.decode("latin-1")


def _ecuadorian_ids(texts: str) -> Iterator[str]:
    for number in _ECUADORIAN_ID.findall(texts):
        company = len(number) == _RUC_LENGTH and number[2] in "69"
        if company or ci.is_valid(number[:_CEDULA_LENGTH]):
            yield number
