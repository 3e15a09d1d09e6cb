"""The documents that the files within a PDF state: Factur-X, ZUGFeRD, XRechnung or any other format."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.probing import best_reader, probe_file
from app.modules.imports.ports import Documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.modules.imports.domain.canonical import CanonicalDocument
    from app.modules.imports.ports import Member

    Stated = tuple[Sequence[CanonicalDocument], str]
    """Documents, and the name of their reader."""

_FIXED_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""What Factur-X, ZUGFeRD 1 and 2.0, and the XRECHNUNG profile of ZUGFeRD call the invoice that the page shows."""
_MOST_COMPARED: Final = 10


def attached_documents(members: Sequence[Member]) -> Stated | None:
    """The documents of the first attachment that states any, those of a fixed name before others.

    What an attachment is, its content says: names and relations are often wrong, and only break a tie. Where others
    state something else (an invoice to which this one refers, for example), ``attachments_differ`` says so.
    """
    stating = list(islice(_stating(sorted(members, key=_rank)), _MOST_COMPARED))
    if not stating:
        return None
    documents, reader = stating[0]
    if len({_numbers(found) for found, _ in stating}) > 1:
        documents = [replace(found, findings=(*found.findings, "attachments_differ")) for found in documents]
    return documents, reader


def _rank(member: Member) -> int:
    name = member.name.casefold()
    return _FIXED_NAMES.index(name) if name in _FIXED_NAMES else len(_FIXED_NAMES)


def _stating(members: Sequence[Member]) -> Iterator[Stated]:
    for member in members:
        file = io.BytesIO(member.content)
        try:
            probe = probe_file(file, member.name)
            reader = best_reader(probe)
            if reader is None or reader.gives is not Documents:
                continue
            file.seek(0)
            content = reader.read(file, probe)
        except (Unreadable, Unsupported):  # a broken attachment leaves the page to be read
            continue
        if isinstance(content, Documents) and content.documents:
            yield content.documents, reader.name


def _numbers(documents: Sequence[CanonicalDocument]) -> frozenset[str | None]:
    return frozenset(document.invoice_number for document in documents)
