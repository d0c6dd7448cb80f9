"""What every page's frame shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; costs no query of its own."""
    return {"drill": settings.FIREBREAK_DRILL}
