"""Codes: drawn to print, and pages that read them with a camera."""

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe


def qr_of(text: str, *, error: str = "l", css: str = "qr") -> SafeString:
    """A QR code as inline SVG; `error` is how much of it may be torn off (l 7 %, m 15 %)."""
    drawn = segno.make_qr(text, error=error).svg_inline(omitsize=True, svgclass=css, lineclass=None, border=2)
    return mark_safe(drawn)  # noqa: S308  drawn by the library


def with_code_reader(page: HttpResponse) -> HttpResponse:
    """Phones without a detector of their own read codes with a vendored WebAssembly module."""
    page._csp_update = {"script-src": ["'wasm-unsafe-eval'"]}  # type: ignore[attr-defined]  # django-csp reads it
    return page
