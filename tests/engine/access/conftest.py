"""Accounts and areas that the tests of access share. Django is loaded only inside the fixtures."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.access import ADMIN, AT

if TYPE_CHECKING:
    from firebreak.engine.access.actors import AccountActor
    from firebreak.engine.areas.models import Area


@pytest.fixture
def areas(ledger: object) -> "dict[str, Area]":
    """A district with two communities and one building in each."""
    from tests.support.places import two_communities

    return two_communities()


@pytest.fixture
def person_with(areas: Any) -> "Callable[..., AccountActor]":
    """`person_with("sampler", "A")` is somebody with that role over that area, from 5 June 2022 on."""
    from firebreak.engine.access.actions import create_account, grant_role
    from firebreak.engine.access.actors import actor_of
    from firebreak.engine.access.models import Account

    def make(role: str, area: str = "", *, username: str = "", ends_at: datetime | None = None) -> "AccountActor":
        name = username or f"{role}-{area}"
        ref = create_account(username=name, name=name, by=ADMIN, at=AT)
        grant_role(account=ref, role=role, area_code=area, ends_at=ends_at, by=ADMIN, at=AT)
        return actor_of(Account.objects.get(ref=ref), AT)

    return make
