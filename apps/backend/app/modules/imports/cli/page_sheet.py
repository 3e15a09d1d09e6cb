"""Draws a page with the boxes of its fields, and beside it a legend that says what each is.

A number marks a box where nothing is printed; where there is no such place, in the margin added on the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from app.modules.imports.cli.explained import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from app.modules.imports.cli.explained import Explained, Field

    Picture = NDArray[np.uint8]
    Spot = tuple[int, int, int, int]
    """Left, top, right, bottom in pixels."""

COLOURS: Final = {State.PROVEN: (14, 128, 60), State.UNPROVEN: (214, 120, 0), State.CONFLICTING: (206, 24, 40)}
_PAPER: Final = (255, 255, 255)
_INK: Final = (24, 24, 28)
_FAINT: Final = (110, 110, 120)
_TITLE: Final = (30, 58, 120)
_MARGIN: Final = 44
_COLUMN: Final = 560
_INDENT: Final = 40
_TEXT_SIZE: Final = 17
_LINE: Final = 22
_GAP: Final = 9
_TAG_SIZE: Final = 15
_REGULAR, _BOLD = 400, 600
_BLANK: Final = 48
"""Levels of grey that paper without print may spread over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPage:
    """A page as a picture; ``width`` and ``height`` are in the units of the boxes."""

    number: int
    png: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the legend."""

    text: str
    colour: tuple[int, int, int]
    weight: int
    indent: int = 0
    number: int | None = None


def draw_sheet(page: DrawnPage, title: str, documents: Sequence[Explained]) -> bytes:
    """A PNG: the page, its boxes in the colour of their proof state, and the legend."""
    decoded = cv2.imdecode(np.frombuffer(page.png, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    picture = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    fields = [field for document in documents for field in document.on_page(page.number)]
    shown = _with_boxes(np.asarray(picture, np.uint8), page, fields)
    lines = list(_legend(title, page.number, documents))
    columns = max(1, -(-len(lines) * _LINE // max(shown.shape[0] - 2 * _LINE, 1)))
    sheet = _beside(shown, _drawn_legend(lines, columns))
    return bytes(cv2.imencode(".png", sheet[:, :, ::-1])[1].tobytes())


def _with_boxes(picture: Picture, page: DrawnPage, fields: Sequence[Field]) -> Picture:
    blank = _ink_free(picture)
    canvas = np.asarray(cv2.copyMakeBorder(picture, 0, 0, _MARGIN, 0, cv2.BORDER_CONSTANT, value=_PAPER), np.uint8)
    across, down = picture.shape[1] / page.width, picture.shape[0] / page.height
    spots = [_spot(field, across, down) for field in fields]
    taken = list(spots)
    for number, (field, spot) in enumerate(zip(fields, spots, strict=True), 1):
        colour = COLOURS[field.state]
        left, top, right, bottom = spot
        cv2.rectangle(canvas, (left + _MARGIN, top), (right + _MARGIN, bottom), colour, 2, cv2.LINE_AA)
        tag = _tag_spot(blank, spot, taken, str(number)) or _margin_spot(spot, taken, str(number))
        taken.append(tag)
        _draw_tag(canvas, tag, str(number), colour)
    return canvas


def _spot(field: Field, across: float, down: float) -> Spot:
    assert field.evidence is not None
    assert field.evidence.box is not None
    box = field.evidence.box
    return (
        round(box.left * across) - 3, round(box.top * down) - 3, round(box.right * across) + 3,
        round(box.bottom * down) + 3,
    )  # fmt: skip


def _ink_free(picture: Picture) -> NDArray[np.int32]:
    """How many pixels unlike their surroundings lie above and left of each place: a summed table."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.int16)
    paper = cv2.medianBlur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 31).astype(np.int16)
    return np.asarray(cv2.integral((np.abs(grey - paper) > _BLANK).astype(np.uint8)), np.int32)


def _tag_spot(blank: NDArray[np.int32], spot: Spot, taken: Iterable[Spot], text: str) -> Spot | None:
    """A place beside the box where nothing is printed and no other box or number stands."""
    width, height = _tag_measure(text)
    left, top, right, bottom = spot
    middle = (top + bottom - height) // 2
    corners = [
        (right + 2, middle), (left - width - 2, middle), (left, top - height - 1), (right - width, top - height - 1),
        (left, bottom + 1), (right - width, bottom + 1), (right + 2, top - height), (left - width, top - height),
    ]  # fmt: skip
    places = ((across, down, across + width, down + height) for across, down in corners)
    others = [each for each in taken if each != spot]
    return next((p for p in places if _is_blank(blank, p) and not any(_meet(p, other) for other in others)), None)


def _margin_spot(spot: Spot, taken: Iterable[Spot], text: str) -> Spot:
    """At the height of the box, below the numbers that stand there already."""
    width, height = _tag_measure(text)
    top = (spot[1] + spot[3] - height) // 2
    place = (-_MARGIN + 4, top, -_MARGIN + 4 + width, top + height)
    for other in sorted(taken, key=lambda each: each[1]):
        if _meet(place, other):
            place = (place[0], other[3] + 1, place[2], other[3] + 1 + height)
    return place


def _tag_measure(text: str) -> tuple[int, int]:
    return 10 * len(text) + 4, _TAG_SIZE + 3


def _is_blank(blank: NDArray[np.int32], place: Spot) -> bool:
    left, top, right, bottom = place[0] - 2, place[1], place[2] + 2, place[3] + 1
    if left < 0 or top < 0 or bottom >= blank.shape[0] or right >= blank.shape[1]:
        return False
    return bool(blank[bottom, right] - blank[top, right] - blank[bottom, left] + blank[top, left] == 0)


def _meet(one: Spot, other: Spot) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _draw_tag(canvas: Picture, tag: Spot, text: str, colour: tuple[int, int, int]) -> None:
    left, top, right, bottom = tag
    cv2.rectangle(canvas, (left + _MARGIN, top), (right + _MARGIN, bottom), colour, -1, cv2.LINE_AA)
    _write(canvas, text, (left + _MARGIN + 2, bottom - 4), _PAPER, _BOLD, size=_TAG_SIZE)


def _legend(title: str, page: int, documents: Sequence[Explained]) -> Iterator[_Line]:
    yield _Line(title, _TITLE, _BOLD)
    yield _Line(" · ".join(State), _FAINT, _REGULAR)
    number = 0
    for document in documents:
        fields = document.on_page(page)
        if not fields and len(documents) > 1:
            continue
        yield _Line(document.doc_type, _TITLE, _BOLD)
        for code in document.findings:
            yield _Line(code, COLOURS[State.CONFLICTING], _REGULAR)
        for field in fields:
            number += 1
            yield from _entry(field, number)


def _entry(field: Field, number: int) -> Iterator[_Line]:
    colour = COLOURS[field.state]
    yield _Line(f"{field.path}: {field.value}", _INK, _BOLD, _INDENT, number)
    evidence = field.evidence
    assert evidence is not None
    confidence = "" if evidence.confidence is None else f" · {evidence.confidence:.2f}"
    proofs = ", ".join(evidence.proofs) or "no proof"
    yield _Line(f"{field.state}: {proofs}{confidence} · {evidence.source}", colour, _REGULAR, _INDENT)
    if evidence.text and evidence.text != field.value:
        yield _Line(f"“{evidence.text}”", _FAINT, _REGULAR, _INDENT)
    for code in field.findings:
        yield _Line(code, colour, _BOLD, _INDENT)


def _drawn_legend(lines: Sequence[_Line], columns: int) -> Picture:
    """The lines in so many columns; an entry is never torn apart."""
    per_column = -(-len(lines) // columns)
    rows: list[list[_Line]] = [[]]
    for line in lines:
        if len(rows[-1]) >= per_column and (line.number is not None or not line.indent):
            rows.append([])
        rows[-1].append(line)
    height = max(sum(_LINE + _GAP * bool(line.number) for line in column) for column in rows) + 2 * _LINE
    legend = np.full((height, _COLUMN * len(rows), 3), _PAPER, np.uint8)
    for index, column in enumerate(rows):
        _draw_column(legend, column, index * _COLUMN + 12)
    return legend


def _draw_column(legend: Picture, lines: Sequence[_Line], left: int) -> None:
    down = _LINE
    for position, line in enumerate(lines):
        if line.number is not None:
            down += _GAP
            state = lines[position + 1].colour
            width, height = _tag_measure(str(line.number))
            cv2.rectangle(legend, (left, down - height + 4), (left + width, down + 4), state, -1)
            _write(legend, str(line.number), (left + 2, down), _PAPER, _BOLD, size=_TAG_SIZE)
        _write(legend, _fitted(line), (left + line.indent, down), line.colour, line.weight)
        down += _LINE


def _fitted(line: _Line) -> str:
    """What fits in the column, with an ellipsis where something is left out."""
    text = "".join(character if character.isprintable() else " " for character in line.text)
    room = _COLUMN - line.indent - 24
    while len(text) > 1 and _width(text, line.weight) > room:
        text = text[: -max(2, len(text) // 12)] + "…"
    return text


def _width(text: str, weight: int) -> int:
    box = cv2.getTextSize((_COLUMN, _LINE), text, (0, 0), cv2.FontFace("sans"), _TEXT_SIZE, weight)
    return int(box[2])


def _write(  # noqa: PLR0913 [a text, its place and its looks]
    canvas: Picture, text: str, origin: tuple[int, int], colour: tuple[int, int, int], weight: int, *,
    size: int = _TEXT_SIZE,
) -> None:  # fmt: skip
    cv2.putText(canvas, text, origin, colour, cv2.FontFace("sans"), size, weight)


def _beside(picture: Picture, legend: Picture) -> Picture:
    height = max(picture.shape[0], legend.shape[0])
    sheet = np.full((height, picture.shape[1] + legend.shape[1], 3), _PAPER, np.uint8)
    sheet[: picture.shape[0], : picture.shape[1]] = picture
    sheet[: legend.shape[0], picture.shape[1] :] = legend
    return sheet
