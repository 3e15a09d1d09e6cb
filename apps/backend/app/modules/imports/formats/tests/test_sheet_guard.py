"""The guard may count a window as a whole only where it comes out as if it had gone from cell to cell."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.modules.imports.domain.errors import Unreadable
from app.modules.imports.formats.sheet_guard import _OpenDocumentExtent, _SheetExtent, _with_usual_spaces
from app.tests.usual_machine import usual_seconds

_ROWS = (b"<row>", b'<row r="5">', b"<row spans='1:8' r='900000'>", b"<row/>", b"<x:row>", b'<x:row r="7">', b"<rows>")
_NAMED = (b'<c r="A1">', b'<c r="AB12" s="1">', b'<c s="1" r="C3">', b"<c r='D4'/>", b'<c r="ZZZ9999999">')
_ODD = (b'<c r="a1">', b'<c r="AB">', b'<c r="A12345678">', b"<cols>", b'<col r="1"/>', b"text :c ", b"at r=", b":row")
_OTHERS = (b"<c>", b"<c/>", b'<c t="s">', b"<x:c>", b'<x:c r="B2">', b"<y:c/>", b'<y:c r="E9">', b"<v>1</v>")


class _CellByCell(_SheetExtent):
    grow = _SheetExtent._grow_by_cell


def _outcome(extent: _SheetExtent | _OpenDocumentExtent, windows: list[bytes]) -> object:
    try:
        for window in windows:
            extent.grow(_with_usual_spaces(window))
    except Unreadable as error:
        return error.code
    return extent._row, extent._column, extent.rows, extent._columns


def _windows(*tags: bytes) -> st.SearchStrategy[list[bytes]]:
    return st.lists(st.lists(st.sampled_from(tags), max_size=12).map(b"".join), min_size=1, max_size=4)


@given(
    _windows(*_ROWS, *_NAMED, *_ODD, *_OTHERS)
    | _windows(b"<row>", b"<c>", b"<c/>", b'<c t="s">')
    | _windows(b'<row r="3">', *_NAMED[:2])
    | _windows(b"<x:row>", b'<x:c r="B2">', b"<x:c>")
    | _windows(b"<x:row>", b"<row>", b"<c>")
    | _windows(b'<c r="A1">', b'<x:c r="B2">', b'<y:c r="ZZ9">')
)
def test_a_window_counted_as_a_whole_reaches_as_far_as_its_cells(windows: list[bytes]) -> None:
    assert _outcome(_SheetExtent(), windows) == _outcome(_CellByCell(), windows)


@pytest.mark.parametrize(
    "windows",
    [
        [b'<row r="1"><c r="A1"/></row>', b'<row r="9"><c r="A9"/><c r="AMK9"/></row>'],
        [b'<row><c r="CV1"/></row>', b'<row><c r="A900000"/></row>'],
        [b"<row>" + b"<c/>" * 600, b"<c/>" * 600],
        [b"<x:row>" + b"<x:c/>" * 1_025],
        [b"<row>" + b"<c/>" * 900, b"<row><c/></row>" * 30_000],
        [b'<row r="1">\n<c\tr="A1"/></row>', b'<row r="9"><c\n\tr="AMK9"/></row>'],
        [b'<row r="1"><c r = "A1"/></row>', b'<row r="9"><c s="1" r  =\r\n"AMK9"/></row>'],
        [b'<row r="1"><c r="a1"/></row>', b'<row r="9"><c r="amk9"/></row>'],
        [b"<row\n>" + b"<c\t/>" * 600, b"<c\n/>" * 600],
        [b'<row r="9"><c x=">" r="AMK9"/></row>'],
        [b"""<row r="9"><c x=' r="A1"' r="AMK9"/></row>"""],
        [b'<row r="9"><c s="1"r="AMK9"/></row>'],
        [b'<row r="1"><c r="A1"/><c r="CV1"/></row>', b'<row><c r="A00000000900000"/></row>'],
        [b'<row r="1"><c r="CV1"/></row>', b'<row x=">" r="900000"><c/></row>'],
    ],
)
def test_what_is_too_large_is_refused_in_every_spelling(windows: list[bytes]) -> None:
    assert _outcome(_SheetExtent(), windows) == "sheet_too_large"


def test_a_row_that_libreoffice_formatted_as_a_whole_is_not_too_large() -> None:
    window = b'<row r="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="AMJ1" s="1"/></row>'
    assert _outcome(_SheetExtent(), [window]) == (0, 0, 1, 1_024)


@pytest.mark.parametrize(
    "attributes",
    [
        b' office:value-type="float" table:number-columns-repeated="9999"',
        b'\noffice:value-type="float"\ttable:number-columns-repeated = "9999"',
        b' office:value-type="float" x=">" table:number-columns-repeated="09999"',
    ],
)
def test_a_repeated_cell_is_refused_in_every_spelling(attributes: bytes) -> None:
    windows = [b"<table:table-row><table:table-cell" + attributes + b"></table:table-cell></table:table-row>"]
    assert _outcome(_OpenDocumentExtent(), windows) == "sheet_too_large"


@pytest.mark.parametrize(
    "tag", [b"<c ", b"<c s='1' ", b"<c x=' r='", b"<row ", b" =", b"<table-cell ", b'<c r="00000000']
)
def test_looking_takes_no_longer_where_nothing_ends(tag: bytes) -> None:
    window = b" r=" + tag * (256 * 1024 // len(tag))
    began = time.process_time()
    for extent in (_SheetExtent(), _OpenDocumentExtent()):
        _outcome(extent, [window])
    assert usual_seconds(time.process_time() - began) < 1
