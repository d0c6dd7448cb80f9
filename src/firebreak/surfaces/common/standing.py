"""Where a signed-in person stands: is the session still good, is a second factor due.

Runs on real time, never on the drill's clock. Costs one query a request, and one write a minute at most.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.models import SignIn
from firebreak.engine.access.roles import SESSION_RULES, SessionRule
from firebreak.kernel import clock

SEEN_EVERY = timedelta(minutes=1)


def detour(request: HttpRequest, who: AccountActor, halfway: bool, background: bool) -> HttpResponse | None:
    """Where this request must go first; None when nothing stands in its way."""
    row = sign_in_of(request)
    if row is None or expired(row, rule_of(who)):
        logout(request)
        return ask_to_sign_in(request)
    _seen(row, background)
    if halfway:
        return None
    if asks_second_factor(who) and row.confirmed_at is None:
        return go(request, "second-factor")
    return None


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """The session this request came by; None when it has ended. One query."""
    return SignIn.objects.filter(session_key=request.session.session_key, ended_at=None).first()


def rule_of(who: AccountActor) -> SessionRule:
    """The strictest rule among the roles held; an account without a role is kept like headquarters."""
    stations = {role.station for role in who.roles}
    for station in ("headquarters", "field", "wall"):
        if station in stations:
            return SESSION_RULES[station]
    return SESSION_RULES["headquarters"]


def expired(row: SignIn, rule: SessionRule) -> bool:
    """Whether the session has outlived its rule."""
    now = clock.real_now()
    return now - row.begun_at > rule.absolute or (rule.idle is not None and now - row.seen_at > rule.idle)


def asks_second_factor(who: AccountActor) -> bool:
    """Headquarters and administrators confirm by phone; an exercise asks nobody."""
    return not settings.FIREBREAK_DRILL and who.second_factor


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, coming back afterwards where that was a page."""
    back = {"next": request.get_full_path()} if request.method == "GET" and not _htmx(request) else {}
    return go(request, "sign-in", back)


def go(request: HttpRequest, name: str, query: dict[str, str] | None = None) -> HttpResponse:
    """A redirect that htmx follows as a page, too."""
    target = reverse(name) + (f"?{urlencode(query)}" if query else "")
    if _htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def _htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _seen(row: SignIn, background: bool) -> None:
    now = clock.real_now()
    if not background and now - row.seen_at > SEEN_EVERY:
        row.seen_at = now
        row.save(update_fields=["seen_at"])
