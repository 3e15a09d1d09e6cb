"""What a file is, by its bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.probing import HEAD, OOXML, best_reader, probe_file

if TYPE_CHECKING:
    from app.modules.imports.ports import Probe

SIGNED_DATA = bytes.fromhex("3082010006092a864886f70d010702")
MAIL = b"Return-Path: <a@example.org>\r\nSubject: Factura\r\nFrom: a@example.org\r\n\r\nHola\r\n"


def _probe(data: bytes, name: str = "f") -> Probe:
    return probe_file(io.BytesIO(data), name)


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_an_empty_file_is_unreadable() -> None:
    with pytest.raises(Unreadable) as caught:
        _probe(b"")
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n1 0 obj", "application/pdf"),
        (b"\r\njunk before it\r\n%PDF-1.4\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"\xef\xbb\xbf  <table><tr></tr></table>", "text/html"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "text/html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        (b'{"a": [1, 2]}', "application/json"),
        (b"[{}]", "application/json"),
        (b'{"a": broken', "text/plain"),
        (b"{1:F01BANKESMMAXXX0000000000}{2:I940}{4:\r\n:20:X\r\n-}", "text/plain"),
        (MAIL, "message/rfc822"),
        (b"Date: 2026-01-01\r\nImporte: 3,00\r\n", "text/plain"),
        (b"OFXHEADER:100\r\nDATA:OFXSGML\r\n\r\n<OFX>", "text/plain"),
        (b"BM;importe;fecha\r\n1;2,00;3\r\n", "text/plain"),
        (b"GIF89a/*<script>x()</script>*/=1;", "image/gif"),
        (SIGNED_DATA, "application/pkcs7-mime"),
        (b"\0\1\2\3\xfe" * 40, "application/octet-stream"),
    ],
)
def test_the_media_type_comes_from_the_bytes(data: bytes, media_type: str) -> None:
    assert _probe(data).media_type == media_type


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("fecha;número\n".encode(), "utf-8", "fecha;número\n"),
        (b"\xef\xbb\xbfa;b\n", "utf-8-sig", "a;b\n"),
        ("año;5 €\n".encode("cp1252"), "cp1252", "año;5 €\n"),
        ("a\x81ño\n".encode("latin-1") + b"x" * 80, "latin-1", "a\x81ño\n" + "x" * 80),
        ("año\n".encode("utf-16"), "utf-16", "año\n"),
    ],
)
def test_text_is_decoded(data: bytes, encoding: str, text: str) -> None:
    probe = _probe(data)
    assert (probe.encoding, probe.text) == (encoding, text)


def test_a_character_cut_by_the_end_of_the_head_does_not_change_the_encoding() -> None:
    probe = _probe(b"x" * (HEAD - 1) + "ñ".encode() + b"x" * 10)
    assert probe.encoding == "utf-8"
    assert len(probe.head) == HEAD
    assert probe.size == HEAD + 11


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_the_root_is_found_behind_comments_and_instructions(encoding: str) -> None:
    text = '<?xml version="1.0"?>\n<!-- año <no> -->\n<?x y?>\n<p:Raíz a="1"\n xmlns:p=\'urn:x\' b=">"><c/></p:Raíz>'
    assert _probe(text.encode(encoding)).xml_root == ("urn:x", "Raíz")


def test_the_root_is_found_behind_a_comment_longer_than_the_head() -> None:
    probe = _probe(b"<?xml version='1.0'?><!--" + b"x" * HEAD + b"--><a><!--" + b"y" * HEAD + b"--><b/></a>")
    assert (probe.xml_root, probe.text) == (("", "a"), "<?xml version='1.0'?><a><b/></a>")
    assert _probe(b"<!--" * HEAD).xml_root is None


def test_only_markup_is_padded() -> None:
    assert _probe(b"<a/>" + b"\0" * 500).xml_root == ("", "a")
    assert _probe(b"<a/>\0<b/>").media_type == "application/octet-stream"
    assert _probe(b"a;b\n" + b"\0" * 500).media_type == "application/octet-stream"


def test_the_root_is_found_behind_a_doctype() -> None:
    probe = _probe(b'<!DOCTYPE a [<!ENTITY b "c">]><a/>')
    assert (probe.media_type, probe.xml_root) == ("application/xml", ("", "a"))


def test_a_zip_is_known_by_its_members() -> None:
    probe = _probe(_zip(**{"uno.xml": b"<a/>", "dos/año.pdf": b"%PDF-"}))
    assert (probe.media_type, probe.members) == ("application/zip", ("uno.xml", "dos/año.pdf"))
    assert _probe(_zip(**{"xl/workbook.xml": b"x"})).media_type == OOXML + "spreadsheetml.sheet"
    sheet = _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"x"})
    assert _probe(sheet).media_type == "application/vnd.oasis.opendocument.spreadsheet"


def test_members_are_found_when_something_stands_before_the_archive_and_after_it() -> None:
    archive = _zip(a=b"1", b=b"2")
    assert _probe(archive + b"\0" * 50).members == ("a", "b")


def test_an_old_excel_file_is_told_from_other_compound_files() -> None:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    for stream, media_type in (("Workbook", "application/vnd.ms-excel"), ("Otro", "application/x-ole-storage")):
        directory = stream.encode("utf-16-le").ljust(512, b"\0")
        assert _probe(bytes(header) + directory).media_type == media_type


def test_nobody_reads_what_nobody_knows() -> None:
    assert best_reader(_probe(b"\0\1\2\3\xfe" * 40)) is None


@given(
    st.binary(min_size=1, max_size=400),
    st.sampled_from([b"", b"PK\5\6", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml"]),
)
def test_any_bytes_can_be_probed(data: bytes, start: bytes) -> None:
    probe = _probe(start + data)
    assert probe.media_type
    best_reader(probe)


@pytest.mark.parametrize("name", ["extracto.csv", "extracto", "extracto.txt"])
@pytest.mark.parametrize("before", [b"", b"Account: ES9121000418450200051332\r\n"])
def test_a_bank_export_that_states_from_and_to_is_no_mail(name: str, before: bytes) -> None:
    content = before + b"From: 01/01/2026\r\nTo: 31/01/2026\r\n\r\nDate;Amount\r\n01/01/2026;-12,00\r\n"
    assert _probe(content, name).media_type == "text/plain"


def test_addresses_make_a_mail_but_not_of_a_file_named_as_a_table() -> None:
    content = b"From: ana@example.com\r\nTo: luis@example.com\r\n\r\nDate;Amount\r\n"
    assert _probe(content, "carta").media_type == "message/rfc822"
    assert _probe(content, "extracto.csv").media_type == "text/plain"
    assert _probe(b"Message-ID: <1@x>\r\n" + content, "extracto.csv").media_type == "message/rfc822"
