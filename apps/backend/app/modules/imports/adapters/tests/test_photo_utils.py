"""What is cut out of a picture: a sheet on a table, and never a table on a sheet."""

from __future__ import annotations

import cv2
import numpy as np

from app.modules.imports.adapters.photo_utils import find_flattening


def test_a_sheet_on_a_dark_table_is_cut_out() -> None:
    picture = np.full((1200, 1000, 3), 60, np.uint8)
    cv2.fillPoly(picture, [np.array([[120, 110], [880, 130], [870, 1090], [130, 1080]], np.int32)], (245, 245, 240))
    page = find_flattening(picture)
    assert page.width < 800
    assert page.height < 1010


def test_the_frame_of_a_printed_table_is_no_sheet() -> None:
    picture = np.full((1200, 1000, 3), 255, np.uint8)
    for down in range(200, 1000, 24):  # dense rows of ink, edge to edge
        cv2.rectangle(picture, (100, down), (900, down + 12), (30, 30, 30), -1)
    cv2.rectangle(picture, (98, 198), (902, 1000), (0, 0, 0), 3)
    page = find_flattening(picture)
    assert (page.width, page.height) == (1000, 1200)
