"""Getting in: slip, password, second factor, sessions; what ends them and what never happens."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as conf
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.engine.access import entry
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.roles import SESSION_RULES
from firebreak.engine.journal.models import Event
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from tests.support.access import ADMIN
from tests.support.entering import account_as, client_as, client_of

GOOD = "long enough to be good"


@pytest.fixture(autouse=True)
def _ledger(ledger: object) -> None:
    return None


def with_password(account: Account) -> Account:
    account.set_password(GOOD)
    account.save()
    return account


def enter(client: Client, username: str, password: str = GOOD, **more: str) -> Any:
    return client.post("/sign-in", {"username": username, "password": password, **more})


def title(answer: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.S)
    return found.group(1) if found else ""


def test_slip_leads_to_a_password_and_in() -> None:
    account = account_as("sampler", username="li")
    code = entry.invite(accounts=[Ref(account.ref)], by=ADMIN, at=clock.now())[account.ref]
    client = Client()
    assert code in client.get(f"/first-password?code={code}").content.decode()
    form = {"username": "li", "code": code, "password": GOOD, "again": GOOD}
    assert client.post("/first-password", form).headers["Location"] == "/sign-in"
    assert enter(client, "li").headers["Location"] == "/"


def test_slip_page_says_what_is_wrong_and_keeps_what_was_typed() -> None:
    answer = Client().post("/first-password", {"username": "li", "code": "x", "password": GOOD, "again": GOOD})
    assert (answer.status_code, title(answer).startswith("错误:")) == (422, True)
    assert ('value="li"' in answer.content.decode(), GOOD in answer.content.decode()) == (True, False)


def test_sign_in_gives_a_new_session_and_forgets_the_old() -> None:
    with_password(account_as("sampler", username="li"))
    client = Client()
    client.get("/sign-in")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies[conf.SESSION_COOKIE_NAME] = before
    enter(client, "li")
    assert client.session.session_key != before
    assert ("planted" in client.session, Session.objects.filter(session_key=before).exists()) == (False, False)


@pytest.mark.parametrize(("wanted", "goes"), [
    ("/accounts?name=li", "/accounts?name=li"), ("https://evil.example/", "/"), ("//evil.example/", "/"),
    ("javascript:alert(1)", "/"), ("/\\evil.example", "/"), ("", "/"),
])
def test_sign_in_returns_only_to_this_site(wanted: str, goes: str) -> None:
    with_password(account_as("sampler", username="li"))
    assert enter(Client(), "li", next=wanted).headers["Location"] == goes


def test_every_failure_looks_the_same() -> None:
    with_password(account_as("sampler", username="li"))
    gone = with_password(account_as("sampler", username="zhao"))
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    account_as("sampler", username="new")
    shown = {
        re.sub(r'value="[^"]*"|[A-Za-z0-9]{64}', "", enter(Client(), name, word).content.decode())
        for name, word in (("li", "wrong"), ("nobody", "wrong"), ("zhao", GOOD), ("new", ""), ("new", "!"))
        if word
    }
    assert len(shown) == 1


def test_nine_wrong_tries_lock_name_and_address_and_unlock_lifts_it() -> None:
    with_password(account_as("sampler", username="li"))
    answers = [enter(Client(), "li", "wrong").status_code for _ in range(9)]
    assert (answers[0], answers[-1], enter(Client(), "li").status_code) == (403, 429, 429)
    elsewhere = Client(REMOTE_ADDR="10.9.9.9")
    assert enter(elsewhere, "li").status_code == 302
    client_as("system_admin").post(f"/accounts/{Account.objects.get(username='li').ref[8:]}/unlock")
    assert enter(Client(), "li").status_code == 302


def test_unknown_name_is_locked_like_a_known_one() -> None:
    assert [enter(Client(), "ghost", "wrong").status_code for _ in range(9)][-1] == 429


def test_nothing_opens_before_the_second_factor() -> None:
    client = client_of(account_as("commander"), confirmed=False)
    asked = [client.get(page).headers["Location"] for page in ("/", "/account", "/find", "/account/password")]
    assert asked == ["/second-factor"] * 4


def test_field_roles_are_not_asked_for_a_second_factor() -> None:
    assert client_of(account_as("grid_worker"), confirmed=False).get("/account").status_code == 200


def test_first_code_enrols_the_phone_and_opens_the_session() -> None:
    account = account_as("commander")
    client = client_of(account, confirmed=False)
    page = client.get("/second-factor").content.decode()
    assert "data:image/svg+xml" in page
    before = client.session.session_key
    device = TOTPDevice.objects.get(user=account)
    assert client.post("/second-factor", {"code": "000000"}).status_code == 422
    assert TOTPDevice.objects.get(user=account).confirmed is False
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = f"{totp(device.bin_key):06d}"
    assert client.post("/second-factor", {"code": code}).headers["Location"] == "/"
    assert (client.get("/account").status_code, client.session.session_key != before) == (200, True)
    assert {event.type for event in Event.objects.filter(about=account.ref)} >= {"SecondFactorEnrolled", "SignedIn"}


def test_code_works_once() -> None:
    account = account_as("commander")
    device = TOTPDevice.objects.create(user=account, confirmed=True, name="x")
    code = f"{totp(device.bin_key):06d}"
    first, second = client_of(account, confirmed=False), client_of(account, confirmed=False)
    assert first.post("/second-factor", {"code": code}).status_code == 302
    assert second.post("/second-factor", {"code": code}).status_code == 422


def test_enrolled_phone_is_never_shown_its_secret_again() -> None:
    account = account_as("commander")
    TOTPDevice.objects.create(user=account, confirmed=True, name="x")
    assert "data:image/svg+xml" not in client_of(account, confirmed=False).get("/second-factor").content.decode()


def age(client: Client, *, begun: timedelta = timedelta(0), seen: timedelta = timedelta(0)) -> None:
    now = clock.real_now()
    rows = SignIn.objects.filter(session_key=client.session.session_key)
    rows.update(begun_at=now - begun, seen_at=now - seen)


@pytest.mark.parametrize(("role", "begun", "seen", "alive"), [
    ("commander", timedelta(hours=11), timedelta(minutes=29), True),
    ("commander", timedelta(hours=11), timedelta(minutes=31), False),
    ("commander", timedelta(hours=13), timedelta(0), False),
    ("grid_worker", timedelta(hours=11), timedelta(hours=5), True),
    ("grid_worker", timedelta(hours=13), timedelta(0), False),
    ("wall", timedelta(days=6), timedelta(days=6), True),
])
def test_session_lives_as_long_as_its_rule(role: str, begun: timedelta, seen: timedelta, alive: bool) -> None:
    client = client_as(role)
    age(client, begun=begun, seen=seen)
    assert (client.get("/account").status_code == 200) is alive


def test_cookie_lives_as_long_as_the_rule() -> None:
    ages = {}
    for role in ("commander", "sampler", "wall"):
        with_password(account_as(role, username=role))
        ages[role] = enter(Client(), role).cookies[conf.SESSION_COOKIE_NAME]["max-age"]
    assert ages == {"commander": 12 * 3600, "sampler": 12 * 3600, "wall": 7 * 86400}


def test_ledger_time_does_not_end_sessions(clock_at: Callable[..., None]) -> None:
    client = client_as("grid_worker")
    clock_at(clock.real_now() + timedelta(days=3))
    assert client.get("/account").status_code == 200


def test_pulse_does_not_keep_a_session_awake() -> None:
    client = client_as("commander")
    age(client, seen=timedelta(minutes=20))
    client.get("/pulse")
    assert clock.real_now() - SignIn.objects.get().seen_at > timedelta(minutes=19)


def test_disabled_account_is_out_at_the_next_click() -> None:
    client = client_as("sampler", username="li")
    assert client.get("/account").status_code == 200
    token = Account.objects.get(username="li").ref[8:]
    answer = client_as("system_admin").post(f"/accounts/{token}/disable", {"reason": "离开岗位"})
    assert (answer.status_code, client.get("/account").headers["Location"]) == (302, "/sign-in?next=%2Faccount")


def test_granted_role_counts_at_the_next_click() -> None:
    client, admin = client_as("", username="li"), client_as("security_admin")
    assert client.get("/accounts").status_code == 403
    token = Account.objects.get(username="li").ref[8:]
    admin.post(f"/accounts/{token}/grant", {"role": "auditor"})
    SignIn.objects.update(confirmed_at=clock.real_now())
    assert client.get("/accounts").status_code == 200


def test_own_session_is_ended_and_others_is_unknown() -> None:
    account = account_as("sampler", username="li")
    here, there, stranger = client_of(account), client_of(account), client_as("sampler", username="zhao")
    number = SignIn.objects.get(session_key=there.session.session_key).pk
    assert stranger.post(f"/account/sessions/{number}/end").status_code == 404
    assert here.post(f"/account/sessions/{number}/end").status_code == 302
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


def test_changed_password_ends_the_other_sessions() -> None:
    account = with_password(account_as("sampler", username="li"))
    here, there = client_of(account), client_of(account)
    form = {"present": GOOD, "password": GOOD + "er", "again": GOOD + "er"}
    assert here.post("/account/password", {**form, "present": "wrong"}).status_code == 422
    assert here.post("/account/password", form).headers["Location"] == "/account"
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


def test_sign_out_asks_first_and_ends_the_session() -> None:
    client = client_as("sampler")
    assert client.get("/sign-out").status_code == 200
    client.post("/sign-out")
    assert (client.get("/account").status_code, SignIn.objects.filter(ended_at=None).count()) == (302, 0)


def test_language_switch_comes_back_to_the_page() -> None:
    client = Client()
    answer = client.post("/language", {"language": "en", "next": "/first-password?code=abc"})
    assert answer.headers["Location"] == "/first-password?code=abc"
    assert client.get("/sign-in").headers["Content-Language"] == "en"
    assert client.post("/language", {"language": "xx", "next": "https://evil.example"}).headers["Location"] == "/"


def test_language_switch_after_a_sent_form_comes_back_to_the_form() -> None:
    client, page = client_as("sampler"), "http://testserver/account/password?x=1"
    answer = client.post("/account/password", {"present": "no"}, headers={"Referer": page})
    assert 'name="next" value="/account/password?x=1"' in answer.content.decode()
    answer = client.post("/account/password", {"present": "no"}, headers={"Referer": "https://evil.example/account"})
    assert 'name="next" value="/"' in answer.content.decode()


def test_address_opened_the_wrong_way_is_said_in_words() -> None:
    answer = client_as("system_admin").get("/accounts/slips")
    assert (answer.status_code, answer.headers["Allow"], title(answer).startswith("错误:")) == (405, "POST", True)


def test_rules_of_sessions_are_those_written_down() -> None:
    hours = {station: rule.absolute.total_seconds() / 3600 for station, rule in SESSION_RULES.items()}
    assert hours == {"headquarters": 12, "field": 12, "wall": 168}
