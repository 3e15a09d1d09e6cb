"""How well pages are read in layouts that no rule was written from: ``python -m corpus.evaluate [--each N] [--seed S]``.

Generates documents, reads them as an import would, and compares. Prints whole documents and single fields per layout, what the
gate would publish without a person, and how far the layouts lie apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.modules.imports.cli.extracting import extract_files
from app.modules.imports.countries.judging import judge
from app.modules.imports.domain.canonical_json import from_json
from app.modules.imports.domain.country import RuleContext
from app.modules.imports.domain.finding import Severity
from app.modules.imports.fields.proofs import missing_proofs, unproven_values
from app.modules.imports.plugins import destinations
from corpus.generating import write_corpus
from corpus.scoring import Verdict, is_whole, score
from corpus.second.photographed import photograph_all
from corpus.second.writing import BY_FAMILY, half_of, write_second

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HALVES: Final = ("a", "b")
_LINES: Final = frozenset({"lines", "lines_count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One document: its layout, the verdict on each field, and whether it would go out without a person."""

    layout: str
    path: str
    verdicts: Mapping[str, Verdict]
    published: bool
    left_out: frozenset[str] = frozenset()
    """Fields read without a proof, which the document goes out without."""

    @property
    def values_published(self) -> Mapping[str, Verdict]:
        """All values that go out but the lines."""
        held = _LINES | self.left_out
        return {
            field: verdict
            for field, verdict in self.verdicts.items()
            if self.published and field not in held and verdict is not Verdict.MISSING
        }


def main(arguments: Sequence[str]) -> int:
    """The command."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = _written(folder, asked)
        readings = read_all(files, folder, _buyers_of(files) if asked.own else ())
    sys.stdout.write(f"{report(readings, by_layout=asked.layouts)}\n")
    if asked.misses:
        sys.stdout.writelines(_misses(readings))
    return 0


def read_all(files: Sequence[Path], base: Path, own: Sequence[str] = ()) -> list[Reading]:
    """Every file read by the production reader, for a tenant with these tax ids, and compared with its truth."""
    readings = []
    for path, line in zip(files, extract_files(files, base, own), strict=True):
        truth = json.loads(path.with_name(f"{path.name}.truth.json").read_text(encoding="utf-8"))
        if "totals" not in truth:  # papers and statements: nothing of an invoice to compare
            continue
        read = line.get("prediction") or {}
        layout = path.parent.name if path.parent != base else path.name.split("-")[1]
        readings.append(
            Reading(
                layout=layout,
                path=line["path"],
                verdicts=score(truth, read),
                published=goes_out(read),
                left_out=frozenset(unproven_values(from_json(read))) if "doc_type" in read else frozenset(),
            ),
        )
    return readings


def goes_out(read: Mapping[str, Any]) -> bool:
    """Whether rules and proofs let the document out without a person, as the stage Validate decides it."""
    if "doc_type" not in read:
        return False
    document = from_json(read)
    context = RuleContext(today=datetime.now(UTC).date(), own_tax_ids=frozenset())
    blocked = any(finding.severity is Severity.BLOCKS for finding in judge(document, context, country="ES"))
    accepted = any(document.doc_type in destination.accepts for destination in destinations().values())
    return accepted and not blocked and not missing_proofs(document)


def report(readings: Sequence[Reading], *, by_layout: bool) -> str:
    """The figures in words and columns."""
    layouts = sorted({each.layout for each in readings})
    rates = {layout: _rate(each for each in readings if each.layout == layout) for layout in layouts}
    spread = sorted(rates.values())
    published = [each for each in readings if each.published]
    values = [verdict for each in published for verdict in each.values_published.values()]
    kept_back = [each.verdicts[field] for each in published for field in each.left_out & each.verdicts.keys()]
    wrong = values.count(Verdict.WRONG)
    flawless = sum(rate == 1 for rate in spread)
    out = [
        f"{len(readings)} documents in {len(layouts)} layouts",
        f"whole documents right        {100 * _rate(readings):5.1f} %",
        f"layout by layout             min {100 * spread[0]:.1f} %, median {100 * statistics.median(spread):.1f} %",
        f"layouts without a miss       {flawless} of {len(layouts)}",
        f"published without a person   {100 * len(published) / len(readings):5.1f} %",
        f"whole and right among these  {100 * _rate(published):5.1f} %",
        f"wrong values published       {wrong} of {len(values)}",
        f"left out for want of a proof {kept_back.count(Verdict.RIGHT)} right, {kept_back.count(Verdict.WRONG)} wrong",
        "",
        f"{'field':28}{'stated':>8}{'right':>8}{'wrong':>8}{'missing':>9}{'right %':>9}",
        *_field_rows(readings),
    ]
    if by_layout:
        out += ["", f"{'layout':28}{'whole %':>9}{'published %':>13}{'fields %':>10}"]
        out += [_layout_row(layout, [each for each in readings if each.layout == layout]) for layout in layouts]
    return "\n".join(out)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="corpus.evaluate", description=__doc__)
    parser.add_argument("--family", choices=("first", *BY_FAMILY), default="second", help="which generator")
    parser.add_argument("--half", choices=_HALVES, help="one half of the second family; b is kept sealed")
    parser.add_argument(
        "--each", type=int, default=2, help="documents per layout; of the first family ten times as many in all"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same documents")
    parser.add_argument("--photographs", action="store_true", help="as photographs and scans instead of PDFs")
    parser.add_argument("--own", action="store_true", help="for a tenant that has told its own tax ids: all buyers'")
    parser.add_argument("--layouts", action="store_true", help="a line for each layout")
    parser.add_argument("--misses", action="store_true", help="each field that was not read right")
    return parser.parse_args(arguments)


def _written(folder: Path, asked: argparse.Namespace) -> list[Path]:
    if asked.family == "first":
        return write_corpus(folder, 10 * asked.each, asked.seed, held_out=True, photographs=0)
    chosen = [name for name in BY_FAMILY[asked.family] if asked.half in (None, half_of(name))]
    files = write_second(folder, asked.each, asked.seed, chosen)
    return photograph_all(files, asked.seed) if asked.photographs else files


def _buyers_of(files: Iterable[Path]) -> list[str]:
    truths = (json.loads(path.with_name(f"{path.name}.truth.json").read_text(encoding="utf-8")) for path in files)
    return sorted({truth["buyer"]["tax_id"] for truth in truths if "tax_id" in truth.get("buyer", {})})


def _rate(readings: Iterable[Reading]) -> float:
    whole = [is_whole(each.verdicts) for each in readings]
    return sum(whole) / len(whole) if whole else 0.0


def _field_rows(readings: Sequence[Reading]) -> list[str]:
    fields: dict[str, Counter[Verdict]] = {}
    for each in readings:
        for field, verdict in each.verdicts.items():
            fields.setdefault(field, Counter())[verdict] += 1
    return [
        f"{field:28}{seen.total():8}{seen[Verdict.RIGHT]:8}{seen[Verdict.WRONG]:8}{seen[Verdict.MISSING]:9}"
        f"{100 * seen[Verdict.RIGHT] / seen.total():9.1f}"
        for field, seen in fields.items()
    ]


def _layout_row(layout: str, readings: Sequence[Reading]) -> str:
    verdicts = [verdict for each in readings for verdict in each.verdicts.values()]
    out = sum(each.published for each in readings) / len(readings)
    right = verdicts.count(Verdict.RIGHT) / len(verdicts)
    return f"{layout:28}{100 * _rate(readings):9.1f}{100 * out:13.1f}{100 * right:10.1f}"


def _misses(readings: Sequence[Reading]) -> Iterable[str]:
    for each in readings:
        bad = [f"{field} {verdict}" for field, verdict in each.verdicts.items() if verdict is not Verdict.RIGHT]
        if bad:
            yield f"{each.path}{' PUBLISHED' if each.published else ''}: {', '.join(bad)}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
