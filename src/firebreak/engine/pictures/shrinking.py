"""A picture as it is kept: upright, at most 1600 pixels, JPEG, and without anything the camera added (place, owner)."""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from firebreak.engine.pictures.refusals import NOT_A_PICTURE, PICTURE_TOO_LARGE

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
"""Above what phones take; a small file may unpack to far more, and is refused before it does."""
SIDE = 1600
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Shrunk:
    """JPEG bytes with their size in pixels."""

    content: bytes
    width: int
    height: int


def shrink(content: bytes) -> Shrunk:
    """The picture to keep. Errors: refuses `not-a-picture`, `picture-too-large`."""
    if len(content) > LARGEST_BYTES:
        raise PICTURE_TOO_LARGE.because(megabytes=LARGEST_BYTES // 2**20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > LARGEST_PIXELS:
                    raise PICTURE_TOO_LARGE.because(megabytes=LARGEST_BYTES // 2**20)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except Image.DecompressionBombError as bomb:
        raise PICTURE_TOO_LARGE.because(megabytes=LARGEST_BYTES // 2**20) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as wrong:
        raise NOT_A_PICTURE.because() from wrong
    upright.thumbnail((SIDE, SIDE))
    out = BytesIO()
    # A fresh image: nothing but its pixels goes on.
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Shrunk(out.getvalue(), plain.width, plain.height)
