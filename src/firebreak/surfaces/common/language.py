"""Which language this reader asked for: the switch (a cookie), else the browser, else Chinese."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from firebreak.kernel.text import Language, speak

COOKIE = "language"


class LanguageMiddleware:
    """Set the reader's language for our own texts and for Django's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = wanted(request)
        speak(chosen)
        translation.activate("zh-hans" if chosen == "zh" else "en")
        response = self.get_response(request)
        response.headers["Content-Language"] = "zh-Hans" if chosen == "zh" else "en"
        return response


def place_of(request: HttpRequest) -> str:
    """Where the language switch comes back to: this page, or the page whose form was just sent."""
    if request.method == "GET":
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def wanted(request: HttpRequest) -> Language:
    """zh or en, from the cookie or the Accept-Language header."""
    cookie = request.COOKIES.get(COOKIE)
    if cookie in ("zh", "en"):
        return "zh" if cookie == "zh" else "en"
    accepted = request.headers.get("Accept-Language", "").lower()
    return "en" if accepted.startswith("en") else "zh"
