"""The text of a bank's export in whatever code page it was written: UTF-8, Windows-1252 or, from old hosts, DOS 850."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ONE_BYTE = ("cp12", "cp437", "cp85", "cp86", "iso8859", "koi8", "mac-")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE = 1 << 20
_SPANISH = frozenset("áéíóúüñçàèòïÁÉÍÓÚÜÑÇÀÈÒÏªº¿¡€")
_OPENING = frozenset("¿¡")


def decode_text(raw: bytes, *, declared: str | None = None, dos: bool = False) -> str:
    """The text without byte order mark. Never fails: what is no character of the code page becomes U+FFFD.

    ``declared`` is believed only where the bytes are not UTF-8, for files are converted more often than their
    declarations. ``dos`` says that the format still comes in code page 850.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    text = _utf8(raw)
    if text is not None:
        return text
    if declared and _is_known(declared):
        return raw.decode(declared, "replace")
    if dos and is_dos(raw):
        return raw.decode("cp850", "replace")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def is_dos(raw: bytes) -> bool:
    """Whether bytes that are no UTF-8 read better in code page 850 than in Windows-1252."""
    return _spanishness(raw, "cp850") > _spanishness(raw, "cp1252")


def _utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:  # a file cut within a character is still UTF-8
        text = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else text


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name.startswith(_ONE_BYTE)
    except (LookupError, ValueError):
        return False


def _spanishness(raw: bytes, code_page: str) -> int:
    """How well the bytes beyond ASCII read as Spanish in the code page, each judged with its neighbours."""
    sample = raw[:_SAMPLE]
    text = sample.decode(code_page, "replace")
    return sum(
        _fitness(text[max(at - 1, 0) : at], text[at], text[at + 1 : at + 2])
        for at in (found.start() for found in _NOT_ASCII.finditer(sample))
    )


def _fitness(before: str, character: str, after: str) -> int:
    if character in _SPANISH:
        in_word = character in _OPENING and before.isalpha()
        cases_clash = (character.islower() and character not in "ªº" and after.isalpha() and after.isupper()) or (
            character.isupper() and before.isalpha() and before.islower()
        )
        return -2 if in_word or cases_clash else 3
    return 1 if character.isalpha() else -2
