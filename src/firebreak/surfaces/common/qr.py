"""Codes to print: a text as a QR drawing that stands in the page itself."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_of(text: str, *, error: str = "l") -> SafeString:
    """A QR code as inline SVG; `error` is how much of it may be torn off (l 7 %, m 15 %)."""
    drawn = segno.make_qr(text, error=error).svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2)
    return mark_safe(drawn)  # noqa: S308  drawn by the library
