"""Before many people's data: the password once more, with everything typed kept; an exercise alone passes without."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from firebreak.engine.access.models import Account, Invitation, SignIn
from firebreak.engine.access.roles import PROOF_LASTS
from firebreak.engine.journal.models import Event
from firebreak.kernel import clock
from firebreak.surfaces.common.gate import declaration_of
from firebreak.surfaces.common.proof import UNMASKED_AT_MOST
from firebreak.urls import urlpatterns
from tests.security.addresses import addresses
from tests.support.entering import account_as, client_of
from tests.support.places import two_communities
from tests.support.residents import resident

PASSWORD = "long enough to be good"
LATE = PROOF_LASTS + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _ledger(ledger: object) -> None:
    return None


def stale(client: Client) -> None:
    """Let the last proof of this browser be too long ago."""
    SignIn.objects.filter(session_key=client.session.session_key).update(proved_at=clock.real_now() - LATE)


def with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    return account


@pytest.fixture
def admin() -> Client:
    """The system administrator, whose last proof is too long ago."""
    client = client_of(with_password(account_as("system_admin")))
    TOTPDevice.objects.create(user=Account.objects.get(username="system_admin"), confirmed=True, key="ab" * 20)
    stale(client)
    return client


def code_now() -> str:
    return f"{totp(bytes.fromhex('ab' * 20)):06}"


def kept(answer: HttpResponse) -> list[tuple[str, str]]:
    page = answer.content.decode().partition("<main")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(name, value) for name, value in found if not name.startswith(("csrf", "proof"))]


def test_pages_that_ask_once_more() -> None:
    asking = [
        address.name for address in addresses(urlpatterns)
        if (declared := declaration_of(address.view)) is not None and declared.proof is not None
    ]
    assert sorted(asking) == [
        "account-slips", "call-tree", "figure-file", "import", "import-returned", "import-write",
        "round-missing-file", "round-roster", "unmask",
    ]


def test_a_question_that_carries_a_form_offers_no_link_that_would_lose_it(admin: Client) -> None:
    token = account_as("", username="li").ref.removeprefix("account:")
    asked = admin.post("/accounts/slips", {"account": [token]}).content.decode()
    page = admin.get("/accounts").content.decode()
    assert ('class="language"' in asked, 'class="language"' in page) == (False, True)


def test_slips_are_asked_for_once_more_and_what_was_chosen_is_kept(admin: Client) -> None:
    tokens = [account_as("", username=name).ref.removeprefix("account:") for name in ("li", "wu")]
    asked = admin.post("/accounts/slips", {"account": tokens})
    assert (asked.status_code, kept(asked)) == (403, [("account", token) for token in tokens])
    wrong = admin.post("/accounts/slips", {"account": tokens, "proof_password": "no", "proof_code": code_now()})
    assert (wrong.status_code, kept(wrong), Invitation.objects.count()) == (422, kept(asked), 0)
    late = admin.post("/accounts/slips", {"account": tokens, "proof_password": PASSWORD, "proof_code": "000000"})
    assert (late.status_code, Invitation.objects.count()) == (422, 0)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    done = admin.post("/accounts/slips", {"account": tokens, "proof_password": PASSWORD, "proof_code": code_now()})
    assert (done.status_code, Invitation.objects.count()) == (200, 2)
    assert admin.post("/accounts/slips", {"account": tokens}).status_code == 200
    assert Event.objects.filter(type="SignedIn", payload={"way": "again"}).count() == 1


def test_password_alone_does_not_pass_where_a_phone_confirms(admin: Client) -> None:
    token = account_as("", username="li").ref.removeprefix("account:")
    said = admin.post("/accounts/slips", {"account": token, "proof_password": PASSWORD})
    assert (said.status_code, Invitation.objects.count()) == (422, 0)


def test_a_page_opens_after_the_proof_at_the_address_that_was_asked_for() -> None:
    client = client_of(with_password(account_as("grid_worker")))
    stale(client)
    address = "/rounds/r1/areas/A1-1/roster?only=missing"
    asked = client.get(address, headers={"referer": "http://testserver/rounds/r1"})
    assert (asked.status_code, 'name="proof_code"' in asked.content.decode()) == (403, False)
    assert 'href="http://testserver/rounds/r1"' in asked.content.decode()
    before = client.session.session_key
    done = client.post(address, {"proof_password": PASSWORD, "proof_for": "GET"})
    assert (done.status_code, done.headers["Location"]) == (302, address)
    assert before != client.session.session_key
    assert client.get(address).status_code == 404


def test_no_way_back_leads_elsewhere() -> None:
    client = client_of(with_password(account_as("grid_worker")))
    stale(client)
    asked = client.get("/rounds/r1/areas/A/roster", headers={"referer": "https://elsewhere.example/x"})
    assert "elsewhere" not in asked.content.decode()
    wrong = {"proof_password": "no", "proof_for": "GET", "proof_back": ""}
    itself = {"referer": "http://testserver/rounds/r1/areas/A/roster"}
    assert "回到刚才那一页" not in client.post("/rounds/r1/areas/A/roster", wrong, headers=itself).content.decode()
    pressed = client_of(with_password(account_as("register_clerk")))
    stale(pressed)
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/x"}
    assert pressed.post("/import/x/write", headers=headers).headers["HX-Redirect"] == "/"
    headers["HX-Current-URL"] = "http://testserver/import/x"
    assert pressed.post("/import/x/write", headers=headers).headers["HX-Redirect"] == "http://testserver/import/x"


def test_guessing_locks_and_keeps_what_was_typed(admin: Client) -> None:
    token = account_as("", username="li").ref.removeprefix("account:")
    guess = {"account": token, "proof_password": "guess", "proof_code": "1"}
    said = [admin.post("/accounts/slips", guess) for _ in range(8)]
    assert [answer.status_code for answer in said] == [422] * 7 + [429]
    assert kept(said[-1]) == [("account", token)]
    right = guess | {"proof_password": PASSWORD, "proof_code": code_now()}
    assert (admin.post("/accounts/slips", right).status_code, Invitation.objects.count()) == (429, 0)


def test_a_proof_gives_no_right_the_person_does_not_hold() -> None:
    client = client_of(with_password(account_as("wall")))
    stale(client)
    assert client.post("/accounts/slips", {"proof_password": PASSWORD, "account": "x"}).status_code == 403
    assert client.post("/rounds/r/areas/A/roster", {"proof_password": PASSWORD, "proof_for": "GET"}).status_code == 403


def test_signing_in_is_a_proof_and_lasts_its_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    with_password(account_as("grid_worker", username="li"))
    client = Client()
    client.post("/sign-in", {"username": "li", "password": PASSWORD})
    began = clock.real_now()
    address = "/rounds/r1/areas/A/roster"
    assert client.get(address).status_code == 404
    monkeypatch.setattr(clock, "real_now", lambda: began + PROOF_LASTS - timedelta(seconds=5))
    assert client.get(address).status_code == 404
    monkeypatch.setattr(clock, "real_now", lambda: began + LATE)
    assert client.get(address).status_code == 403


def test_unmasking_one_after_another_asks_at_last() -> None:
    place = two_communities()["A-1"]
    tokens = [f"p{number}" for number in range(UNMASKED_AT_MOST + 1)]
    for number, token in enumerate(tokens):
        resident("王某", place, token=token, number=f"11010519491231{number:04}")
    client = client_of(with_password(account_as("community_leader", "A")))
    stale(client)
    wanted = {"field": "number", "purpose": "identity"}
    said = [client.post(f"/people/{token}/unmask", wanted).status_code for token in tokens]
    assert said == [200] * UNMASKED_AT_MOST + [403]


@pytest.mark.parametrize(("drill", "status"), [(True, 404), (False, 403)])
def test_only_an_exercise_lets_an_account_without_a_password_pass(settings: Any, drill: bool, status: int) -> None:
    client = client_of(account_as("grid_worker"))
    stale(client)
    settings.FIREBREAK_DRILL = drill
    assert client.get("/rounds/r1/areas/A/roster").status_code == status


def test_an_exercise_asks_whoever_has_a_password(settings: Any) -> None:
    client = client_of(with_password(account_as("grid_worker")))
    stale(client)
    settings.FIREBREAK_DRILL = True
    assert client.get("/rounds/r1/areas/A/roster").status_code == 403


@pytest.mark.parametrize(("drill", "words"), [(True, "演练账号没有密码"), (False, "确认一次管 15 分钟")])
def test_own_account_says_whether_it_is_asked_again(settings: Any, drill: bool, words: str) -> None:
    client = client_of(account_as("grid_worker"))
    settings.FIREBREAK_DRILL = drill
    assert words in client.get("/account").content.decode()
