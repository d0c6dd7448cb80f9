"""Accounts and grants: what is refused, what is journaled, what ends at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from firebreak.engine.access import actions, entry
from firebreak.engine.access.actors import AccountActor, actor_of
from firebreak.engine.access.models import Account, Grant, Invitation
from firebreak.engine.access.signing_in import sign_in
from firebreak.engine.journal.models import Act, Event
from firebreak.kernel.refusals import Refusal
from tests.support.access import ADMIN, AT

GOOD = "long enough to be good"


def refusal_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize(("username", "name", "code"), [
    ("a", "王伟", "bad-username"), ("has blank", "王伟", "bad-username"), ("wang", " ", "no-name"),
])
def test_account_is_refused(ledger: object, username: str, name: str, code: str) -> None:
    assert refusal_of(lambda: actions.create_account(username=username, name=name, by=ADMIN, at=AT)) == code
    assert (Account.objects.count(), Act.objects.get().outcome) == (0, "refused")


def test_new_account_has_no_password_and_no_right(ledger: object) -> None:
    ref = actions.create_account(username="wang", name="王伟", by=ADMIN, at=AT)
    row = Account.objects.get(ref=ref)
    assert (row.has_usable_password(), row.grants.count()) == (False, 0)
    assert [event.type for event in Event.objects.all()] == ["AccountCreated"]
    assert "王伟" not in str(Event.objects.get().payload)


def test_user_name_is_given_once(ledger: object) -> None:
    actions.create_account(username="wang", name="王伟", by=ADMIN, at=AT)
    assert refusal_of(lambda: actions.create_account(username="wang", name="王薇", by=ADMIN, at=AT)) == "name-taken"


def test_many_accounts_are_opened_together_or_not_at_all(ledger: object) -> None:
    rows = [("li", "李芳", ""), ("li", "李方", "")]
    assert refusal_of(lambda: actions.create_accounts(rows=rows, by=ADMIN, at=AT)) == "line-wrong"
    assert Account.objects.count() == 0
    assert len(actions.create_accounts(rows=[("li", "李芳", ""), ("zhao", "赵云", "")], by=ADMIN, at=AT)) == 2


@pytest.mark.parametrize("pair", [
    ("system_admin", "security_admin"), ("security_admin", "auditor"), ("auditor", "system_admin"),
])
def test_two_administrator_roles_are_refused(person_with: Callable[..., AccountActor], pair: tuple[str, str]) -> None:
    who = person_with(pair[0])
    asked = lambda: actions.grant_role(account=who.ref, role=pair[1], area_code="", by=ADMIN, at=AT)  # noqa: E731
    assert refusal_of(asked) == "roles-apart"
    assert Grant.objects.count() == 1


def test_nobody_grants_to_themselves(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("security_admin")
    asked = lambda: actions.grant_role(account=who.ref, role="commander", area_code="", by=who, at=AT)  # noqa: E731
    assert refusal_of(asked) == "not-to-yourself"


def test_grants_stay_within_the_granters_area(person_with: Callable[..., AccountActor]) -> None:
    granter, other = person_with("security_admin", "A"), person_with("sampler", "B")

    def give(area: str) -> object:
        return actions.grant_role(account=other.ref, role="sampler", area_code=area, by=granter, at=AT)

    assert [refusal_of(lambda: give("B")), refusal_of(lambda: give(""))] == ["not-permitted", "not-permitted"]
    assert give("A-1") is not None


def test_disabling_ends_every_session(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("sampler", "A")
    for _ in range(2):
        store = SessionStore()
        store.create()
        key = store.session_key or ""
        sign_in(account=who.ref, session_key=key, address="", browser="", way="password", by=who, at=AT)
    actions.disable_account(account=who.ref, reason="离开岗位", by=ADMIN, at=AT)
    assert Session.objects.count() == 0
    assert Event.objects.get(type="AccountDisabled").payload["sessions_ended"] == 2


def test_nobody_disables_themselves(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("system_admin")
    asked = lambda: actions.disable_account(account=who.ref, reason="再见再见", by=who, at=AT)  # noqa: E731
    assert refusal_of(asked) == "not-to-yourself"


def slip(username: str = "wang") -> str:
    ref = actions.create_account(username=username, name="某人", by=ADMIN, at=AT)
    return entry.invite(accounts=[ref], by=ADMIN, at=AT)[ref]


def use(code: str, *, username: str = "wang", password: str = GOOD, again: str = GOOD, days: int = 0) -> object:
    return entry.set_first_password(
        username=username, code=code, password=password, again=again, by=ADMIN, at=AT + timedelta(days=days),
    )


def test_slip_sets_a_password_once(ledger: object) -> None:
    code = slip()
    use(code.upper().replace("-", " "))
    assert Account.objects.get(username="wang").check_password(GOOD)
    assert refusal_of(lambda: use(code)) == "slip-not-valid"


def test_slip_of_another_expired_or_replaced_is_refused_alike(ledger: object) -> None:
    code, other = slip(), slip("zhao")
    tries = [lambda: use(other), lambda: use("aaaa-bbbb-cccc"), lambda: use(code, days=8)]
    assert [refusal_of(attempt) for attempt in tries] == ["slip-not-valid"] * 3
    newer = entry.invite(accounts=[Account.objects.get(username="wang").ref], by=ADMIN, at=AT)
    assert refusal_of(lambda: use(code)) == "slip-not-valid"
    assert use(next(iter(newer.values())))


def test_only_the_hash_of_a_slip_is_kept(ledger: object) -> None:
    code = slip()
    row = Invitation.objects.get()
    assert code.replace("-", "") not in f"{row.code_hash}{[event.payload for event in Event.objects.all()]}"


@pytest.mark.parametrize(("password", "again", "code"), [
    ("short", "short", "weak-password"),
    ("password123", "password123", "weak-password"),
    (GOOD, GOOD + "!", "passwords-differ"),
])
def test_password_is_refused(ledger: object, password: str, again: str, code: str) -> None:
    issued = slip()
    assert refusal_of(lambda: use(issued, password=password, again=again)) == code
    assert use(issued)


def test_reset_leaves_neither_password_nor_session(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("sampler", "A")
    row = Account.objects.get(ref=who.ref)
    row.set_password(GOOD)
    row.save()
    entry.start_reset(account=who.ref, reason="忘了密码", by=ADMIN, at=AT)
    assert Account.objects.get(ref=who.ref).has_usable_password() is False


def test_an_account_is_tied_to_a_member_of_the_roster_and_untied_again(ledger: object) -> None:
    ref = actions.create_account(username="li", name="李芳", by=ADMIN, at=AT)
    for member in ("member:l", "member:l", ""):
        actions.tie_account(account=ref, member_ref=member, by=ADMIN, at=AT)
        assert Account.objects.get(ref=ref).member_ref == member
    assert list(Event.objects.filter(type="AccountTied").order_by("id").values_list("about", "payload")) == [
        (ref, {"member": member}) for member in ("member:l", "member:l", "")
    ]


def test_a_member_of_the_roster_has_one_account(ledger: object) -> None:
    actions.create_account(username="zhao", name="赵云", member_ref="member:z", by=ADMIN, at=AT)
    ref = actions.create_account(username="li", name="李芳", by=ADMIN, at=AT)
    tie = partial(actions.tie_account, account=ref, member_ref="member:z", by=ADMIN, at=AT)
    another = partial(actions.create_account, username="sun", name="孙丽", member_ref="member:z", by=ADMIN, at=AT)
    assert [refusal_of(tie), refusal_of(another)] == ["member-has-account"] * 2
    assert dict(Account.objects.values_list("username", "member_ref")) == {"zhao": "member:z", "li": ""}


def test_nobody_ties_their_own_account_or_without_the_right(ledger: object) -> None:
    ref = actions.create_account(username="li", name="李芳", by=ADMIN, at=AT)
    own = actor_of(Account.objects.get(ref=ref), AT)
    Grant.objects.create(account_id=own.account_id, role="system_admin", begins_at=AT)
    tie = partial(actions.tie_account, account=ref, member_ref="member:l", at=AT)
    itself = actor_of(Account.objects.get(ref=ref), AT)
    assert [refusal_of(partial(tie, by=who)) for who in (own, itself)] == ["not-permitted", "not-to-yourself"]
