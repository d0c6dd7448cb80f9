"""Clients of people who are signed in. Import inside a test or fixture: it needs Django."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client

from firebreak.engine.access.actions import create_account, grant_role
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.roles import BY_KEY
from firebreak.kernel import clock
from tests.support.access import ADMIN


def account_as(role: str, area: str = "", *, username: str = "") -> Account:
    """An account with one role ("" = none) over an area, from now on."""
    name = username or f"{role or 'nobody'}{area}"
    ref = create_account(username=name, name=name, by=ADMIN, at=clock.now())
    if role:
        grant_role(account=ref, role=role, area_code=area, by=ADMIN, at=clock.now())
    return Account.objects.get(ref=ref)


def client_of(account: Account, *, confirmed: bool = True, csrf: bool = False) -> Client:
    """A browser in which this account has signed in (and confirmed by phone)."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(account)
    now = clock.real_now()
    SignIn.objects.create(
        account=account, session_key=client.session.session_key or "", begun_at=now, seen_at=now,
        confirmed_at=now if confirmed else None, proved_at=now,
    )
    return client


def client_as(role: str, area: str = "", *, username: str = "", csrf: bool = False) -> Client:
    """A browser of somebody with one role."""
    return client_of(account_as(role, area, username=username), csrf=csrf)


def every_role() -> dict[str, Client]:
    """One browser per role, one of an account without a role, one of nobody."""
    clients = {key: client_as(key) for key in BY_KEY}
    return {"anonymous": Client(), "no-role": client_as(""), **clients}


class StopBeforeTheView:
    """The last middleware of the privilege matrix: whoever is let in gets 204 and the view is not run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204)


def urlconf(name: str) -> Any:
    """A module of URLs by its name."""
    return import_module(name or settings.ROOT_URLCONF)
