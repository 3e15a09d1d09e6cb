"""Prints who sends a document and whom it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.paper import BLACK, Column, Ink, Ruling
from corpus.setting import BOLD, SMALL, Frame, Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.facts import Person

_BIG: Final = Ink(size=1.7, bold=True)


def draw_supplier(setting: Setting, frame: Frame) -> float:
    """In the layout's way; returns the bottom."""
    return _SUPPLIERS[setting.layout.supplier](setting, frame)


def draw_buyer(setting: Setting, frame: Frame) -> float:
    """In the layout's way; nothing where there is no buyer."""
    if setting.facts.buyer is None:
        return frame.y
    return _BUYERS[setting.layout.buyer](setting, frame, setting.facts.buyer)


def draw_headed(setting: Setting, frame: Frame, role: str) -> float:
    """A party under the name of its role, as two columns beside each other print them."""
    person = setting.facts.supplier if role == "supplier" else setting.facts.buyer
    if person is None:
        return frame.y
    y = setting.paper.text(frame.x, frame.y, setting.words(role), BOLD)
    setting.paper.rule(frame.x, frame.right - 12, y)
    return setting.paper.lines(frame.x, y + 3, _lines(setting, person))


def draw_centred(setting: Setting, frame: Frame) -> float:
    """The supplier as a letterhead in the middle."""
    person, middle = setting.facts.supplier, frame.x + frame.width / 2
    y = setting.paper.text(middle, frame.y, person.brand or person.name, Ink(size=1.8, bold=True, align="centre"))
    details = [person.name] if person.brand else []
    details += [
        f"{person.street} - {setting.town(person)}",
        f"{setting.words('tax_id')}: {person.tax_id} - {person.phone}",
    ]
    return setting.paper.lines(middle, y, details, Ink(size=0.9, align="centre"))


def draw_brand(setting: Setting, frame: Frame) -> float:
    """Only the sign over the door."""
    person = setting.facts.supplier
    name = person.brand or person.name.split(",")[0].split(" S.")[0]
    return setting.paper.text(frame.x, frame.y, name, Ink(size=2.0, bold=True, colour=setting.layout.accent))


def draw_sender_line(setting: Setting, frame: Frame) -> float:
    """The small line over the window of an envelope."""
    person = setting.facts.supplier
    line = f"{person.name} · {person.street} · {person.postcode} {person.town}"
    y = setting.paper.text(frame.x, frame.y + 40, line, Ink(size=0.7))
    setting.paper.rule(frame.x, frame.x + setting.paper.length(line, Ink(size=0.7)), y)
    return y


def footer_line(setting: Setting) -> str:
    """The supplier as the foot of a page names it."""
    person = setting.facts.supplier
    return (
        f"{person.name} · {setting.words('tax_id')} {person.tax_id} · {person.street}, {person.postcode} {person.town}"
    )


def _lines(setting: Setting, person: Person) -> list[str]:
    found = [person.name, *(setting.paper.wrapped(person.street, 220)), setting.town(person)]
    found.insert(1 if setting.layout.id % 2 else 3, setting.words.labelled("tax_id", person.tax_id))
    if person.country not in {"ES", "EC"}:
        found.append({"DE": "Alemania", "PT": "Portugal", "FR": "Francia", "IT": "Italia"}[person.country])
    return found


def _contact(setting: Setting) -> list[str]:
    person = setting.facts.supplier
    return [f"{setting.words('phone')} {person.phone}", person.email] if person.phone else []


def _plain(setting: Setting, frame: Frame) -> float:
    person = setting.facts.supplier
    y = setting.paper.text(frame.x, frame.y, person.brand, BOLD) if person.brand else frame.y
    return setting.paper.lines(frame.x, y, [*_lines(setting, person), *_contact(setting)])


def _big(setting: Setting, frame: Frame) -> float:
    person = setting.facts.supplier
    y = frame.y
    for line in setting.paper.wrapped(person.brand or person.name, frame.width, _BIG):
        y = setting.paper.text(frame.x, y, line, _BIG)
    lines = _lines(setting, person)[0 if person.brand else 1 :]
    return setting.paper.lines(frame.x, y, [*lines, *_contact(setting)], SMALL)


def _boxed(setting: Setting, frame: Frame) -> float:
    bottom = _plain(setting, Frame(x=frame.x + 6, y=frame.y + 5, width=frame.width - 24)) + 4
    setting.paper.box((frame.x, frame.y, frame.right - 12, bottom))
    return bottom


def _labelled(setting: Setting, frame: Frame) -> float:
    person = setting.facts.supplier
    pairs = [
        ("name", person.name),
        ("tax_id", person.tax_id),
        ("address", person.street),
        ("town", setting.town(person)),
        ("phone", person.phone),
    ]
    return _pairs(setting, frame, pairs)


def _pairs(setting: Setting, frame: Frame, pairs: list[tuple[str, str]]) -> float:
    widest = max(setting.paper.length(setting.words.heading(key), BOLD) for key, _ in pairs) + 8
    y = frame.y
    for key, value in pairs:
        setting.paper.text(frame.x, y, setting.words.heading(key), BOLD)
        y = setting.paper.lines(frame.x + widest, y, setting.paper.wrapped(value, frame.width - widest))
    return y


def _one_line(setting: Setting, frame: Frame) -> float:
    person = setting.facts.supplier
    y = setting.paper.lines(
        frame.x,
        frame.y,
        setting.paper.wrapped(person.name, frame.width, Ink(size=1.3, bold=True)),
        Ink(size=1.3, bold=True),
    )
    line = f"{person.street} - {setting.town(person)} - {setting.words('tax_id')} {person.tax_id} - {setting.words('phone')} {person.phone}"
    return setting.paper.paragraph(frame.x, y, frame.width, line, SMALL)


def _spread(setting: Setting, frame: Frame) -> float:
    """A name in letters set wide apart, details in capitals."""
    person = setting.facts.supplier
    y = setting.paper.lines(
        frame.x, frame.y, setting.paper.wrapped(person.name.upper(), frame.width, Ink(size=1.2)), Ink(size=1.2)
    )
    return setting.paper.lines(frame.x, y, [line.upper() for line in _lines(setting, person)[1:]], SMALL)


def _right(setting: Setting, frame: Frame) -> float:
    y = setting.paper.text(frame.right, frame.y, setting.facts.supplier.name, Ink(size=1.1, bold=True, align="right"))
    return setting.paper.lines(
        frame.right, y, [*_lines(setting, setting.facts.supplier)[1:], *_contact(setting)], Ink(align="right")
    )


def _headed(setting: Setting, frame: Frame, person: Person) -> float:
    y = setting.paper.text(frame.x, frame.y, setting.words.heading("buyer"), BOLD)
    return setting.paper.lines(frame.x, y, _lines(setting, person))


def _buyer_boxed(setting: Setting, frame: Frame, person: Person) -> float:
    setting.paper.text(frame.x + 6, frame.y - 2, setting.words("buyer"), SMALL)
    bottom = setting.paper.lines(frame.x + 6, frame.y + 12, _lines(setting, person)) + 4
    setting.paper.box((frame.x, frame.y + 9, frame.right, bottom))
    return bottom


def _buyer_labelled(setting: Setting, frame: Frame, person: Person) -> float:
    pairs = [
        ("buyer", person.name),
        ("tax_id", person.tax_id),
        ("address", person.street),
        ("town", setting.town(person)),
    ]
    return _pairs(setting, frame, pairs)


def _bare(setting: Setting, frame: Frame, person: Person) -> float:
    y = setting.paper.text(frame.x, frame.y, person.name, BOLD)
    return setting.paper.lines(frame.x, y, [line for line in _lines(setting, person) if line != person.name])


def _inline(setting: Setting, frame: Frame, person: Person) -> float:
    line = f"{setting.words.labelled('buyer', person.name)}   {setting.words.labelled('tax_id', person.tax_id)}"
    if setting.paper.length(line) > frame.width:
        return _buyer_labelled(setting, frame, person)
    y = setting.paper.text(frame.x, frame.y, line)
    return setting.paper.text(
        frame.x, y, setting.words.labelled("address", f"{person.street}, {setting.town(person)}"), BLACK
    )


def _table(setting: Setting, frame: Frame, person: Person) -> float:
    if frame.width < setting.paper.length(person.name) + 120:
        return _buyer_boxed(setting, frame, person)
    columns = [
        Column(heading=setting.words("buyer"), width=frame.width - 110),
        Column(heading=setting.words("tax_id"), width=110),
    ]
    rows = [[person.name, person.tax_id], [f"{person.street}", person.postcode], [person.town, ""]]
    return setting.paper.table(frame.x, frame.y, columns, rows, Ruling(marks=frozenset({"grid"})))


def _rows_right(setting: Setting, frame: Frame, person: Person) -> float:
    ink = Ink(align="right")
    y = setting.paper.text(frame.right, frame.y, setting.words("buyer"), Ink(bold=True, align="right"))
    return setting.paper.lines(frame.right, y, _lines(setting, person), ink)


_SUPPLIERS: Final[dict[str, Callable[[Setting, Frame], float]]] = {
    "plain": _plain,
    "big": _big,
    "boxed": _boxed,
    "labelled": _labelled,
    "one_line": _one_line,
    "spread": _spread,
    "right": _right,
}
_BUYERS: Final[dict[str, Callable[[Setting, Frame, Person], float]]] = {
    "headed": _headed,
    "boxed": _buyer_boxed,
    "labelled": _buyer_labelled,
    "bare": _bare,
    "inline": _inline,
    "table": _table,
    "rows_right": _rows_right,
}
