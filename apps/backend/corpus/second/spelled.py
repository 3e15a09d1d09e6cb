"""Writes amounts and days in the manner of a sample: ``1.234,56 €`` or ``3 de marzo de 2025``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_SAMPLE: Final = re.compile(r"1(?P<thousands>[^2]?)234(?P<point>\D)(?P<cents>\d+)")
_MONTHS: Final = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ca": "de gener,de febrer,de març,d'abril,de maig,de juny,de juliol,d'agost,de setembre,d'octubre,de novembre,de desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren azaroaren abenduaren",
    "en": "January February March April May June July August September October November December",
}


def amount_like(sample: str, value: Decimal) -> str:
    """``amount_like("1.234,56 €", Decimal("7"))`` is ``7,00 €``."""
    shape = _SAMPLE.search(sample)
    assert shape is not None
    text = f"{abs(value):,.{len(shape['cents'])}f}".replace(",", "\0").replace(".", shape["point"])
    text = text.replace("\0", shape["thousands"])
    spelled = sample[: shape.start()] + text + sample[shape.end() :]
    return f"-{spelled}" if value < 0 else spelled


def plain(value: Decimal) -> str:
    """A quantity or a rate without needless zeros, with a comma."""
    return f"{value.normalize():f}".replace(".", ",")


def day_like(sample: str, day: date, language: str = "es") -> str:
    """The marks of strftime, and MONTH or MON for the month's name."""
    names = _MONTHS[language]
    month = names.split("," if "," in names else " ")[day.month - 1]
    text = sample.replace("MONTH", month).replace("MON", month[:3].upper()).replace("%e", str(day.day))
    return day.strftime(text)
