"""Keys, certificates and signatures for tests: XAdES by signxml, and odd forms by hand. All names are invented."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSigner

SAMPLES = Path(__file__).parent / "samples"
SELLER = "B76543214"
INVOICE = (SAMPLES / "facturae" / "exempt.xml").read_bytes()
VOUCHER = (SAMPLES / "sri_xml" / "factura-test-environment-bare.xml").read_bytes()
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = f"{DS}enveloped-signature"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class LenientSigner(XAdESSigner):
    """Signs with SHA-1 too, as vouchers of the SRI are."""

    def check_deprecated_methods(self) -> None:
        pass


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    key: Key,
    *subject: tuple[x509.ObjectIdentifier, str],
    days: tuple[int, int] = (-10, 10),
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """Self-signed, valid between two days counted from now."""
    names = [x509.NameAttribute(oid, value) for oid, value in (subject or ((NameOID.COMMON_NAME, "Firma de prueba"),))]
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(names))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA inventada - NIF Q2826004J")]))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256())


def signed(
    data: bytes = INVOICE,
    key: Key | None = None,
    cert: x509.Certificate | None = None,
    *,
    method: SignatureMethod | None = None,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.CANONICAL_XML_1_0,
    reference: str | None = None,
) -> bytes:
    """XAdES-BES, enveloped, as signxml writes it."""
    key = key or rsa_key()
    usual = SignatureMethod.RSA_SHA256 if isinstance(key, rsa.RSAPrivateKey) else SignatureMethod.ECDSA_SHA256
    signer = LenientSigner(signature_algorithm=method or usual, digest_algorithm=digest, c14n_algorithm=c14n)
    pem = (cert or certificate(key)).public_bytes(Encoding.PEM).decode()
    root = signer.sign(etree.fromstring(data), key=key, cert=pem, reference_uri=reference)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def reference(octets: bytes, uri: str | None = "", transforms: str = f'<Transform Algorithm="{ENVELOPED}"/>') -> str:
    """A Reference to what has these bytes in canonical form."""
    digest = base64.b64encode(hashlib.sha256(octets).digest()).decode()
    attribute = f' URI="{uri}"' if uri is not None else ""
    return (
        f"<Reference{attribute}><Transforms>{transforms}</Transforms>"
        f'<DigestMethod Algorithm="{SHA256}"/><DigestValue>{digest}</DigestValue></Reference>'
    )


def signed_by_hand(
    data: bytes,
    *references: str,
    method: str = RSA_SHA256,
    c14n: str = C14N,
    key_info: str = "",
    prefix: str | None = None,
) -> bytes:
    """The document with a signature of the given references at its end, made with an RSA key."""
    root = etree.fromstring(data)
    declared = f'xmlns="{DS}" xmlns:{prefix}="{DS}"' if prefix else f'xmlns="{DS}"'
    der = base64.b64encode(certificate(rsa_key()).public_bytes(Encoding.DER)).decode()
    key_info = key_info or f"<X509Data><X509Certificate>{der}</X509Certificate></X509Data>"
    placed = etree.fromstring(
        f"{etree.tostring(root).decode().rpartition('</')[0]}<Signature {declared}><SignedInfo>"
        f'<CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="{method}"/>{"".join(references)}'
        f"</SignedInfo><SignatureValue/><KeyInfo>{key_info}</KeyInfo></Signature></{root.prefix}:{etree.QName(root).localname}>"
    )
    info = next(placed.iter(f"{{{DS}}}SignedInfo"))
    octets = etree.tostring(info, method="c14n", exclusive="exc" in c14n)
    value = base64.b64encode(rsa_key().sign(octets, PKCS1v15(), hashes.SHA256()))
    return etree.tostring(placed, encoding="UTF-8", xml_declaration=True).replace(
        b"<SignatureValue/>", b"<SignatureValue>" + value + b"</SignatureValue>"
    )


def canonical(data: bytes) -> bytes:
    return etree.tostring(etree.fromstring(data), method="c14n")
