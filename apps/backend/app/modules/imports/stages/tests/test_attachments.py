"""Which of the files within a PDF states its document."""

from __future__ import annotations

import pytest

from app.modules.imports.formats.tests.statement_samples import SAMPLES
from app.modules.imports.ports import Member
from app.modules.imports.stages.attachments import attached_documents

INVOICE = (SAMPLES / "cii/credit-note.xml").read_bytes()
PRECEDING = INVOICE.replace(b">G-1<", b">G-0<")


@pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])
def test_the_file_with_the_fixed_name_states_the_document(name: str) -> None:
    stated = attached_documents([Member("a_previous.xml", PRECEDING), Member(name, INVOICE)])
    assert stated is not None
    assert [(document.invoice_number, document.findings) for document in stated[0]] == [
        ("G-1", ("attachments_differ",))
    ]


def test_names_decide_nothing_where_one_file_is_no_document() -> None:
    stated = attached_documents([Member("factur-x.xml", b"<order/>"), Member("a.bin", INVOICE)])
    assert stated is not None
    assert [(document.invoice_number, document.findings) for document in stated[0]] == [("G-1", ())]


def test_the_same_document_twice_is_no_contradiction() -> None:
    stated = attached_documents([Member("a.xml", INVOICE), Member("b.xml", INVOICE + b"\n")])
    assert stated is not None
    assert [document.findings for document in stated[0]] == [()]


def test_without_a_document_the_page_has_to_be_read() -> None:
    assert attached_documents([Member("a.xml", b"<order/>"), Member("b.xml", b"<broken"), Member("c.pdf", b"")]) is None
