"""Pictures in which no line of text fits are pages without words; no engine is asked about them."""

from __future__ import annotations

import numpy as np
import pytest

from app.modules.imports.domain.page import Page
from app.modules.imports.stages.file_reading import PageReader, pages


class _OnePicture:
    count = 1

    def __init__(self, height: int, width: int) -> None:
        self._picture = np.zeros((height, width, 3), np.uint8)

    def text_page(self, number: int) -> Page | None:
        return None

    def render(self, number: int, *, fine: bool = False) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
        return self._picture

    def attachments(self) -> tuple[()]:
        return ()


class _NoCodes:
    def read(self, picture: object) -> tuple[()]:
        return ()


@pytest.mark.parametrize(
    ("height", "width", "asked"), [(400, 300, True), (3_800, 100, True), (7, 300, False), (6_100, 100, False)]
)
def test_an_engine_is_asked_only_where_a_line_could_be(height: int, width: int, *, asked: bool) -> None:
    numbers: list[int] = []

    def read(picture: object, number: int) -> Page:
        numbers.append(number)
        return Page(number=number, width=width, height=height, words=(), source="ocr")

    [page] = pages(_OnePicture(height, width), PageReader(read=read, codes=_NoCodes()))
    assert numbers == [1] * asked
    assert (page.width, page.height, page.words) == (width, height, ())
