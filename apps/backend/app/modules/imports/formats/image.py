"""Pictures of documents (JPEG, PNG, TIFF, WebP, GIF, BMP, HEIC): upright RGB pages for OCR, decoded within bounds."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np
import pi_heif
from PIL import Image, ImageOps

from app.modules.imports.domain.errors import Unreadable, Unsupported
from app.modules.imports.ports import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from app.modules.imports.domain.page import Page
    from app.modules.imports.ports import Member, Probe

MAX_PAGES: Final = 500
MAX_PIXELS: Final = 70_000_000
"""An A4 page at 600 dpi has 35 million, the largest usual phone picture 50."""
_MAX_AREA: Final = 12_000_000
_MAX_SIDE: Final = 16_000
_DRAFT_SIDE: Final = 2_600
_FORMATS: Final = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "HEIF")
_MEDIA_TYPES: Final = frozenset(
    f"image/{kind}"
    for kind in ("jpeg", "png", "tiff", "webp", "gif", "bmp", "x-ms-bmp", "heic", "heif", "heic-sequence")
)
_BROKEN: Final = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, AttributeError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's decoders raise for bytes that are not what they claim to be."""
_BYTE: Final = 255
_SIXTEEN_BIT: Final = 257
_ASPECTS: Final = (0.4, 2.5)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pi_heif.register_heif_opener()


class ImagePages:
    """The pages of one picture: the frames of a TIFF, the first frame of everything else."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        with _opened(content) as image:
            self.count = _count_frames(image) if image.format == "TIFF" else 1

    def text_page(self, number: int) -> Page | None:  # noqa: ARG002  (the port's signature)
        """None: a picture has no text layer."""
        return None

    def render(self, number: int, *, fine: bool = False) -> NDArray[np.uint8]:  # noqa: ARG002  (a picture is no finer)
        """The page as RGB, turned as its EXIF says, on white, at most 12 million pixels."""
        with _opened(self._content) as image:
            if number > 1:
                image.seek(number - 1)
            if image.format in ("JPEG", "MPO"):
                image.draft(None, _draft_size(image.size))
            image.load()
            upright = _upright(image)
            return np.array(_on_white(_fitted(upright, _aspect(upright))), dtype=np.uint8)

    def attachments(self) -> Sequence[Member]:
        """None are possible."""
        return ()


class ImageReader:
    """Reads pictures."""

    name = "image"
    gives = Pages

    def score(self, probe: Probe) -> int:
        return 90 if probe.media_type in _MEDIA_TYPES else 0

    def read(self, file: BinaryIO, probe: Probe) -> Pages:  # noqa: ARG002  (the port's signature)
        """Raises ``Unreadable`` (image_unreadable, image_too_large) and ``Unsupported`` (too_many_pages)."""
        file.seek(0)
        return Pages(ImagePages(file.read()))


READER: Final = ImageReader()


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """Opens with the known decoders only; whatever breaks inside the block is the picture's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("image_too_large", f"more than {MAX_PIXELS} pixels") from error
    except _BROKEN as error:
        raise Unreadable("image_unreadable", type(error).__name__) from error


def _count_frames(image: Image.Image) -> int:
    for number in range(1, MAX_PAGES + 1):
        try:
            image.seek(number)
        except EOFError:
            return number
    raise Unsupported("too_many_pages", f"at most {MAX_PAGES} pages are read")


def _draft_size(size: tuple[int, int]) -> tuple[int, int]:
    """A JPEG is decoded at the smallest of its built-in scales that is not smaller than this."""
    factor = min(1.0, _DRAFT_SIDE / max(size))
    return math.ceil(size[0] * factor), math.ceil(size[1] * factor)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image  # a broken note about the turn does not make the picture unreadable


def _aspect(image: Image.Image) -> float:
    """Width of a pixel by its height, for fax pages whose two resolutions differ."""
    across, down = (float(resolution) for resolution in image.info.get("dpi", (1, 1)))
    aspect = down / across if across > 0 else 1.0
    return aspect if _ASPECTS[0] < aspect < _ASPECTS[1] else 1.0


def _fitted(image: Image.Image, aspect: float) -> Image.Image:
    """At most ``_MAX_AREA`` pixels, each of them square."""
    width, height = image.width * max(aspect, 1.0), image.height / min(aspect, 1.0)
    factor = min(1.0, math.sqrt(_MAX_AREA / (width * height)), _MAX_SIDE / max(width, height))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    if size == image.size:
        return image
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA")  # palette entries cannot be averaged
    elif image.mode == "1":
        image = image.convert("L")
    return image.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BILINEAR)


def _on_white(image: Image.Image) -> Image.Image:
    """RGB of eight bits, whatever the mode; what is transparent shows white paper."""
    if image.mode.startswith(("I", "F")):
        return _eight_bit(image).convert("RGB")
    if image.mode in ("P", "PA") or "transparency" in image.info or image.mode in ("LA", "La", "RGBA", "RGBa"):
        coloured = image.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("RGB")
    return image.convert("RGB")


def _eight_bit(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    highest = values.max(initial=0)
    if image.mode == "F" and highest <= 1:
        values *= _BYTE
    elif highest > _BYTE:
        values /= _SIXTEEN_BIT
    return Image.fromarray(np.clip(values, 0, _BYTE).astype(np.uint8))
