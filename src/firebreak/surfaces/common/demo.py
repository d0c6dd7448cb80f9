"""One-tap role links of an exercise: `/demo/as/<role>?code=…`. On real data they do not exist."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firebreak.engine.access import role_codes
from firebreak.engine.access.actors import actor_of
from firebreak.engine.access.drill_accounts import drill_account
from firebreak.engine.access.roles import BY_KEY
from firebreak.engine.journal.models import Installation
from firebreak.kernel import clock
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.surfaces.common.gate import open_to_all
from firebreak.surfaces.common.signin import home_of, open_session

LOOPBACK = ("127.0.0.1", "::1")


@open_to_all
def enter_as(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as the exercise's holder of a role. Unknown role, wrong code and real data answer alike."""
    if not settings.FIREBREAK_DRILL or role not in BY_KEY or not _database_is_a_drill():
        raise NOT_FOUND.because()
    if not _code_opens(request, role, request.GET.get("code", "")):
        raise NOT_FOUND.because()
    account = drill_account(role, clock.now())
    open_session(request, account, "drill")
    return redirect(home_of(actor_of(account)))


def _code_opens(request: HttpRequest, role: str, typed: str) -> bool:
    """The folder's code opens from this machine; a phone on the local network needs a code that works once."""
    code = str(settings.FOLDER.get("code", ""))
    here = request.META.get("REMOTE_ADDR") in LOOPBACK
    if code and here and secrets.compare_digest(code.encode(), typed.encode()):
        return True
    return role_codes.spend(settings.DATA, role, typed)


def _database_is_a_drill() -> bool:
    """The database says so as well: a drill's folder in front of real data opens nothing."""
    return not Installation.objects.exclude(kind="drill").exists()
