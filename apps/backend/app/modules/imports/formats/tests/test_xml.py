"""The safe parser: what it refuses, and what it forgives."""

from __future__ import annotations

import pytest

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.xml import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_TAGS,
    find,
    find_all,
    namespace,
    parse_text,
    parse_xml,
    text_of,
)

LONG = b"A" * 11_000_000
"""Longer than what the parser takes for one text of its own accord."""
BOMB = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a d="&c;">&c;'
BAD_NAME = b'<c xmlns="http://example.org/ docs"/>'
"""An element in a namespace whose name is no address."""
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
        (b"<a>" * (MAX_DEPTH + 1) + LONG + b"</a>" * (MAX_DEPTH + 1), "xml_too_deep"),
        (b"<a>" + LONG + b"<b>" * 100_000, "xml_too_deep"),
        (b"<a>" + LONG + b"<b c='' d=''/>" * (MAX_ATTRIBUTES // 2 + 1) + b"</a>", "xml_too_large"),
        (BOMB + LONG + b"</a>", "xml_doctype"),
        (b"<!--" + b"x" * 70_000 + b"-->" + BOMB + LONG + b"</a>", "xml_doctype"),
        (b"<!--" + LONG + b"-->" + BOMB + b"</a>", "xml_malformed"),
        (b"<a/>" + BOMB + LONG + b"</a>", "xml_malformed"),
        (b"<a><b></a>", "xml_malformed"),
        (b"<a>&undefined;</a>", "xml_malformed"),
        (b"<a>&#0;</a>", "xml_malformed"),
        (b"<a>" + BAD_NAME * 150 + b"<b></a>", "xml_malformed"),
        (b"<a>" + BAD_NAME * 150 + b"&undefined;</a>", "xml_malformed"),
        (b"<a>" + BAD_NAME + b"<p:b/></a>", "xml_malformed"),
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
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>ñ€</a>'.encode(), ("encoding_mismatch",)),
        ('<?xml version="1.0" encoding="US-ASCII"?><a>ñ€</a>'.encode(), ("encoding_mismatch",)),
        (f'<?xml version="1.0"?><!--{"<x" * 40_000}--><a>ñ€</a>'.encode(), ()),
        ("<a>ñ€</a>".encode() + b"\0" * 200, ()),
        ("<a>ñ<!-- x -->€</a>".encode(), ()),
        ("<a>ñ<?x y?><![CDATA[€]]></a>".encode(), ()),
        ('<p:a xmlns:p="http://example.org/ docs/v1.2">ñ€</p:a>'.encode(), ()),
        ('<a xmlns:ds="http://example.org/xmldsig#&quot;">ñ€</a>'.encode(), ()),
    ],
)
def test_it_forgives(data: bytes, findings: tuple[str, ...]) -> None:
    parsed = parse_xml(data)
    assert text_of(parsed.root) == "ñ€"
    assert parsed.findings == findings


def test_a_text_of_many_megabytes_is_read() -> None:
    assert len(parse_xml(b"<a><b>" + LONG + b"</b></a>").root[0].text or "") == len(LONG)


def test_letters_that_happen_to_be_utf_8_are_read_as_declared() -> None:
    parsed = parse_xml('<?xml version="1.0" encoding="ISO-8859-15"?><a>Ñ€</a>'.encode("iso8859-15"))
    assert (text_of(parsed.root), parsed.findings) == ("Ñ€", ())


def test_a_text_is_no_longer_in_the_encoding_that_it_declared_as_a_file() -> None:
    parsed = parse_text('\n<?xml version="1.0" encoding="ISO-8859-1"?><a>ñ€</a>')
    assert (text_of(parsed.root), parsed.findings) == ("ñ€", ())


def test_a_name_that_is_no_address_loses_nothing_of_what_stands_in_it() -> None:
    root = parse_xml(b'<p:a xmlns:p="http://x y"><b k="1">1</b><p:b xmlns:p="http://z w">2</p:b></p:a>').root
    assert [text_of(found) for found in find_all(root, "b")] == ["1", "2"]
    assert (namespace(root), root[0].get("k")) == ("http://x y", "1")


def test_elements_are_found_by_local_name_in_document_order() -> None:
    root = parse_xml(b'<p:a xmlns:p="urn:p"><b/><b><c>1</c></b><p:b><c>2</c><c>3</c></p:b></p:a>').root
    assert [text_of(found) for found in find_all(root, "b/c")] == ["1", "2", "3"]
    assert find(root, "b/d") is None
