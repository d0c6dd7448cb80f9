"""A refusal as an answer: a page for a browser, a fragment for htmx, in the reader's language.

A URL that names one thing gives the same answer whether the thing is unknown or not theirs to see.
"""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firebreak.engine.access.actors import AccountActor
from firebreak.kernel.refusals import NOT_FOUND, Refusal, RefusalKind
from firebreak.kernel.text import T

log = logging.getLogger("firebreak.refusing")

NO_SUCH_PAGE = RefusalKind("no-such-page", T(
    "没有这个页面。请核对网址,或从首页进入。",
    "There is no such page. Check the address, or start from home.",
))
NOT_THIS_WAY = RefusalKind(
    "not-this-way",
    T(
        "这个网址不能这样打开,没有任何改动。请从首页进入。",
        "This address does not open this way; nothing was changed. Start from home.",
    ),
)
NOT_UNDERSTOOD = RefusalKind("not-understood", T(
    "没有看懂这次提交,没有任何改动。请刷新后重填。",
    "This could not be read; nothing was changed. Reload and fill it in again.",
))
STALE_FORM = RefusalKind(
    "stale-form",
    T(
        "这张表已过时,或不是从本站提交的,没有任何改动。请刷新后再交。",
        "This form is out of date or was not sent from here; nothing was changed. Reload and send it again.",
    ),
)
OUR_FAULT = RefusalKind(
    "our-fault",
    T(
        "程序出错,这一步没有生效,之前的都已保存。请把编号 {number} 告诉系统管理员。",
        "The program failed; this step had no effect, everything before it is saved. Tell the system "
        "administrator number {number}.",
    ),
)


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The response for a refusal raised in a view: 404 for unknown or foreign things, else 409."""
    if refusal.code in ("not-permitted", "not-found"):
        named = bool(request.resolver_match and request.resolver_match.kwargs)
        if refusal.code == "not-found" or named:
            return refused(request, NOT_FOUND.because(), 404)
        return refused(request, refusal, 403)
    return refused(request, refusal, 409)


def refused(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    """The page or fragment of a refusal with this status."""
    who = getattr(request, "firebreak_actor", None)
    if status in (403, 404):
        log.warning("refused %s %s %s", refusal.code, request.method, who.ref if isinstance(who, AccountActor) else "-")
    fragment = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    template = "firebreak/access/refusal_fragment.html" if fragment else "firebreak/access/refusal.html"
    return render(request, template, {"refusal": refusal, "status": status}, status=status)


def not_this_way(request: HttpRequest, methods: list[str]) -> HttpResponse:
    """Answer to a method the view does not take."""
    response = refused(request, NOT_THIS_WAY.because(), 405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to an unsafe request without a valid token."""
    return refused(request, STALE_FORM.because(), 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to a request that cannot be read."""
    return refused(request, NOT_UNDERSTOOD.because(), 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where the framework itself denies."""
    return refused(request, NOT_FOUND.because(), 404)


def no_such_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to an unknown address, or to an address that names an unknown thing."""
    named = bool(request.resolver_match and request.resolver_match.kwargs)
    return refused(request, NOT_FOUND.because() if named else NO_SUCH_PAGE.because(), 404)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Last resort: an incident number to say on the phone; the log holds the same number."""
    number = secrets.token_hex(3)
    log.error("incident %s at %s %s", number, request.method, request.path, exc_info=True)
    return refused(request, OUR_FAULT.because(number=number), 500)
