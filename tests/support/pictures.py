"""A picture as a phone takes it."""

from io import BytesIO

from PIL import Image

_TURNED, _PLACE = 0x0112, 0x8825


def a_picture(width: int = 64, height: int = 48, *, place: tuple[float, float] | None = None, turned: int = 1) -> bytes:
    """JPEG bytes; `place` is written into it as cameras do, `turned` is the camera's note how it was held."""
    image = Image.new("RGB", (width, height), (180, 60, 40))
    exif = image.getexif()
    exif[_TURNED] = turned
    if place is not None:
        exif.get_ifd(_PLACE).update({1: "N", 2: (place[0], 0.0, 0.0), 3: "E", 4: (place[1], 0.0, 0.0)})
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()
