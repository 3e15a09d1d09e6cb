"""What the QR codes of Spanish invoices state: VERI*FACTU (Orden HAC/1177/2024, art. 21; AEAT QR specification 0.5.0)
and TicketBAI (Araba, Bizkaia, Gipuzkoa; TicketBAI specification 1.2, sections 4.3.2 and 4.3.3).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from app.modules.imports.countries.es_tax_ids import tax_id
from app.modules.imports.domain.country import FiscalCode

if TYPE_CHECKING:
    from collections.abc import Mapping

_AEAT_HOSTS: Final = (".agenciatributaria.gob.es", ".aeat.es")
_VERIFACTU_PATHS: Final = {
    "/wlpl/tike-cont/validarqr": "verifactu",
    "/wlpl/tike-cont/validarqrnoverifactu": "verifactu_no_verificable",
}
_TICKETBAI_HOSTS: Final = ("batuz.eus", ".araba.eus", ".gipuzkoa.eus")
_TEST_HOST: Final = re.compile(r"\bpre|\.prep\.|-prep\.|prueb|prues")
_TICKETBAI_ID: Final = re.compile(r"TBAI-(?P<nif>[0-9A-Z]{9})-(?P<date>[0-9]{6})-[^\s-]{13}-(?P<crc>[0-9]{3})")
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,2})?")
_LONGEST: Final = 600
_CRC_POLYNOMIAL: Final = 0x07


def read_verifactu(text: str) -> FiscalCode | None:
    """An AEAT verification address; its NIF proves itself, date and amount by their form."""
    url = _address(text)
    name = _VERIFACTU_PATHS.get(url.path.rstrip("/").lower()) if url and _at(url, _AEAT_HOSTS) else None
    if url is None or name is None:
        return None
    stated = _parameters(url)
    nif, issued, amount = tax_id(stated.get("nif", "")), _day(stated, "%d-%m-%Y"), _amount(stated.get("importe", ""))
    number = stated.get("numserie", "").strip()
    if nif is None or issued is None or amount is None or not number:
        return None
    fields = {"supplier.tax_id": nif, "invoice_number": number, "issue_date": issued, "totals.gross": amount}
    return FiscalCode(name=name, fields={**fields, **_environment(url)})


def read_ticketbai(text: str) -> FiscalCode | None:
    """A TicketBAI identifier, or the QR address that holds one; each carries a CRC-8 that must hold.

    An address whose own CRC fails (it was re-encoded on the way) still proves its identifier, and only that.
    """
    url = _address(text)
    if url is None:
        identifier = _identifier(text.strip())
        return FiscalCode(name="ticketbai", fields=identifier) if identifier else None
    if not _at(url, _TICKETBAI_HOSTS):
        return None
    stated = _parameters(url)
    identifier = _identifier(stated.get("id", ""))
    if not identifier:
        return None
    rest = _ticketbai_rest(stated) if _address_holds(text.strip()) else {}
    return FiscalCode(name="ticketbai", fields={**identifier, **rest, **_environment(url)})


def crc8(text: str) -> int:
    """CRC-8 with polynomial 0x07 and initial value 0."""
    crc = 0
    for byte in text.encode():
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ _CRC_POLYNOMIAL) & 0xFF if crc & 0x80 else crc << 1
    return crc


def _address(text: str) -> SplitResult | None:
    if len(text) > _LONGEST or not text.strip().lower().startswith(("https://", "http://")):
        return None
    try:
        return urlsplit(text.strip())
    except ValueError:
        return None


def _at(url: SplitResult, hosts: tuple[str, ...]) -> bool:
    return f".{url.hostname or ''}".endswith(tuple(host if host.startswith(".") else f".{host}" for host in hosts))


def _parameters(url: SplitResult) -> Mapping[str, str]:
    return {name.lower(): value for name, value in parse_qsl(url.query, keep_blank_values=True)}


def _environment(url: SplitResult) -> Mapping[str, str]:
    return {"environment": "test"} if _TEST_HOST.search(url.hostname or "") else {}


def _day(stated: Mapping[str, str], form: str) -> str | None:
    try:
        return datetime.strptime(stated.get("fecha", ""), form).date().isoformat()  # noqa: DTZ007 [a day has no zone]
    except ValueError:
        return None


def _amount(text: str) -> str | None:
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        return f"{Decimal(text.replace(',', '.')):f}"
    except InvalidOperation:
        return None


def _identifier(text: str) -> dict[str, str]:
    match = _TICKETBAI_ID.fullmatch(text)
    if match is None or crc8(text[:-3]) != int(match["crc"]) or tax_id(match["nif"]) is None:
        return {}
    day, month, year = (int(match["date"][at : at + 2]) for at in (0, 2, 4))
    try:
        issued = date(2000 + year, month, day)
    except ValueError:
        return {}
    return {"supplier.tax_id": match["nif"], "issue_date": issued.isoformat()}


def _address_holds(text: str) -> bool:
    address, _, crc = text.rpartition("&cr=")
    return crc.isascii() and crc.isdigit() and crc8(address) == int(crc)


def _ticketbai_rest(stated: Mapping[str, str]) -> dict[str, str]:
    series, number, amount = stated.get("s", "").strip(), stated.get("nf", "").strip(), _amount(stated.get("i", ""))
    pairs = {"invoice_series": series, "invoice_number": number, "totals.gross": amount or ""}
    return {path: value for path, value in pairs.items() if value}
