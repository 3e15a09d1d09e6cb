"""Small files made in memory for the tests of tables and containers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, BinaryIO

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.probing import probe_file
from app.modules.imports.ports import Members, Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.modules.imports.ports import Reader

SHEET = "xl/worksheets/sheet1.xml"
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(sheet_data: str, prolog: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """The smallest workbook with one sheet of this XML."""
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    root = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    book = (
        f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Hoja" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    sheet = f'{prolog}<worksheet xmlns="{_NAMESPACE}"><sheetData>{sheet_data}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": root,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations,
        SHEET: sheet,
    }
    return zipped({name: text.encode() for name, text in parts.items()} | dict(more or {}))


def read_all(reader: Reader, content: bytes, name: str) -> list[Any]:
    """Everything that a reader gives: rows of all tables, or members."""
    file: BinaryIO = io.BytesIO(content)
    read = reader.read(file, probe_file(file, name))
    if isinstance(read, Tables):
        return [list(table.rows()) for table in read.tables]
    assert isinstance(read, Members)
    return [(member.name, member.content) for member in read.members]


def refusal(reader: Reader, content: bytes, name: str) -> str:
    """The code with which a reader refuses the file."""
    try:
        read_all(reader, content, name)
    except (Unreadable, Unsupported) as error:
        return error.code
    return "nothing was refused"
