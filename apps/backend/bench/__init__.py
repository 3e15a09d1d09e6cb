"""Measures the pipeline beside a naive chain of tasks, on parts of its own that are gone afterwards."""
