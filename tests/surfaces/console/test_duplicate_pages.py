"""The desk of whoever decides which entries are one human being."""

from datetime import date, timedelta

import pytest
from django.test import Client

from firebreak.engine.journal.models import Event
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.models import PersonMerge, PersonPair, Presence
from firebreak.kernel.refs import Ref, token_of
from tests.support.entering import client_as
from tests.support.staffing import AT, everybody, plant_areas

pytestmark = pytest.mark.django_db
PAGE = "/people/duplicates"


@pytest.fixture
def twice(clock_at: object) -> list[Ref]:
    """吴建国 stands at A1-1 and at B1-1, with one birthday and one telephone."""
    plant_areas()
    clock_at(AT + timedelta(hours=1))  # type: ignore[operator]
    entry = {"name": "吴建国", "birth_on": date(1980, 3, 4), "phone": "13800000001"}
    return register_people(
        people=[NewPerson(building=code, door="301", **entry) for code in ("A1-1", "B1-1")],  # type: ignore[arg-type]
        by=everybody(), at=AT,
    )


def text_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_pair_is_shown_side_by_side_with_what_is_alike_and_the_look_is_journaled(twice: list[Ref]) -> None:
    clerk = client_as("register_clerk", "HT")
    assert "没有待裁定的疑似重复" in text_of(clerk)
    clerk.post(PAGE)
    page = text_of(clerk)
    assert [one for one in ("1 对可能是同一人", "同名", "同日出生", "同一电话") if one not in page] == []
    (read,) = [event.payload for event in Event.objects.filter(type="PersonalRead")]
    assert (read["page"], read["people"]) == ("duplicates", 2)


def test_a_merge_and_its_undoing_at_the_desk(twice: list[Ref]) -> None:
    clerk = client_as("register_clerk", "HT")
    clerk.post(PAGE)
    token = token_of(PersonPair.objects.get().ref)
    sent = clerk.post(f"{PAGE}/{token}", {"keep": token_of(twice[1]), "reason": "身份证同一人"})
    assert (sent.status_code, list(Presence.objects.values_list("person__ref", flat=True))) == (302, [twice[1]])
    page = text_of(clerk)
    assert ("撤销合并" in page, "身份证同一人" in page) == (True, True)

    clerk.post(f"{PAGE}/{token}", {"keep": "undo"})
    assert sorted(Presence.objects.values_list("person__ref", flat=True)) == sorted(twice)
    assert "1 对已认定不是同一人" in text_of(clerk)


def test_two_people_are_remembered(twice: list[Ref]) -> None:
    clerk = client_as("register_clerk", "HT")
    clerk.post(PAGE)
    clerk.post(f"{PAGE}/{token_of(PersonPair.objects.get().ref)}", {"keep": "apart", "reason": "父子"})
    clerk.post(PAGE)
    assert (PersonPair.objects.get().status, "没有待裁定的疑似重复" in text_of(clerk)) == ("apart", True)


def test_a_clerk_of_one_community_sees_no_pair_that_reaches_into_another(twice: list[Ref]) -> None:
    client_as("register_clerk", "HT").post(PAGE)
    clerk = client_as("register_clerk", "A", username="a-clerk")
    assert "没有待裁定的疑似重复" in text_of(clerk)
    sent = clerk.post(f"{PAGE}/{token_of(PersonPair.objects.get().ref)}", {"keep": token_of(twice[0])})
    assert (sent.status_code, PersonMerge.objects.count()) == (404, 0)


def test_a_pair_nobody_found_is_not_found(twice: list[Ref]) -> None:
    assert client_as("register_clerk", "HT").post(f"{PAGE}/none", {"keep": "apart"}).status_code == 404
