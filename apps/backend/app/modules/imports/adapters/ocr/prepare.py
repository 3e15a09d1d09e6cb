"""Derives the OCR models once: ``python -m app.modules.imports.adapters.ocr.prepare [--out DIR]``."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from app.modules.imports.adapters.ocr import models
from app.modules.imports.adapters.ocr.calibration import draw_strips
from app.modules.imports.adapters.ocr.model_directory import model_directory
from app.modules.imports.adapters.ocr.pruning import OPSET, prune_classes, raise_opset
from app.modules.imports.adapters.ocr.recogniser import to_batch

if TYPE_CHECKING:
    from collections.abc import Sequence

_STRIPS: Final = 160


class _Strips(CalibrationDataReader):  # type: ignore[misc]  # (the quantiser's base class carries no types)
    def __init__(self) -> None:
        self._batches = (to_batch(strip) for strip in draw_strips(_STRIPS))

    def get_next(self) -> dict[str, object] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"x": batch}


def prepare(directory: Path) -> bool:
    """Makes the derived models in ``directory``; false when they were there already."""
    manifest = models.read_manifest(directory)
    if manifest is not None and manifest.get("source") == models.source_version():
        return False
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory, prefix="making-") as work:
        made = Path(work)
        _make_quick(made)
        _make_careful(made)
        _make_probe(made)
        _publish(made, directory)
    return True


def _make_quick(made: Path) -> None:
    onnx.save(_pruned("tiny", made / models.QUICK_CHARACTERS), made / models.QUICK)


def _make_careful(made: Path) -> None:
    """In single precision, and in static int8, which halves the time where the processor adds bytes exactly; the tiny
    models lose more than they gain by it.
    """
    pruned = made / "pruned.onnx"
    onnx.save(raise_opset(_pruned("small", made / models.CAREFUL_CHARACTERS)), pruned)
    quant_pre_process(str(pruned), str(made / models.CAREFUL), skip_symbolic_shape=True)
    quantize_static(
        str(made / models.CAREFUL),
        str(made / models.CAREFUL_IN_BYTES),
        _Strips(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["Conv", "MatMul"],
        calibrate_method=CalibrationMethod.MinMax,
    )


def _make_probe(made: Path) -> None:
    """The largest products of bytes there are, added up by the kernel that int8 models run on."""
    weights = numpy_helper.from_array(np.full((models.PROBE_LENGTH, 16), models.PROBE_WEIGHT, np.int8), "weights")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["bytes", "weights"], ["sums"])],
        "products of bytes",
        [helper.make_tensor_value_info("bytes", TensorProto.UINT8, [1, models.PROBE_LENGTH])],
        [helper.make_tensor_value_info("sums", TensorProto.INT32, [1, 16])],
        [weights],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8), made / models.PROBE
    )


def _pruned(size: str, characters_file: Path) -> onnx.ModelProto:
    characters = models.packaged_characters(size)
    kept = models.latin_classes(characters)
    characters_file.write_text("\n".join(characters[index] for index in kept[1:]), encoding="utf-8")
    return prune_classes(models.packaged(f"ppocrv6/{size}/rec/rec.onnx"), kept, len(characters))


def _publish(made: Path, directory: Path) -> None:
    """File by file by renaming; the manifest, which alone makes them valid, goes first and comes last."""
    careful = (models.CAREFUL, models.CAREFUL_IN_BYTES, models.CAREFUL_CHARACTERS, models.PROBE)
    names = (models.QUICK, models.QUICK_CHARACTERS, *careful)
    digest = hashlib.sha256(b"".join((made / name).read_bytes() for name in names)).hexdigest()
    manifest = {"source": models.source_version(), "fingerprint": digest[:12]}
    (made / models.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (directory / models.MANIFEST).unlink(missing_ok=True)
    for name in (*names, models.MANIFEST):
        (made / name).replace(directory / name)


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=model_directory(), help="folder of the derived models")
    directory = parser.parse_args(arguments).out
    done = "made in" if prepare(directory) else "already in"
    sys.stdout.write(f"OCR models {done} {directory}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
