"""The safe parser: what it refuses, and what it forgives."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.xml import MAX_DEPTH, MAX_TAGS, find, find_all, parse_xml, text_of

ENTITY = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ENTITY.encode(), "xml_doctype"),
        (ENTITY.encode("utf-16"), "xml_doctype"),
        (ENTITY.lower().encode(), "xml_doctype"),
        (b"<!-- -->\n<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>", "xml_doctype"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "xml_too_deep"),
        (b"<a>" * 100_000, "xml_too_deep"),
        (b"<a>" + b"<b/>" * MAX_TAGS + b"</a>", "xml_too_large"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "xml_encoding"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "xml_encoding"),
        (b"<a><b></a>", "xml_malformed"),
        (b"<a>&undefined;</a>", "xml_malformed"),
        (b"<a>&#0;</a>", "xml_malformed"),
        (b"a;b;c", "xml_malformed"),
        (b"\0\1\2", "xml_malformed"),
        (b"", "xml_malformed"),
    ],
)
def test_it_refuses(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_xml(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "findings"),
    [
        ("<a>ñ€</a>".encode(), ()),
        ("\ufeff<a>ñ€</a>".encode(), ()),
        ('<?xml version="1.0" encoding="windows-1252"?><a>ñ€</a>'.encode("cp1252"), ()),
        ('<?xml version="1.0" encoding="UTF-16"?><a>ñ€</a>'.encode("utf-16"), ()),
        ('<?xml version="1.0" encoding="UTF-16"?><a>ñ€</a>'.encode(), ()),
        ('\r\n <?xml version="1.0"?><a>ñ€</a>\r\n\x1a'.encode(), ()),
        ('<?xml version="1.0" encoding="UTF-8"?><a>ñ€</a>'.encode("cp1252"), ("encoding_mismatch",)),
        ("<a>ñ<!-- x -->€</a>".encode(), ()),
        ("<a>ñ<?x y?><![CDATA[€]]></a>".encode(), ()),
    ],
)
def test_it_forgives(data: bytes, findings: tuple[str, ...]) -> None:
    parsed = parse_xml(data)
    assert text_of(parsed.root) == "ñ€"
    assert parsed.findings == findings


def test_elements_are_found_by_local_name_in_document_order() -> None:
    root = parse_xml(b'<p:a xmlns:p="urn:p"><b/><b><c>1</c></b><p:b><c>2</c><c>3</c></p:b></p:a>').root
    assert [text_of(found) for found in find_all(root, "b/c")] == ["1", "2", "3"]
    assert find(root, "b/d") is None
