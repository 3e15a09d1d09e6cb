"""Where the models lie: known without loading anything that runs them, because every parser child asks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_VARIABLE: Final = "IMPORTS_MODEL_DIR"


def model_directory() -> Path:
    """Where derived models are kept: ``IMPORTS_MODEL_DIR``, or ``.build/models`` beside the application."""
    stated = os.environ.get(_VARIABLE)
    return Path(stated) if stated else Path(__file__).parents[5] / ".build" / "models"
