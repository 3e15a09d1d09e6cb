"""Writes invented documents with their truth: ``python -m corpus OUT_DIR --count N --photos N --seed S [--held-out]``, or
``--family second --each N``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from corpus.generating import write_corpus
from corpus.second.writing import BY_FAMILY, write_second


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--count", type=int, default=150, help="digital PDFs")
    parser.add_argument("--photos", type=int, default=40, help="photographs and scans")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
    parser.add_argument("--held-out", action="store_true", help="only the layouts kept back from training")
    parser.add_argument("--family", choices=("first", *BY_FAMILY), default="first", help="which generator")
    parser.add_argument("--each", type=int, default=6, help="documents per layout of any family but the first")
    asked = parser.parse_args(arguments)
    written = (
        write_second(asked.folder, asked.each, asked.seed, BY_FAMILY[asked.family])
        if asked.family != "first"
        else write_corpus(asked.folder, asked.count, asked.seed, held_out=asked.held_out, photographs=asked.photos)
    )
    sys.stdout.write(f"{len(written)} documents in {asked.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
