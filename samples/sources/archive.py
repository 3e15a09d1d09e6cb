"""A zip with two e-invoices, as a mailbox full of them is often handed over."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files in one archive, all of one fixed time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 31, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
