"""What every answer carries and what no request achieves: headers, caches, framing, redirects, extra fields, timing."""

import re
import statistics
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client

from firebreak import urls
from firebreak.engine.access.models import Account
from tests.security.addresses import addresses, table
from tests.support.entering import account_as, client_as, client_of
from tests.support.places import two_communities
from tests.support.residents import household, resident


@pytest.fixture(autouse=True)
def _ledger(ledger: object) -> None:
    return None


def test_pages_behind_the_gate_are_kept_by_no_cache() -> None:
    client, wanted = client_as("auditor"), table()
    kept = []
    for address in addresses(urls.urlpatterns):
        who = wanted[address.name].get("GET", [])
        if "auditor" in who and "anonymous" not in who:
            said = client.get(address.path).headers["Cache-Control"]
            kept += [] if re.search(r"no-store|no-cache", said) else [(address.name, said)]
    assert kept == []


def test_pages_of_people_forbid_storing() -> None:
    client = client_as("commander")
    said = [client.get(page).headers["Cache-Control"] for page in ("/find", "/account", "/people/none0")]
    assert said == ["no-store, private"] * 3


@pytest.mark.parametrize("address", ["/sign-in", "/nothing-here", "/account"])
def test_every_answer_carries_its_guards(address: str) -> None:
    headers = Client().get(address).headers
    policy = headers["Content-Security-Policy"]
    assert [part for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                              "form-action 'self'") if part not in policy] == []
    assert "unsafe-inline" not in policy
    assert {name: headers.get(name) for name in (
        "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
    )} == {
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    account = account_as("sampler", username="li")
    account.set_password("long enough to be good")
    account.save()
    answer = Client().post("/sign-in", {"username": "li", "password": "long enough to be good"})
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_cookies_are_secure_exactly_when_tls_is_on() -> None:
    assert (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE) == (settings.TLS, settings.TLS)


def test_no_page_has_inline_script_or_style() -> None:
    client = client_as("system_admin")
    pages = [client.get(page).content.decode() for page in ("/account", "/accounts", "/accounts/new")]
    pages.append(Client().get("/sign-in").content.decode())
    found = [re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=", page) for page in pages]
    assert found == [None] * 4


def test_no_page_asks_another_server() -> None:
    page = client_as("system_admin").get("/accounts").content.decode()
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', page) == []


def test_stranger_is_led_to_sign_in_and_back() -> None:
    assert Client().get("/accounts?name=li").headers["Location"] == "/sign-in?next=%2Faccounts%3Fname%3Dli"
    answer = Client().get("/accounts", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_refusals_answer_in_the_readers_language_and_shape() -> None:
    client = client_as("sampler")
    shown = {
        language: client.get("/accounts", headers={"Accept-Language": language}).content.decode()
        for language in ("zh", "en")
    }
    titles = {language: re.search("<title>(错误|Error)", page) is not None for language, page in shown.items()}
    assert titles == {"zh": True, "en": True}
    fragment = client.get("/accounts", headers={"HX-Request": "true"})
    assert fragment.status_code == 403
    assert fragment.content.decode().startswith('<p class="refusal" role="alert"')


def test_program_error_gives_a_number_and_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_as("system_admin")
    client.raise_request_exception = False

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("firebreak.engine.access.accounts.list_accounts", broken)
    answer = client.get("/accounts")
    page = answer.content.decode()
    assert (answer.status_code, "secret detail" in page, "Traceback" in page) == (500, False, False)
    assert re.search(r"编号 [0-9a-f]{6} ", page)


@pytest.mark.parametrize("extra", [
    {"is_active": "on"}, {"ref": "account:mine"}, {"account": "x"}, {"area_id": "1"}, {"by": "system:init"},
])
def test_fields_that_a_form_does_not_name_have_no_effect(extra: dict[str, str]) -> None:
    account_as("", username="zhao")
    before = Account.objects.filter(username="zhao").values().get()
    address = "/accounts/" + before["ref"].removeprefix("account:")
    client_as("security_admin").post(address + "/grant", {"role": "sampler", **extra})
    assert Account.objects.filter(username="zhao").values().get() == before
    assert Account.objects.get(username="zhao").grants.get().area is None


def test_unknown_names_take_as_long_as_known_ones() -> None:
    account = account_as("sampler", username="li")
    account.set_password("long enough to be good")
    account.save()
    took: dict[str, list[float]] = {"li": [], "nobody": []}
    for round_ in range(7):
        for name, times in took.items():
            began = time.process_time()
            Client(REMOTE_ADDR=f"10.0.{round_}.1").post("/sign-in", {"username": name, "password": "wrong"})
            times.append(time.process_time() - began)
    known, unknown = statistics.median(took["li"]), statistics.median(took["nobody"])
    assert 0.5 < known / unknown < 2, (known, unknown)


def test_garbled_session_is_a_stranger() -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "x' OR 1=1 --"
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_session_without_a_sign_in_is_a_stranger() -> None:
    client = Client()
    client.force_login(account_as("commander"))
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_signed_in_session_is_bound_to_its_account() -> None:
    first, second = account_as("sampler", username="li"), account_as("sampler", username="zhao")
    client = client_of(first)
    session = client.session
    session["_auth_user_id"] = str(second.pk)
    session.save()
    assert client.get("/account").headers["Location"].startswith("/sign-in")


def test_start_checks_find_nothing_here() -> None:
    assert [str(message) for message in run_checks() if message.id and message.id.startswith("firebreak")] == []


@pytest.mark.parametrize("role", ["commander", "auditor", "system_admin", "security_admin", "sampler", "wall"])
def test_no_page_shows_a_secret_to_a_role_without_its_right(role: str) -> None:
    places = two_communities()
    secrets = ("诸葛铁柱", "350622198001019876", "13912349876")
    home = household(places["A-1"])
    resident(secrets[0], places["A-1"], token="none0", number=secrets[1], phone=secrets[2], household=home)
    client, wanted, shown = client_as(role), table(), []
    known = {"person": "/people/none0", "person-looks": "/people/none0/looks", "household": "/households/h1",
             "area-people": "/areas/A-1/people"}
    for address in addresses(urls.urlpatterns):
        if role in wanted[address.name].get("GET", []):
            answer = client.get(known.get(address.name, address.path))
            page = b"" if answer.streaming else answer.content
            shown += [(address.name, secret) for secret in secrets if secret.encode() in page]
    shown += [("find", secret) for secret in secrets if secret in client.post("/find", {"q": "诸葛"}).content.decode()]
    assert shown == []
