"""Pictures drawn here in every format: upright, on white, in bounds, and refused only by the two errors of a reader."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.formats.image import MAX_PIXELS, READER, ImagePages
from app.modules.imports.formats.probing import probe_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORIENTATION = 0x0112


def _drawn(size: tuple[int, int] = (300, 400), mode: str = "RGB") -> Image.Image:
    """A white sheet whose top left corner is black."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    return image.convert(mode)


def _bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _render(content: bytes, number: int = 1) -> NDArray[np.uint8]:
    return ImagePages(content).render(number)


def _assert_black_top_left(picture: NDArray[np.uint8]) -> None:
    assert picture.dtype == np.uint8
    height, width, planes = picture.shape
    assert planes == 3
    assert picture[: height // 5, : width // 5].max() < 40
    assert picture[height // 2 :].min() > 215


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP"])
def test_every_format_becomes_rgb(kind: str) -> None:
    content = _bytes(_drawn(), kind)
    file = io.BytesIO(content)
    probe = probe_file(file, "picture")
    assert READER.score(probe) == 90
    source = READER.read(file, probe).source
    assert (source.count, source.text_page(1), list(source.attachments())) == (1, None, [])
    _assert_black_top_left(source.render(1))


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA", "I;16", "I", "F"])
def test_every_kind_of_pixel_becomes_rgb_of_eight_bits(mode: str) -> None:
    if mode in ("I;16", "I"):
        wide = np.asarray(_drawn(mode="L"), dtype=np.uint16) * 257
        image = Image.fromarray(wide if mode == "I;16" else wide.astype(np.int32))
    elif mode == "F":
        image = Image.fromarray(np.asarray(_drawn(mode="L"), dtype=np.float32) / 255)
    else:
        image = _drawn(mode=mode)
    _assert_black_top_left(_render(_bytes(image, "TIFF")))


def test_what_is_transparent_shows_white_paper() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert _render(_bytes(image, "PNG")).min() == 255


def test_a_transparent_palette_entry_shows_white_paper() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 255, 255, 255])
    assert _render(_bytes(image, "PNG", transparency=0)).min() == 255


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [(3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270)],
)
def test_the_turn_noted_by_the_camera_is_undone(orientation: int, turn: Image.Transpose) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    _assert_black_top_left(_render(_bytes(_drawn().transpose(turn), "JPEG", exif=exif)))


def test_a_tiff_has_as_many_pages_as_frames() -> None:
    frames = [_drawn(), Image.new("RGB", (50, 60), "white"), Image.new("1", (70, 80), 1)]
    pages = ImagePages(_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert pages.count == 3
    assert [pages.render(number).shape for number in (1, 2, 3)] == [(400, 300, 3), (60, 50, 3), (80, 70, 3)]


def test_an_animation_is_its_first_frame() -> None:
    content = _bytes(_drawn(mode="P"), "GIF", save_all=True, append_images=[Image.new("P", (300, 400))])
    assert ImagePages(content).count == 1
    _assert_black_top_left(_render(content))


def test_a_tiff_of_more_than_five_hundred_pages_is_unsupported() -> None:
    frame = Image.new("1", (1, 1))
    content = _bytes(frame, "TIFF", save_all=True, append_images=[frame] * 500)
    with pytest.raises(Unsupported, match="too_many_pages"):
        ImagePages(content)


def test_a_fax_page_of_flat_pixels_is_made_square() -> None:
    content = _bytes(_drawn((400, 200), "1"), "TIFF", dpi=(204, 98))
    height, width, _ = _render(content).shape
    assert height / width == pytest.approx(200 * 204 / 98 / 400, abs=0.01)


def test_a_large_photograph_is_decoded_smaller() -> None:
    picture = _render(_bytes(_drawn((6000, 8000)), "JPEG"))
    assert picture.shape == (4000, 3000, 3)
    _assert_black_top_left(picture)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    bomb = _bytes(Image.new("1", (side, side)), "PNG")  # a warning only, until Pillow's limit is passed twice
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="image_too_large"):
        ImagePages(bomb)


def test_a_cut_off_picture_is_unreadable() -> None:
    content = _bytes(_drawn((800, 800)), "JPEG")
    with pytest.raises(Unreadable, match="image_unreadable"):
        _render(content[: len(content) // 2])


def test_other_formats_are_not_opened() -> None:
    with pytest.raises(Unreadable, match="image_unreadable"):
        ImagePages(_bytes(_drawn(), "PPM"))


def test_a_heic_file_is_known_and_a_broken_one_is_unreadable() -> None:
    head = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    assert READER.score(probe_file(io.BytesIO(head), "IMG_0001.HEIC")) == 90
    with pytest.raises(Unreadable, match="image_unreadable"):
        _render(head)


GOOD = {kind: _bytes(Image.effect_noise((60, 40), 50), kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")}


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(sorted(GOOD)), data=st.data())
def test_broken_bytes_raise_nothing_but_unreadable_and_unsupported(kind: str, data: st.DataObject) -> None:
    good = GOOD[kind]
    at = data.draw(st.integers(0, len(good)))
    rubbish = data.draw(st.binary(max_size=30))
    cut = data.draw(st.integers(0, len(good)))
    with suppress(Unreadable, Unsupported):
        _render((good[:at] + rubbish + good[at + len(rubbish) :])[:cut])
