"""Addresses that keep the reader's place: filters, order and the open row live in the URL."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


def with_query(request: HttpRequest, **changes: object) -> str:
    """This page with some query values changed; `None` or "" takes a value out. Paging keys are dropped."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def address(url_name: str) -> str:
    """The address of a named page, or "" where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
