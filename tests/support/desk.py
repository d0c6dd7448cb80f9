"""People who sit at a desk: accounts with a role, signed in past the second factor."""

from datetime import timedelta

from django.test import Client

from firebreak.engine.access.models import Account, Grant, SignIn
from firebreak.engine.areas.models import Area
from firebreak.kernel import clock

PASSWORD = "correct horse battery"


def person(username: str, role: str, *, area: str = "HT", member: str = "", unit: str = "") -> Account:
    """An account with one role over an area since long ago."""
    row = Account(
        ref=f"account:{username}", username=username, name=username.title(), member_ref=member,
        created_at=clock.real_now(),
    )
    row.set_password(PASSWORD)
    row.save()
    begins = clock.real_now() - timedelta(days=10_000)
    Grant.objects.create(account=row, role=role, area=Area.objects.get(code=area), unit_path=unit, begins_at=begins)
    return row


def at_desk(account: Account, language: str = "zh") -> Client:
    """A browser in which this person is signed in and confirmed."""
    client = Client(headers={"accept-language": language})
    client.post("/sign-in", {"username": account.username, "password": PASSWORD})
    SignIn.objects.filter(account=account).update(confirmed_at=clock.real_now())
    return client
