"""Finding and showing people: by what, to whom, how much of them, and with what record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firebreak.engine.access.actors import AccountActor, actor_of
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Event
from firebreak.engine.registry import persons
from firebreak.engine.registry.models import Person
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from tests.support.entering import account_as
from tests.support.places import two_communities
from tests.support.residents import household, resident

NUMBER, PHONE = "350622198001011234", "13900001234"


@pytest.fixture
def places(ledger: object) -> dict[str, Area]:
    """Zhang San lives in A-1, his namesake and a Costa in B-1."""
    found = two_communities()
    home = household(found["A-1"])
    resident("张三", found["A-1"], token="zhang1", number=NUMBER, phone=PHONE, needs=("dialysis",), household=home)
    resident("张三丰", found["B-1"], token="zhang2", number="350622198001015678")
    resident("Maria Costa", found["B-1"], token="costa", kind="passing")
    return found


@pytest.fixture
def by(places: dict[str, Area]) -> Callable[..., AccountActor]:
    """`by("grid_worker", "A")`."""
    return lambda role, area="": actor_of(account_as(role, area))


def refs(found: persons.Found) -> list[str]:
    return sorted(view.ref.removeprefix("person:") for view in found.people)


@pytest.mark.parametrize(("text", "wanted"), [
    ("张三", ["zhang1", "zhang2"]), ("张三丰", ["zhang2"]), ("zs", ["zhang1", "zhang2"]), ("ZSF", ["zhang2"]),
    ("zhangsan", ["zhang1", "zhang2"]), ("1234", ["zhang1"]), ("567 8", ["zhang2"]), (NUMBER, ["zhang1"]),
    (PHONE, ["zhang1"]), ("139-0000-1234", ["zhang1"]), ("person:costa", ["costa"]), ("Maria", ["costa"]),
    ("三", []), ("9999", []), ("", []), ("%", []), ("' OR 1=1 --", []), ("_", []),
])
def test_person_is_found_by(by: Callable[..., AccountActor], text: str, wanted: list[str]) -> None:
    assert refs(persons.find(text, by("commander"))) == wanted


def test_search_stays_within_the_area(by: Callable[..., AccountActor]) -> None:
    found = {area: refs(persons.find("张", by("grid_worker", area))) for area in ("A", "B")}
    assert found == {"A": ["zhang1"], "B": ["zhang2"]}


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "sampler", "wall"])
def test_roles_without_the_register_find_nobody(by: Callable[..., AccountActor], role: str) -> None:
    assert persons.find("张", by(role)) == persons.Found((), False)


@pytest.mark.parametrize("text", ["张三", "zs", "1234", "zhangsan12ab"])
def test_search_costs_a_bounded_number_of_queries(
    by: Callable[..., AccountActor], django_assert_max_num_queries: Any, text: str,
) -> None:
    who = by("grid_worker", "A")
    with django_assert_max_num_queries(4):
        persons.find(text, who)


def test_more_than_the_limit_is_said(places: dict[str, Area], by: Callable[..., AccountActor]) -> None:
    for number in range(25):
        resident(f"李{number}", places["A-1"], token=f"li{number}")
    found = persons.find("李", by("commander"))
    assert (len(found.people), found.more) == (20, True)


@pytest.mark.parametrize(("role", "area", "shown", "needs", "may_unmask"), [
    ("commander", "", ("张*", "****1234", "139******34"), None, ()),
    ("auditor", "", ("张*", "****1234", "139******34"), None, ()),
    ("site_lead", "A", ("张三", "****1234", "139******34"), None, ()),
    ("grid_worker", "A", ("张三", "****1234", PHONE), ("dialysis",), ()),
    ("community_leader", "A", ("张三", "****1234", PHONE), ("dialysis",), ("number",)),
])
def test_each_role_sees_its_fields(
    by: Callable[..., AccountActor], role: str, area: str, shown: tuple[str, str, str], needs: Any, may_unmask: Any,
) -> None:
    view = persons.show(Ref("person:zhang1"), by(role, area))
    assert (view.shown.name, view.shown.number, view.shown.phone) == shown
    assert (view.needs, view.may_unmask) == (needs, may_unmask)


def refusal_of(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code, str(refused.value.text)


def test_person_of_another_area_is_refused_like_an_unknown_one(by: Callable[..., AccountActor]) -> None:
    who = by("community_leader", "A")
    foreign = refusal_of(lambda: persons.show(Ref("person:zhang2"), who))
    assert foreign == refusal_of(lambda: persons.show(Ref("person:nobody"), who))
    assert foreign[0] == "not-found"


def test_household_of_another_area_is_refused_like_an_unknown_one(
    places: dict[str, Area], by: Callable[..., AccountActor],
) -> None:
    household(places["B-1"], key="h2")
    who = by("community_leader", "A")
    assert refusal_of(lambda: persons.show_household(Ref("household:h2"), who)) == refusal_of(
        lambda: persons.show_household(Ref("household:none"), who)
    )
    assert len(persons.show_household(Ref("household:h1"), who).people) == 1


def opened(who: AccountActor, field: str, purpose: str = "visit", person: str = "zhang1") -> str:
    return persons.unmask(person=Ref(f"person:{person}"), field=field, purpose=purpose, by=who, at=clock.now())


def test_unmasking_shows_one_field_and_keeps_why(by: Callable[..., AccountActor]) -> None:
    who = by("community_leader", "A")
    assert [opened(who, field) for field in ("number", "phone", "name")] == [NUMBER, PHONE, "张三"]
    assert [event.payload for event in Event.objects.filter(type="PersonUnmasked").order_by("id")] == [
        {"field": field, "reason": "visit"} for field in ("number", "phone", "name")
    ]


@pytest.mark.parametrize(("role", "area", "field", "purpose", "person", "code"), [
    ("commander", "", "number", "visit", "zhang1", "not-found"),
    ("community_leader", "A", "number", "visit", "zhang2", "not-found"),
    ("community_leader", "A", "needs", "visit", "zhang1", "no-such-field"),
    ("community_leader", "A", "number", "curiosity", "zhang1", "no-reason"),
])
def test_unmasking_is_refused(
    by: Callable[..., AccountActor], role: str, area: str, field: str, purpose: str, person: str, code: str,
) -> None:
    assert refusal_of(lambda: opened(by(role, area), field, purpose, person))[0] == code
    assert Event.objects.filter(type="PersonUnmasked").count() == 0


def test_everybody_of_an_area_is_listed_page_by_page(places: dict[str, Area], by: Callable[..., AccountActor]) -> None:
    for number in range(5):
        resident(f"李{number}", places["B-1"], token=f"li{number}")
    who, seen, after = by("commander"), [], 0
    while True:
        people, after = persons.list_at(places["B"], who, after, limit=3)
        seen += [view.ref for view in people]
        if not after:
            break
    assert sorted(seen) == sorted(["person:zhang2", "person:costa", *(f"person:li{number}" for number in range(5))])


def test_list_of_another_area_is_refused(places: dict[str, Area], by: Callable[..., AccountActor]) -> None:
    assert refusal_of(lambda: persons.list_at(places["B"], by("grid_worker", "A")))[0] == "not-found"


@pytest.mark.parametrize(("text", "index"), [
    ("张三", "person_by_name"), ("zs", "person_by_initials"), ("1234", "person_by_last4"),
])
def test_search_is_answered_from_an_index(
    by: Callable[..., AccountActor], text: str, index: str,
) -> None:
    who = by("commander")
    # A planner answers a table of one page from whatever it likes: only a register of some size shows its choice.
    Person.objects.bulk_create(
        Person(ref=f"person:n{number}", name=f"李{number}", pinyin=f"li{number}", initials="l", id_last4=f"{number:04}")
        for number in range(5000, 8000)
    )
    with CaptureQueriesContext(connection) as captured:
        persons.find(text, who)
    asked = next(query["sql"] for query in captured.captured_queries if "registry_person" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_person")
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + asked)
        plan = str(cursor.fetchall())
    assert index in plan
