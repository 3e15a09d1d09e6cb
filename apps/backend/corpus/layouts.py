"""The layouts of full pages: each id is one fixed composition of independent choices; a third is held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.chance import Chance
from corpus.paper import Ruling, Typeface

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNT: Final = 120
_FACES: Final = (
    Typeface(family="Helvetica", size=9),
    Typeface(family="Helvetica", size=10),
    Typeface(family="Helvetica", size=8, stretch=88),
    Typeface(family="Times-Roman", size=10.5),
    Typeface(family="Times-Roman", size=9.5, stretch=108, leading=1.15),
    Typeface(family="Courier", size=8.5, stretch=92),
    Typeface(family="Vera", size=8),
    Typeface(family="Vera", size=7.2, leading=1.45),
    Typeface(family="Helvetica", size=9, leading=1.6),
    Typeface(family="Vera", size=8.5, stretch=85),
)
_ACCENTS: Final = ((0.1, 0.25, 0.5), (0.25, 0.25, 0.25), (0.5, 0.1, 0.1), (0.05, 0.4, 0.3), (0.35, 0.2, 0.45))
_PAPERS: Final = ("a4", "a4", "a4", "a4", "a4", "letter", "landscape")
ARRANGEMENTS: Final = (
    "classic",
    "mirror",
    "letterhead",
    "window",
    "beside",
    "centred",
    "brand",
    "strip",
    "meta_first",
    "*sidebar",
    "*footer_supplier",
    "*buyer_first",
)
SUPPLIERS: Final = ("plain", "big", "boxed", "labelled", "one_line", "*spread", "*right")
BUYERS: Final = ("headed", "boxed", "labelled", "bare", "inline", "*table", "*rows_right")
METAS: Final = ("rows", "table", "stacked", "title_number", "column", "sentence", "*boxed_table", "*dated_letter")
TOTALS: Final = (
    "right",
    "right_boxed",
    "left",
    "bottom_table",
    "tax_table",
    "spread",
    "stacked",
    "lines_full",
    "*sentence",
    "*grid",
    "*reversed",
)
COLUMNS: Final = (
    ("description", "quantity", "price", "amount"),
    ("quantity", "description", "price", "amount"),
    ("code", "description", "quantity", "price", "discount", "amount"),
    ("code", "description", "quantity", "price", "rate", "amount"),
    ("description", "amount"),
    ("description", "quantity", "unit", "price", "discount", "amount", "rate"),
    ("description", "price", "quantity", "rate", "amount"),
    ("code", "quantity", "description", "price", "amount"),
)
HELD_OUT_COLUMNS: Final = (
    ("quantity", "unit", "code", "description", "price", "amount"),
    ("description", "rate", "quantity", "price", "discount", "amount"),
)
RULINGS: Final = (
    "grid",
    "head",
    "head rows",
    "",
    "dark",
    "dark zebra",
    "dark rows",
    "head plain",
    "grid dark",
    "upright head",
    "rows plain",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything about a page that does not hang on what it states."""

    id: int
    paper: str
    face: Typeface
    arrangement: str
    supplier: str
    buyer: str
    meta: str
    columns: tuple[str, ...]
    ruling: Ruling
    totals: str
    accent: tuple[float, float, float]
    at_bottom: bool
    """Totals stand at the foot of the page rather than right under the lines."""
    carries: bool
    """A page that is full says what was summed up so far."""
    register: bool
    held_out: bool

    @property
    def prints_bases(self) -> bool:
        """Beside the tax of each rate stands what it is on."""
        return self.id % 3 != 1

    @property
    def name(self) -> str:
        return f"page{self.id:02}"


def is_held_out(number: int) -> bool:
    """Every third layout of any kind is kept back from training."""
    return number % 3 == 2  # noqa: PLR2004  (a third)


def layout_of(number: int) -> Layout:
    """The same for ever."""
    chance, held_out = Chance(f"layout {number}"), is_held_out(number)

    def pick(choices: Sequence[str]) -> str:
        return _pick(chance, choices, held_out=held_out)

    accent = chance.choice(_ACCENTS)
    return Layout(
        id=number,
        held_out=held_out,
        paper=chance.choice(_PAPERS),
        face=chance.choice(_FACES),
        accent=accent,
        arrangement=pick(ARRANGEMENTS),
        supplier=pick(SUPPLIERS),
        buyer=pick(BUYERS),
        meta=pick(METAS),
        totals=pick(TOTALS),
        columns=chance.choice(HELD_OUT_COLUMNS if held_out and chance.likely(0.5) else COLUMNS),
        ruling=Ruling(marks=frozenset(chance.choice(RULINGS).split()), accent=accent),
        at_bottom=chance.likely(0.35),
        carries=chance.likely(0.4),
        register=chance.likely(0.3),
    )


def _pick(chance: Chance, choices: Sequence[str], *, held_out: bool) -> str:
    """Held-out layouts take choices that no other layout has, every other time."""
    kept = [each for each in choices if each.startswith("*")]
    if held_out and chance.likely(0.5):
        return chance.choice(kept)[1:]
    return chance.choice([each for each in choices if not each.startswith("*")])
