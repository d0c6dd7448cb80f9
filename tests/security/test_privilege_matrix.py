"""Every URL × role × method against matrix.toml, through every middleware; the view itself is not run.

Two mutants prove the teeth: a view without a declaration, and a role with one right too many.
"""

import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

from firebreak import urls
from firebreak.engine.access import actors
from firebreak.engine.access.roles import BY_KEY
from firebreak.surfaces.common.gate import declaration_of
from tests.security.addresses import EVERYBODY, addresses, exempt, table
from tests.support.entering import client_as, every_role

UNSAFE = ("PUT", "PATCH", "DELETE", "TRACE")


@pytest.fixture
def stopped(settings: Any, ledger: object) -> Iterator[None]:
    """Whoever is let in gets 204."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.support.entering.StopBeforeTheView"]
    yield
    clear_url_caches()


def let_in(client: Client, method: str, address: str) -> bool:
    """Whether the gate opens. Anything but 204 and the four ways of saying no is an error of this test."""
    answer = client.generic(method, address, headers={"HX-Request": "true"})
    if answer.status_code == 204:
        return True
    assert answer.status_code in (401, 403, 405), (method, address, answer.status_code)
    return False


def differences(patterns: Any, clients: dict[str, Client]) -> list[str]:
    """Where the program and the table disagree, in words."""
    wanted, found = table(), []
    seen = set()
    for address in addresses(patterns):
        seen.add(address.name)
        if address.name not in wanted:
            found.append(f"{address.name}: not in the table")
            continue
        for method in ("GET", "POST"):
            expected = wanted[address.name].get(method, [])
            entered = sorted(who for who, client in clients.items() if let_in(client, method, address.path))
            if entered != expected:
                found.append(f"{address.name} {method}: {sorted(set(entered) ^ set(expected))}")
    return found + [f"{name}: in the table, not in the program" for name in wanted if name not in seen]


def test_every_url_lets_in_whom_the_table_says(stopped: None) -> None:
    clients = every_role()
    assert tuple(clients) == EVERYBODY
    assert differences(urls.urlpatterns, clients) == []


def test_every_view_declares_its_right() -> None:
    silent = [address.name for address in addresses(urls.urlpatterns) if declaration_of(address.view) is None]
    assert silent == []


def test_names_of_urls_are_unique() -> None:
    names = [address.name for address in addresses(urls.urlpatterns)]
    assert sorted(names) == sorted(set(names))


def test_other_methods_are_never_let_in(stopped: None) -> None:
    clients = {"anonymous": Client(), "commander": client_as("commander")}
    entered = [
        (method, address.name, who)
        for address in addresses(urls.urlpatterns) for method in UNSAFE for who, client in clients.items()
        if let_in(client, method, address.path)
    ]
    assert entered == []


def test_view_without_declaration_answers_nobody_and_is_reported(stopped: None, settings: Any) -> None:
    def open_door(request: object) -> HttpResponse:
        return HttpResponse("secret")

    mutant = types.ModuleType("mutant_urls")
    mutant.urlpatterns = [*urls.urlpatterns, path("open-door", open_door, name="open-door")]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = mutant
    clear_url_caches()
    assert [who for who, client in every_role().items() if let_in(client, "GET", "/open-door")] == []
    assert "open-door: not in the table" in differences(mutant.urlpatterns[-1:], {})


def test_role_with_one_right_too_many_is_reported(stopped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = BY_KEY["sampler"]
    monkeypatch.setitem(actors.BY_KEY, "sampler", replace(sampler, rights=sampler.rights | {"accounts.read"}))
    only = [pattern for pattern in addresses(urls.urlpatterns) if pattern.name == "accounts"]
    entered = let_in(client_as("sampler"), "GET", only[0].path)
    assert (entered, "sampler" in table()["accounts"]["GET"]) == (True, False)


def test_every_unsafe_url_asks_for_a_form_token(ledger: object) -> None:
    roles = {role: client_as(role, csrf=True) for role in BY_KEY}
    wanted, without = table(), exempt()
    taken = []
    for address in addresses(urls.urlpatterns):
        allowed = wanted[address.name].get("POST")
        if not allowed or address.name in without:
            continue
        client = next(roles[role] for role in allowed if role in roles)
        answer = client.post(address.path)
        if answer.status_code != 403 or b"stale-form" not in answer.content:
            taken.append((address.name, answer.status_code))
    assert taken == []
