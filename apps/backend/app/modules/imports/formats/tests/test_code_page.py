"""Which code page a bank wrote its file in."""

from __future__ import annotations

import pytest

from app.modules.imports.formats.code_page import decode_text

_SHOUTED = "NÓMINA DE JOSÉ MARÍA PEÑALARA, Mª ÁNGELES, GÜEMES Y ÚBEDA"
_SPOKEN = "Transferencia de María José Peña, comisión único año ¿cuál?"


@pytest.mark.parametrize("text", [_SHOUTED, _SPOKEN, "FONTANERÍA", "Última NÓMINA", "JOSÉ", "cigüeña", "CAMIÓN Nº 3"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850"])
def test_spanish_is_read_in_every_code_page_that_banks_use(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding), dos=True) == text


def test_dos_is_not_considered_where_the_format_never_came_from_there() -> None:
    assert decode_text("MÜNCHEN KÖLN".encode("cp1252")) == "MÜNCHEN KÖLN"


def test_a_file_cut_within_a_character_is_still_utf_8() -> None:
    assert decode_text("peña café".encode()[:-1]) == "peña caf"


def test_a_declared_code_page_is_believed_where_the_bytes_are_not_utf_8() -> None:
    assert decode_text("Łódź".encode("cp1250"), declared="cp1250") == "Łódź"
    assert decode_text("Łódź".encode(), declared="cp1250") == "Łódź"


@pytest.mark.parametrize("declared", ["", "none", "usascii", "hex", "zlib", "punycode", "undefined", "\0"])
def test_a_declaration_that_is_no_code_page_changes_nothing(declared: str) -> None:
    assert decode_text(b"caf\xe9", declared=declared) == "café"


def test_bytes_outside_the_code_page_do_not_stop_the_reading() -> None:
    assert decode_text(b"a\x81b") == "a\x81b"
