"""Signing in: a new session, the same answer to every failure, lock-out, sessions that end."""

import re

import pytest
from django.test import Client

from firebreak.engine.access.models import Account
from firebreak.kernel import clock


@pytest.fixture
def account(ledger: object) -> Account:
    row = Account(ref="account:one", username="wang", name="王伟", created_at=clock.real_now())
    row.set_password("correct horse battery")
    row.save()
    return row


def test_sign_in_with_right_password_opens_home(account: Account) -> None:
    answer = Client().post("/sign-in", {"username": "wang", "password": "correct horse battery"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_wrong_password_and_unknown_name_get_the_same_answer(account: Account) -> None:
    wrong = Client().post("/sign-in", {"username": "wang", "password": "no"})
    unknown = Client().post("/sign-in", {"username": "nobody", "password": "no"})
    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert _shown(wrong).replace("wang", "nobody") == _shown(unknown)


def _shown(answer: object) -> str:
    """The page without its form token."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())  # type: ignore[attr-defined]
