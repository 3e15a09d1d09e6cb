"""In which order the files within a PDF come."""

from __future__ import annotations

import io

import pikepdf

from app.modules.imports.formats.pdf_attachments import read_attachments


def _pdf(*files: tuple[str, str]) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, relationship in files:
        specification = pikepdf.AttachedFileSpec(
            pdf, name.encode(), filename=name, relationship=pikepdf.Name("/" + relationship)
        )
        pdf.attachments[name] = specification
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def test_what_the_page_is_another_form_of_comes_before_what_supports_it() -> None:
    files = _pdf(("a.xml", "Supplement"), ("b.xml", "Unspecified"), ("c.xml", "Alternative"), ("d.xml", "Source"))
    assert [member.name for member in read_attachments(files)] == ["c.xml", "d.xml", "b.xml", "a.xml"]
