"""The bytes of hostile files, written by hand where no library would write them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

import pikepdf

MIB: Final = 1024 * 1024


def pdf(*objects: bytes) -> bytes:
    """Numbered from 1, the first one the catalog."""
    written, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return written + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(written),
    )  # fmt: skip


def catalog(more: bytes = b"") -> bytes:
    return b"<< /Type /Catalog /Pages 2 0 R %b >>" % more


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def page_of(content: bytes, entries: bytes = b"", *, box: bytes = b"0 0 595 842", root: bytes = b"") -> bytes:
    resources = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R /Resources %b >>" % (box, resources)
    return pdf(catalog(root), b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream(content, entries))


def forms_in_forms(levels: int, width: int) -> bytes:
    """Each form draws the next one ``width`` times; the last one draws itself."""
    first = 5
    forms = []
    for level in range(levels):
        following = first + min(level + 1, levels - 1)
        entries = (
            b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Resources << /XObject << /X %d 0 R >> >>" % following
        )
        forms.append(stream(b"/X Do " * width, entries))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(catalog(), pages, page, stream(b"/X Do"), *forms)


def object_stream(bomb: bytes) -> bytes:
    entries = b"/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode"
    return pdf(
        catalog(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R >>",
        stream(bomb, entries),
    )


def many_words(count: int) -> bytes:
    lines = (b"0 -1 Td (%d,%02d) Tj " % (n, n % 100) for n in range(count))
    return b"BT /F1 1 Tf 40 840 Td " + b"".join(lines) + b"ET"


def many_pages(count: int) -> bytes:
    document = pikepdf.new()
    for _ in range(count):
        document.add_blank_page()
    return saved(document)


def with_attachment(content: bytes, attached: bytes) -> bytes:
    document = pikepdf.open(io.BytesIO(content))
    document.attachments["extra.bin"] = pikepdf.AttachedFileSpec(document, attached, filename="extra.bin")
    return saved(document)


def locked(content: bytes) -> bytes:
    target = io.BytesIO()
    pikepdf.open(io.BytesIO(content)).save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


def saved(document: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    document.save(target, recompress_flate=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return target.getvalue()


def png(width: int, height: int, pixels: bytes, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def text_chunk(size: int) -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size), 9))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def row(*cells: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def zip_of(entry: zipfile.ZipInfo, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, content)
    return target.getvalue()


def relabelled(archive: bytes, *, size: int) -> bytes:
    """The directory states another size than that of what comes out."""
    at = archive.index(b"PK\1\2") + 24
    return archive[:at] + struct.pack("<L", size) + archive[at + 4 :]


def flagged(archive: bytes) -> bytes:
    """Marked as encrypted, in the entry and in the directory."""
    changed = bytearray(archive)
    changed[6] |= 1
    changed[archive.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def overlapping(body: bytes, count: int) -> bytes:
    """Many entries of the directory share one body."""
    name, sizes = b"a000.csv", struct.pack("<LLL", 0, len(body), 64 * MIB)
    local = b"PK\3\4" + struct.pack("<5H", 20, 0, 8, 0, 0x5821) + sizes + struct.pack("<2H", len(name), 0) + name + body
    entries = b"".join(
        b"PK\1\2" + struct.pack("<6H", 20, 20, 0, 8, 0, 0x5821) + sizes
        + struct.pack("<5HLL", len(name), 0, 0, 0, 0, 0, 0) + b"a%03d.csv" % number
        for number in range(count)
    )  # fmt: skip
    return local + entries + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, count, count, len(entries), len(local), 0)


def letters_in_letters(levels: int) -> bytes:
    letter = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nhola\r\n"
    for level in range(levels):
        head = (
            b"From: a@example.com\r\nTo: b@example.com\r\nContent-Type: multipart/mixed; boundary=B%d\r\n\r\n" % level
        )
        letter = head + b"--B%d\r\nContent-Type: message/rfc822\r\n\r\n%b\r\n--B%d--\r\n" % (level, letter, level)
    return letter


def many_attachments(count: int) -> bytes:
    head = b"From: a@example.com\r\nTo: b@example.com\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
    parts = (b'--B\r\nContent-Type: text/plain; name="%d.txt"\r\n\r\n%d\r\n' % (n, n) for n in range(count))
    return head + b"".join(parts) + b"--B--\r\n"


def tiled() -> bytes:
    """A page filled with tiles too small to be seen."""
    cell = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.01 /YStep 0.01 /Resources << >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Pattern << /P 5 0 R >> >> >>"
    drawn = stream(b"/Pattern cs /P scn 0 0 595 842 re f")
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf(catalog(), pages, page, drawn, stream(b"0 0 1 1 re f", cell))
