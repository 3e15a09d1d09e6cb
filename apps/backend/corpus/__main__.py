"""Writes invented documents with their truth: ``python -m corpus OUT_DIR --count N --photos N --seed S [--held-out]``, or
``--family second --each N``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from corpus.generating import write_corpus
from corpus.second.families import FAMILIES
from corpus.second.writing import write_second
from corpus.third.families import FAMILIES as STRANGERS


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--count", type=int, default=150, help="digital PDFs")
    parser.add_argument("--photos", type=int, default=40, help="photographs and scans")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
    parser.add_argument("--held-out", action="store_true", help="only the layouts kept back from training")
    parser.add_argument("--family", choices=("first", "second", "third"), default="first", help="which generator")
    parser.add_argument("--each", type=int, default=6, help="documents per layout of the second or third family")
    asked = parser.parse_args(arguments)
    written = (
        write_second(asked.folder, asked.each, asked.seed, STRANGERS if asked.family == "third" else FAMILIES)
        if asked.family != "first"
        else write_corpus(asked.folder, asked.count, asked.seed, held_out=asked.held_out, photographs=asked.photos)
    )
    sys.stdout.write(f"{len(written)} documents in {asked.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
