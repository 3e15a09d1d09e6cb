"""``python -m security``: the API and its walls attacked in every way we know, with one summary."""
