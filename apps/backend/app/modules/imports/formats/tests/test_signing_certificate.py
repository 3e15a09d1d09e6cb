"""Whose a certificate is, by the ids that issuers in Spain and Ecuador write into it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from app.modules.imports.formats.signed_references import SignatureUnverifiable
from app.modules.imports.formats.signing_certificate import SigningCertificate
from app.modules.imports.formats.tests import signed_samples as made

ENTITY, PERSON = "B76543214", "12345678Z"
RUC, CEDULA = "1790123456001", "1712345675"
DER = made.certificate(
    made.ec_key(),
    (NameOID.SERIAL_NUMBER, f"IDCES-{PERSON}"),
    extensions=(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.37746.3.11"), RUC.encode()),),
).public_bytes(Encoding.DER)


def of(*subject: tuple[x509.ObjectIdentifier, str], extension: x509.ExtensionType | None = None) -> SigningCertificate:
    extensions = (extension,) if extension else ()
    made_one = made.certificate(made.ec_key(), *subject, extensions=extensions)
    return SigningCertificate(made_one.public_bytes(Encoding.DER))


@pytest.mark.parametrize(
    ("oid", "text", "tax_id"),
    [
        (NameOID.SERIAL_NUMBER, f"IDCES-{PERSON}", PERSON),
        (NameOID.SERIAL_NUMBER, PERSON, PERSON),
        (NameOID.SERIAL_NUMBER, ENTITY, ENTITY),
        (NameOID.ORGANIZATION_IDENTIFIER, f"VATES-{ENTITY}", f"ES{ENTITY}"),
        (NameOID.COMMON_NAME, f"{PERSON} ANA INVENTADA (R: {ENTITY})", ENTITY),
        (NameOID.COMMON_NAME, f"ENTIDAD FICTICIA - CIF {ENTITY}", ENTITY),
        (NameOID.COMMON_NAME, "INVENTADA PEREZ ANA - NIF 12.345.678-Z", PERSON),
        (NameOID.SERIAL_NUMBER, f"{CEDULA}-010124103055", f"{CEDULA}001"),
        (NameOID.SERIAL_NUMBER, "VATPT-501964843", "PT501964843"),
        (x509.ObjectIdentifier("1.3.6.1.4.1.17326.30.3"), ENTITY, ENTITY),
    ],
)
def test_an_id_in_the_subject_is_found(oid: x509.ObjectIdentifier, text: str, tax_id: str) -> None:
    assert not of((oid, text)).is_of_another([tax_id])


@pytest.mark.parametrize(
    ("oid", "text"),
    [
        (NameOID.SERIAL_NUMBER, f"IDCES-{PERSON}"),
        (NameOID.ORGANIZATION_IDENTIFIER, f"VATES-{ENTITY}"),
        (NameOID.COMMON_NAME, f"ENTIDAD FICTICIA - CIF {ENTITY}"),
        (NameOID.SERIAL_NUMBER, f"{CEDULA}-010124103055"),
        (NameOID.COMMON_NAME, f"RUC {RUC}"),
    ],
)
def test_an_id_of_another_is_noticed(oid: x509.ObjectIdentifier, text: str) -> None:
    assert of((oid, text)).is_of_another(["A28015865", "0990000000001"])


@pytest.mark.parametrize("text", ["Firma de prueba", "0000123456", "20240101123456", "12345678A", "REF 1234567890"])
def test_a_subject_that_states_no_tax_id_is_nobody_else(text: str) -> None:
    assert not of((NameOID.COMMON_NAME, text)).is_of_another([ENTITY])


def test_the_ids_in_extensions_count() -> None:
    private = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.37746.3.11"), b"\x0c\x0d" + RUC.encode())
    directory = x509.Name([x509.NameAttribute(x509.ObjectIdentifier("1.3.6.1.4.1.5734.1.7"), f"VATES-{ENTITY}")])
    alternative = x509.SubjectAlternativeName([x509.DirectoryName(directory)])
    cedula = (NameOID.SERIAL_NUMBER, CEDULA)
    assert not of(cedula, extension=private).is_of_another([RUC])
    assert of(cedula).is_of_another([RUC])
    assert not of((NameOID.SERIAL_NUMBER, PERSON), extension=alternative).is_of_another([ENTITY])


@pytest.mark.parametrize(
    ("stated", "valid"),
    [
        (None, True),
        ("yesterday", True),
        ("2000-01-01T00:00:00Z", False),
        ("2000-01-01T00:00:00", False),
        ("9999-12-31T23:59:59.1234567-05:00", False),
    ],
)
def test_validity_is_judged_at_the_stated_time(stated: str | None, valid: bool) -> None:  # noqa: FBT001  (a column)
    assert of().was_valid(stated) is valid


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(DER) - 1), st.binary(min_size=1, max_size=3)), min_size=1, max_size=4))
def test_a_damaged_certificate_is_read_or_unverifiable(damage: list[tuple[int, bytes]]) -> None:
    der = bytearray(DER)
    for at, octets in damage:
        der[at : at + len(octets)] = octets
    with suppress(SignatureUnverifiable):
        assert SigningCertificate(bytes(der)).is_of_another([PERSON]) in (True, False)
