"""How a printer writes numbers, money and dates: one convention for a whole document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from corpus.chance import Chance

_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": "urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren urriaren "
    "azaroaren abenduaren",
    "en": "January February March April May June July August September October November December",
}
_NUMERIC = ("%d/%m/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d", "bare")
_MARKS = {"dotted": (".", ","), "plain": ("", ","), "spaced": (" ", ","), "english": (",", "."), "bare": ("", ".")}
_MONEY = ("{} €", "{} €", "{}", "{}€", "{} EUR", "€ {}", "{} euros")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """``money`` and ``totalled`` are patterns: in columns the currency is often left out."""

    marks: str
    money: str
    totalled: str
    day: str
    language: str
    percent: str
    trailing_minus: bool = False

    def number(self, value: Decimal, places: int = 2) -> str:
        """With the decimals asked for."""
        thousands, point = _MARKS[self.marks]
        text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", point).replace("\0", thousands)
        if value >= 0:
            return text
        return f"{text}-" if self.trailing_minus else f"-{text}"

    def quantity(self, value: Decimal) -> str:
        """No decimals where there are none."""
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return self.number(value, places)

    def price(self, value: Decimal) -> str:
        return self.number(value)

    def amount(self, value: Decimal) -> str:
        """Money in a column."""
        return self.money.format(self.number(value))

    def total(self, value: Decimal) -> str:
        """Money that stands out."""
        return self.totalled.format(self.number(value))

    def rate(self, value: Decimal) -> str:
        places = 2 if "," in self.percent else max(0, -int(value.normalize().as_tuple().exponent))
        return self.percent.replace(",", "").format(self.number(value, places))

    def date(self, day: date) -> str:
        if self.day == "bare":
            return f"{day.day}/{day.month}/{day.year}"
        if self.day != "worded":
            return day.strftime(self.day)
        month = _MONTHS[self.language].split()[day.month - 1]
        return {
            "eu": f"{day.year}ko {month} {day.day}a",
            "en": f"{month} {day.day}, {day.year}",
            "ca": f"{day.day} {'d’' if month[0] in 'ao' else 'de '}{month} de {day.year}",
        }.get(self.language, f"{day.day} de {month} de {day.year}")


def spanish(chance: Chance, language: str) -> Spelling:
    """As it is written in Spain."""
    marks = chance.weighted({"dotted": 70, "plain": 18, "spaced": 3, "bare": 5, "english": 4})
    return Spelling(
        marks=marks,
        money=chance.choice(("{}", "{}", "{} €", "{}€")),
        totalled=chance.choice(_MONEY),
        language=language,
        day="worded" if chance.likely(0.2) else chance.choice(_NUMERIC),
        percent=chance.choice(("{}%", "{} %", "{},%", "{}")),
        trailing_minus=chance.likely(0.05),
    )


def ecuadorian(chance: Chance) -> Spelling:
    """Points for decimals, dollars."""
    return Spelling(
        marks=chance.weighted({"bare": 80, "english": 20}),
        money="{}",
        totalled=chance.choice(("{}", "{}", "$ {}", "${}")),
        language="es",
        day=chance.choice(("%d/%m/%Y", "%d/%m/%Y", "%Y-%m-%d")),
        percent=chance.choice(("{}%", "{} %")),
    )
