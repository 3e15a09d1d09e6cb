"""Reads values out of one XML document and keeps, for each, where it stands and how it is printed there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from app.modules.imports.domain.canonical import Evidence, Proof
from app.modules.imports.formats.printed_values import decimal_value, iso_date, one_line
from app.modules.imports.formats.xml import Element, find, find_all, text_of
from app.modules.imports.formats.xml_places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from decimal import Decimal

    from app.modules.imports.domain.canonical import CanonicalDocument

T = TypeVar("T")


class XmlReading:
    """One document being read. A value that is absent or malformed stays absent; if it had to be there, or is
    malformed, ``schema_invalid`` is found and the reading goes on.
    """

    def __init__(
        self,
        findings: tuple[str, ...] = (),
        *,
        date_form: Callable[[str], date | None] = iso_date,
        places: Places | None = None,
    ) -> None:
        self.evidence: dict[str, Evidence] = {}
        self.places = places or Places()
        self._findings = dict.fromkeys(findings)
        self._date_form = date_form

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(self._findings)

    def note(self, code: str) -> None:
        """Records what the source contradicts; once is enough."""
        self._findings[code] = None

    def text(self, at: Element, path: str, field: str = "", *, required: bool = False) -> str | None:
        """Text on one line."""
        return self._value(find(at, path), one_line, field, required=required)

    def amount(self, at: Element, path: str, field: str = "", *, required: bool = False) -> Decimal | None:
        return self._value(find(at, path), decimal_value, field, required=required)

    def amount_of(self, element: Element, field: str = "") -> Decimal | None:
        """The amount that stands in the element itself."""
        return self._value(element, decimal_value, field, required=False)

    def day(self, at: Element, path: str, field: str = "", *, required: bool = False) -> date | None:
        return self._value(find(at, path), self._date_form, field, required=required)

    def only_day(self, at: Element, paths: Sequence[str], field: str = "") -> date | None:
        """The date that the paths state, if they state exactly one."""
        found = [element for path in paths for element in find_all(at, path)]
        days = {self._value(element, self._date_form, "", required=False) for element in found} - {None}
        if len(days) != 1:
            return None
        self.prove(field, found[0])
        return days.pop()

    def day_until(self, at: Element, paths: Sequence[str], last: date | None, field: str = "") -> date | None:
        """The only date, unless it is after ``last``: what is billed ahead has not been supplied by then."""
        day = self.only_day(at, paths)
        return self.only_day(at, paths, field) if day is not None and last is not None and day <= last else None

    def currency(self, at: Element, path: str, amount: Element | None) -> str | None:
        """The currency that is stated, else the one that an amount is in."""
        stated = self.text(at, path, "currency", required=amount is None or not amount.get("currencyID"))
        if stated is not None or amount is None:
            return stated
        self.prove("currency", amount)
        return amount.get("currencyID") or None

    def formed(self, at: Element, path: str, form: Callable[[str], T | None], field: str = "") -> T | None:
        """The first value that has the form; others need not have it, and are silently not there."""
        for element in find_all(at, path):
            printed = text_of(element)
            value = form(printed) if printed else None
            if value is not None:
                self.prove(field, element)
                return value
        return None

    def prove(self, field: str, element: Element | None) -> None:
        """Says that the field's value is stated (or follows from what is stated) at the element."""
        if not field or element is None or field in self.evidence:
            return
        self.evidence[field] = Evidence(
            source="xml", path=self.places.of(element), text=text_of(element), proofs=(Proof.STRUCTURED,)
        )

    def finish(self, document: CanonicalDocument) -> CanonicalDocument:
        """The document with the evidence and the findings of its reading."""
        return replace(document, evidence=self.evidence, findings=self.findings)

    def _value(
        self, element: Element | None, form: Callable[[str], T | None], field: str, *, required: bool
    ) -> T | None:
        printed = text_of(element)
        value = form(printed) if printed else None
        if value is None and (printed or required):
            self.note("schema_invalid")
        if value is not None:
            self.prove(field, element)
        return value
