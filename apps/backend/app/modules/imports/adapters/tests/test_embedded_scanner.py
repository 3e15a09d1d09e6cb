"""The embedded scanner on test strings, programs and traps in every wrapping, and on clean files of every kind."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from typing import TYPE_CHECKING, Final

import pikepdf
import pytest

from app.modules.imports.adapters.embedded_scanner import EmbeddedScanner
from app.modules.imports.adapters.embedded_unpacking import ScanLimits
from app.modules.imports.adapters.tests.wrappings import (
    EICAR,
    WRAPPINGS,
    clean_pdf,
    clean_workbook,
    in_mail,
    in_pdf,
    in_workbook,
    in_zip,
    saved,
)
from app.modules.imports.domain.errors import Terminal, Transient

if TYPE_CHECKING:
    from collections.abc import Callable


XML: Final = b"<?xml version='1.0'?><factura><total>121.00</total></factura>"


def look(content: bytes, limits: ScanLimits | None = None) -> str | None:
    scanner = EmbeddedScanner(limits=limits or ScanLimits())
    return scanner.scan(io.BytesIO(content))


def windows_program() -> bytes:
    header = bytearray(b"MZ\x90\x00\x03".ljust(0x40, b"\0"))
    header[0x3C:0x40] = struct.pack("<I", 0x80)
    stub = (
        b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21" + b"This program cannot be run in DOS mode."
    ).ljust(0x40, b"\0")
    return bytes(header) + stub + b"PE\0\0" + bytes(200)


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_the_test_string_is_found_in_every_wrapping(wrapping: str) -> None:
    assert look(WRAPPINGS[wrapping](EICAR)) == "Eicar_Test_File"


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_ordinary_content_is_clean_in_every_wrapping(wrapping: str) -> None:
    assert look(WRAPPINGS[wrapping](XML)) is None


CLEAN: Final[dict[str, bytes]] = {
    "pdf": clean_pdf(),
    "workbook": clean_workbook(),
    "csv": b"MZ;importe\nELF;12,50\n",
    "statement": b"From: 01/01/2026 To: 31/01/2026\n;12,50\n",
    "nothing": b"",
    "a text about programs": b"Aviso: This program cannot be run in DOS mode\n" * 20,
    "html": b"<html><script>window.print()</script><p>Factura</p></html>",
}


@pytest.mark.parametrize("kind", CLEAN)
def test_clean_files_are_clean(kind: str) -> None:
    assert look(CLEAN[kind]) is None


@pytest.mark.parametrize("wrapping", ["plain", "in the middle", "zip", "mail", "workbook", "pdf"])
def test_a_program_is_found_in_every_wrapping(wrapping: str) -> None:
    assert look(WRAPPINGS[wrapping](windows_program())) == "Executable_Windows"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(60), "Executable_Unix"),
        (b"\xcf\xfa\xed\xfe" + bytes(60), "Executable_Unix"),
        (b"\xca\xfe\xba\xbe" + bytes(60), "Executable_Unix"),
        (b"MZ\x40\x00\x01\x00" + bytes(60), "Executable_Windows"),
        (struct.pack("<II", 0x4C, 0x21401) + bytes(60), "Executable_Windows"),
        (b"#!/bin/sh\ncurl x | sh\n", "Script_File"),
        (b"@echo off\r\ndel *.*\r\n", "Script_File"),
        (b"<html><HTA:APPLICATION ID=x></html>", "Script_Application"),
        (b'<html><script language=VBScript>CreateObject("WScript.Shell").Run</script>', "Script_Application"),
    ],
)
def test_programs_and_scripts_are_known_by_their_own_form(head: bytes, name: str) -> None:
    assert look(head) == name
    assert look(in_zip(head)) == name


# ------------------------------------------------------------------------------------------------------ office macros

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "_VBA_PROJECT".encode("utf-16-le")


@pytest.mark.parametrize(
    "source",
    [
        b"Private Sub AutoOpen()",
        b"Sub Auto_\x00Open()",  # with the flag byte of the compression in the middle
        b"Private Sub Doc\x00ument_Op\x00en()",
        b"\x04\x30_Open\x00()",  # with "Workbook" as a reference backwards
    ],
)
def test_a_macro_that_starts_by_itself_is_found(source: bytes) -> None:
    assert look(in_workbook(OLE + bytes(64) + source)) == "Office_Macro_Autorun"
    assert look(OLE + bytes(64) + source) == "Office_Macro_Autorun"


def test_a_macro_that_waits_to_be_called_is_none() -> None:
    assert look(in_workbook(OLE + b"Sub SumaColumna()")) is None


def test_a_macro_sheet_that_starts_by_itself_is_found() -> None:
    name = b'<definedName name="_xlnm.Auto_Open" hidden="1">Macro1!$A$1</definedName>'
    assert look(in_workbook(name)) == "Office_Macro_Sheet_Autorun"


# ---------------------------------------------------------------------------------------------------------------- PDF


def action(kind: str, **more: str | pikepdf.Object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary({"/S": pikepdf.Name(f"/{kind}"), **{f"/{key}": value for key, value in more.items()}})


def pdf_with(change: Callable[[pikepdf.Pdf], None], *replacing: tuple[bytes, bytes]) -> bytes:
    with pikepdf.open(io.BytesIO(clean_pdf())) as pdf:
        change(pdf)
        written = io.BytesIO()
        pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    content = written.getvalue()
    for old, new in replacing:
        assert old in content
        content = content.replace(old, new)
    return content


def opens_with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = action("JavaScript", JS="app.alert(1)")


def opens_with_script_afterwards(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = action("GoTo", Next=pikepdf.Array([pdf.make_indirect(action("JavaScript", JS="x"))]))


def page_opens_with_script(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = pdf.make_indirect(pikepdf.Dictionary(O=action("JavaScript", JS="x")))


def launches(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action("Launch", F="cmd.exe"))
    pdf.pages[0].obj.Annots = pikepdf.Array([link])


def form_computes(pdf: pikepdf.Pdf) -> None:
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, AA=pikepdf.Dictionary(C=action("JavaScript", JS="AFSimple()")))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(field)]))
    pdf.Root.OpenAction = action("GoTo", D=pikepdf.Array([0, pikepdf.Name.Fit]))


@pytest.mark.parametrize("change", [opens_with_script, opens_with_script_afterwards, page_opens_with_script])
def test_a_pdf_that_runs_a_script_when_opened_is_found(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert look(pdf_with(change)) == "Pdf_Runs_Script"


def test_a_pdf_that_starts_a_program_is_found() -> None:
    assert look(pdf_with(launches)) == "Pdf_Launches_Program"


def test_names_written_in_hexadecimal_hide_nothing() -> None:
    assert look(pdf_with(launches, (b"/Launch", b"/L#61unch"))) == "Pdf_Launches_Program"
    assert look(pdf_with(opens_with_script, (b"/JavaScript", b"/Java#53cript"))) == "Pdf_Runs_Script"


def test_actions_inside_of_packed_objects_are_seen() -> None:
    with pikepdf.open(io.BytesIO(pdf_with(launches))) as pdf:
        packed = saved(pdf)
    assert b"/Launch" not in packed
    assert look(packed) == "Pdf_Launches_Program"


def test_a_form_that_computes_is_clean() -> None:
    assert look(pdf_with(form_computes)) is None


def test_a_file_hung_on_a_page_is_looked_into() -> None:
    def annotate(pdf: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(pdf, EICAR)
        files = pikepdf.Dictionary(F=stream)
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=pikepdf.Dictionary(EF=files))
        pdf.pages[0].obj.Annots = pikepdf.Array([note])

    assert look(pdf_with(annotate)) == "Eicar_Test_File"


def locked_pdf() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(clean_pdf())) as pdf:
        pdf.save(written, encryption=pikepdf.Encryption(owner="o", user="secret", R=6))
    return written.getvalue()


@pytest.mark.parametrize(("content", "code"), [(locked_pdf(), "pdf_encrypted"), (b"%PDF-1.7\n", "pdf_unreadable")])
def test_a_pdf_that_cannot_be_looked_into_is_refused_but_not_its_siblings(content: bytes, code: str) -> None:
    with pytest.raises(Terminal, match=code):
        look(content)
    assert look(in_zip(content, XML)) is None


def test_an_embedded_file_that_explodes_is_a_bomb() -> None:
    with pytest.raises(Terminal, match="archive_bomb"):
        look(in_pdf(bytes(3_000_000)), ScanLimits(window=1_000_000))


# ------------------------------------------------------------------------------------------------- bounds and refusals


def encrypted_zip() -> bytes:
    content = bytearray(in_zip(XML))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.find(signature) + at] |= 1
    return bytes(content)


CLOSED: Final = {
    "encrypted": (encrypted_zip(), "archive_encrypted"),
    "broken": (in_zip(XML)[:40], "archive_broken"),
    **{
        magic.hex(): (magic + bytes(100), "archive_method")
        for magic in (b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"BZh91AY&SY")
    },
}


@pytest.mark.parametrize("kind", CLOSED)
def test_an_archive_that_cannot_be_looked_into_is_refused_but_not_its_siblings(kind: str) -> None:
    content, code = CLOSED[kind]
    with pytest.raises(Terminal, match=code):
        look(content)
    for container in (in_zip(content, XML), in_mail(content), in_zip(in_mail(content))):
        assert look(container) is None
    assert look(in_zip(EICAR, content)) == "Eicar_Test_File"


@pytest.mark.parametrize("kind", CLOSED)
def test_what_no_reader_takes_out_is_refused_with_what_holds_it(kind: str) -> None:
    content, code = CLOSED[kind]
    for container in (in_pdf(content), in_workbook(content), gzip.compress(content)):
        with pytest.raises(Terminal, match=code):
            look(container)
        assert look(in_zip(container, XML)) is None


def test_one_locked_entry_does_not_condemn_the_others_but_is_not_clean_by_itself() -> None:
    both = bytearray(in_zip(XML, XML))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        both[both.find(signature) + at] |= 1
    assert look(bytes(both)) is None
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        both[both.rfind(signature) + at] |= 1
    with pytest.raises(Terminal, match="archive_encrypted"):
        look(bytes(both))


def test_an_office_document_with_a_locked_part_is_refused_as_a_whole() -> None:
    content = bytearray(in_workbook(XML))
    for signature, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.rfind(signature) + at] |= 1
    with pytest.raises(Terminal, match="archive_encrypted"):
        look(bytes(content))
    assert look(in_zip(bytes(content), XML)) is None


def test_three_containers_within_one_are_followed_and_a_fourth_is_too_many() -> None:
    nested = in_zip(in_zip(in_zip(in_zip(EICAR))))
    assert look(nested) == "Eicar_Test_File"
    assert look(in_zip(in_zip(in_zip(in_zip(in_pdf(EICAR)))))) == "Eicar_Test_File"
    assert look(in_zip(in_zip(in_zip(in_zip(clean_workbook()))))) is None
    for content in (in_zip(nested), in_zip(in_zip(in_zip(in_zip(in_zip(in_pdf(XML))))))):
        with pytest.raises(Terminal, match="archive_nesting"):
            look(content)


@pytest.mark.parametrize("pack", [in_zip, gzip.compress])
def test_what_explodes_is_a_bomb(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Terminal, match="archive_bomb"):
        look(pack(bytes(30_000_000)))


@pytest.mark.parametrize(
    "limits", [ScanLimits(inflated=1_000), ScanLimits(entries=2)], ids=["too much in all", "too many entries"]
)
def test_the_bounds_hold_for_the_whole_tree(limits: ScanLimits) -> None:
    tree = in_zip(in_zip(bytes(400), bytes(400)), in_zip(bytes(400), bytes(400)))
    assert look(tree) is None
    with pytest.raises(Terminal):
        look(tree, limits)


@pytest.mark.parametrize(
    "content",
    [in_zip(XML)[:40], gzip.compress(XML)[:-12], b"\x1f\x8b\x08" + bytes(30)],
    ids=["cut zip", "cut gzip", "gzip of zeros"],
)
def test_a_broken_archive_is_not_clean(content: bytes) -> None:
    with pytest.raises(Terminal, match="archive_broken"):
        look(content)


def test_a_large_member_is_looked_at_in_pieces_that_overlap() -> None:
    limits = ScanLimits(window=300_000)
    for at in (0, 299_960, 300_010, 899_000):
        content = bytearray(b"0123456789" * 90_000)
        content[at : at + len(EICAR)] = EICAR
        assert look(in_zip(bytes(content)), limits) == "Eicar_Test_File", at


def test_a_container_too_large_to_hold_is_not_clean() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("0", b"0123456789" * 90_000)
    with pytest.raises(Terminal, match="archive_bomb"):
        look(in_zip(stored.getvalue()), ScanLimits(window=300_000))


def test_a_file_over_the_limit_was_not_looked_at() -> None:
    with pytest.raises(Transient, match="av_unavailable"):
        look(bytes(101), ScanLimits(file=100))


def test_mail_nested_without_end_is_a_bomb() -> None:
    mail = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth) for depth in range(3_000)
    )
    with pytest.raises(Terminal, match="archive_bomb"):
        look(b"From: a@b.example\n" + mail)


def test_the_version_names_the_rules() -> None:
    assert EmbeddedScanner().version() == EmbeddedScanner().version()
    assert "rules" in EmbeddedScanner().version()
