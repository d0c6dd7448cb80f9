"""Door cards: one for each door, without a name; the code leads back to the door."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from firebreak.engine.registry.models import Person, Presence
from firebreak.operations.rounds.models import Entry
from firebreak.surfaces.console.rounds.papers import door_code
from tests.support.entering import client_as
from tests.support.testing_round import OPENED, Running, running_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(clock_at: Callable[[datetime], None]) -> Running:
    made = running_round()
    clock_at(OPENED + timedelta(hours=4))
    return made


def test_each_door_with_somebody_owed_has_one_card_and_no_card_a_name(running: Running) -> None:
    page = client_as("testing_leader", "HT").get("/rounds/1/areas/A1/cards").content.decode()
    doors = set(Presence.objects.filter(building__path__contains="/A1/").values_list("building_id", "door"))
    assert page.count('<section class="door-card keep">') == len(doors) > 1
    assert [name in page for name in Person.objects.values_list("name", flat=True)] == [False] * Person.objects.count()


def test_only_doors_with_somebody_left_are_printed_when_asked(running: Running) -> None:
    first = Presence.objects.filter(building__code="A1-1").order_by("door").first()
    assert first is not None
    behind = Presence.objects.filter(building=first.building, door=first.door).values("person")
    leader = client_as("testing_leader", "HT")
    before = leader.get("/rounds/1/areas/A1-1/cards?only=missing").content.decode().count("door-card keep")
    Entry.objects.filter(person__in=behind).update(state="sampled")
    assert before - leader.get("/rounds/1/areas/A1-1/cards?only=missing").content.decode().count("door-card keep") == 1


def test_the_code_of_a_card_leads_to_its_door(running: Running) -> None:
    recorder = client_as("grid_worker", "A1")
    answer = recorder.get("/rounds/1/keying", {"code": door_code("A1-1", "101")})
    assert (answer.status_code, answer["Location"]) == (302, "/rounds/1/areas/A1-1?door=101")
    assert recorder.get("/rounds/1/keying", {"code": door_code("B1-1", "101")}).status_code == 404


def test_cards_of_a_whole_community_are_not_printed_at_once(running: Running) -> None:
    assert client_as("testing_leader", "HT").get("/rounds/1/areas/A/cards").status_code == 404
