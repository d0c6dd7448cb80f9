"""Grants in force: area × unit × time, judged at ledger time."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from firebreak.engine.access import scope
from firebreak.engine.access.actions import end_grant, grant_role
from firebreak.engine.access.actors import AccountActor, actor_of, actors_of
from firebreak.engine.access.models import Account, Grant
from firebreak.engine.areas.models import Area
from firebreak.kernel.refs import make_ref
from firebreak.kernel.refusals import Refusal
from tests.support.access import ADMIN, AT


def test_right_covers_its_area_and_all_below_and_nothing_beside(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("grid_worker", "A")
    places = ["/D/A/", "/D/A/A-1/", "/D/B/", "/D/", "/D/AA/", ""]
    assert [who.may("registry.read", area=place) for place in places] == [True, True, False, False, False, True]


def test_grant_without_area_covers_everywhere(person_with: Callable[..., AccountActor]) -> None:
    assert person_with("commander").areas("rounds.open") == ("/",)


def test_right_of_another_role_is_refused(person_with: Callable[..., AccountActor]) -> None:
    with pytest.raises(Refusal) as refused:
        person_with("sampler", "A").require("rounds.close", area="/D/A/")
    assert refused.value.code == "not-permitted"


def test_grant_counts_from_its_beginning_to_its_end(person_with: Callable[..., AccountActor]) -> None:
    person_with("sampler", "A", username="li", ends_at=AT + timedelta(hours=12))
    account = Account.objects.get(username="li")
    moments = [timedelta(seconds=-1), timedelta(0), timedelta(hours=12, seconds=-1), timedelta(hours=12)]
    held = [actor_of(account, AT + moment).may("capture.send") for moment in moments]
    assert held == [False, True, True, False]


def test_ended_grant_counts_no_longer(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("sampler", "A", username="li")
    grant = make_ref("grant", Grant.objects.get(account_id=who.account_id).pk)
    end_grant(account=who.ref, grant=grant, reason="换岗到社区", by=ADMIN, at=AT + timedelta(hours=1))
    assert actor_of(Account.objects.get(ref=who.ref), AT + timedelta(hours=1)).held == ()


def test_unit_of_a_grant_bounds_the_right(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("sampler", "A", username="li")
    grant_role(account=who.ref, role="task_force_leader", area_code="", unit_path="/HQ/T1/", by=ADMIN, at=AT)
    who = actor_of(Account.objects.get(ref=who.ref), AT)
    assert [who.may("orders.work", unit=path) for path in ("/HQ/T1/B2/", "/HQ/T2/", "")] == [True, False, True]


def test_disabled_account_holds_nothing(person_with: Callable[..., AccountActor]) -> None:
    who = person_with("commander", username="li")
    Account.objects.filter(ref=who.ref).update(is_active=False)
    assert actor_of(Account.objects.get(ref=who.ref), AT).held == ()
    assert actors_of([who.ref], AT) == {}


def test_lists_hold_only_rows_within_the_area(
    areas: dict[str, Area], person_with: Callable[..., AccountActor],
) -> None:
    everything = Area.objects.filter(level="building")
    def shown_to(role: str, area: str) -> list[str]:
        rows = scope.within(everything, person_with(role, area), "registry.read", field="path")
        return sorted(row.code for row in rows)

    shown = {
        role: shown_to(*role) for role in (("grid_worker", "A"), ("commander", ""), ("system_admin", ""))
    }
    assert shown == {("grid_worker", "A"): ["A-1"], ("commander", ""): ["A-1", "B-1"], ("system_admin", ""): []}


def test_many_actors_cost_two_queries(
    person_with: Callable[..., AccountActor], django_assert_num_queries: Callable[[int], object],
) -> None:
    refs = [person_with("sampler", "A", username=f"u{number}").ref for number in range(5)]
    with django_assert_num_queries(2):  # type: ignore[attr-defined]  # a context manager
        assert len(actors_of(refs, AT)) == 5
