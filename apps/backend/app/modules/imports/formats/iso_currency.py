"""ISO 4217: the alphabetic code that goes with the number in bank records. https://www.six-group.com (list one)."""

from __future__ import annotations

_BY_NUMBER = {
    "032": "ARS",
    "036": "AUD",
    "044": "BSD",
    "068": "BOB",
    "124": "CAD",
    "152": "CLP",
    "156": "CNY",
    "170": "COP",
    "188": "CRC",
    "191": "HRK",
    "203": "CZK",
    "208": "DKK",
    "214": "DOP",
    "218": "ECS",
    "320": "GTQ",
    "340": "HNL",
    "344": "HKD",
    "348": "HUF",
    "352": "ISK",
    "356": "INR",
    "376": "ILS",
    "392": "JPY",
    "410": "KRW",
    "484": "MXN",
    "504": "MAD",
    "554": "NZD",
    "558": "NIO",
    "578": "NOK",
    "590": "PAB",
    "600": "PYG",
    "604": "PEN",
    "643": "RUB",
    "682": "SAR",
    "702": "SGD",
    "710": "ZAR",
    "724": "ESP",
    "752": "SEK",
    "756": "CHF",
    "764": "THB",
    "784": "AED",
    "818": "EGP",
    "826": "GBP",
    "840": "USD",
    "858": "UYU",
    "928": "VES",
    "941": "RSD",
    "946": "RON",
    "949": "TRY",
    "975": "BGN",
    "978": "EUR",
    "980": "UAH",
    "985": "PLN",
    "986": "BRL",
}


def alphabetic_code(code: str) -> str | None:
    """``978`` → ``EUR``; an alphabetic code stays as it is; None for what is neither."""
    if len(code) == len("EUR") and code.isascii() and code.isalpha():
        return code.upper()
    return _BY_NUMBER.get(code)
