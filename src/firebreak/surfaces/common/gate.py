"""The gate: no page without a declared right. A view that declares nothing answers nobody."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


class GateMiddleware:
    """Deny by default: the view must carry a declaration made by `open_to`, `signed_in` or `needs`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        return None
