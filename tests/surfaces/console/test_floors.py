"""A building drawn floor by floor: what each door says, and how a door is written down in two taps."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from firebreak.engine.areas.models import Area
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.engine.registry.models import Presence
from firebreak.kernel.refs import Ref, token_of
from firebreak.operations.rounds.models import Attempt, Entry, Round
from firebreak.surfaces.console.rounds.floors import letter_of, next_door, place_of, stairs
from tests.support.entering import client_as
from tests.support.staffing import AT, everybody
from tests.support.testing_round import OPENED, Running, running_round

NOON = OPENED + timedelta(hours=4)
HOUSE = "/rounds/1/areas/A1-1"


@pytest.mark.parametrize(("door", "place"), [
    ("1203", ("", 12)), ("203", ("", 2)), ("3-1203", ("3", 12)), ("2单元501室", ("2", 5)), ("1-2-301", ("1-2", 3)),
    ("7", ("", 0)), ("后院", ("", 0)), ("12005", ("", 0)), ("", ("", 0)),
])
def test_a_door_says_its_stair_and_floor(door: str, place: tuple[str, int]) -> None:
    assert place_of(door) == place


@pytest.mark.parametrize(("states", "refused", "letter"), [
    (["sampled", "away", "to_do"], False, "to_do"), (["away", "unreachable"], False, "unreachable"),
    (["sampled", "away"], False, "away"), (["sampled", "excused"], False, "sampled"), (["excused"], False, "excused"),
    (["to_do", "sampled"], True, "refused"), (["sampled"], True, "sampled"),
])
def test_the_letter_of_a_door_is_what_asks_for_most(states: list[str], refused: bool, letter: str) -> None:
    assert letter_of(states, refused=refused) == letter


def test_a_building_stands_with_its_top_floor_first_and_doors_in_order() -> None:
    doors = {1: "1-201", 2: "1-202", 3: "1-201", 4: "1-1001", 5: "2-201", 6: "1-999999"}
    found = stairs(doors, dict.fromkeys(doors, "to_do") | {2: "sampled"}, [], "1-202", "?door=")
    assert [(stair.name, [floor.number for floor in stair.floors]) for stair in found] == [
        ("1", ["10", "2", ""]), ("2", ["2"])
    ]
    second = found[0].floors[1].doors
    assert [(door.door, door.mark.letter, door.left, door.people, door.on) for door in second] == [
        ("1-201", "缺", 2, 2, False), ("1-202", "完", 0, 1, True)
    ]
    cells = [door for stair in found for floor in stair.floors for door in floor.doors]
    assert [next_door(cells, after) for after in ("1-201", "1-1001", "2-201")] == ["1-1001", "1-999999", "1-201"]


@pytest.fixture
def running(db: None, clock_at: Callable[[datetime], None]) -> Running:
    made = running_round()
    clock_at(NOON)
    return made


@pytest.fixture
def leader(running: Running) -> Client:
    return client_as("testing_leader", "HT")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def behind(running: Running, door: str) -> list[Ref]:
    found = Presence.objects.filter(building__code="A1-1", door=door).order_by("person_id")
    return [Ref(ref) for ref in found.values_list("person__ref", flat=True)]


def test_a_door_is_written_down_in_two_taps_and_the_next_one_is_open(leader: Client, running: Running) -> None:
    first = page(leader, HOUSE)
    assert ("哪几户还没完?" in first, "还差 6 户,共 6 户" in first, "敲过门了" in first) == (True, True, False)
    assert "敲过门了" in page(leader, f"{HOUSE}?door=0")

    (person,) = behind(running, "0")
    sent = leader.post(f"{HOUSE}?door=0", {"picked": token_of(person), "attempt-way": "visit", "attempt-result": "away"})
    assert (sent.status_code, sent["Location"]) == (302, f"{HOUSE}?door=1")
    assert (Entry.objects.get(person__ref=person).state, Attempt.objects.count()) == ("away", 1)
    told = page(leader, f"{HOUSE}?door=1")
    assert ("已给 1 人记下" in told, "撤销" in told) == (True, True)


def test_undo_brings_the_door_back(leader: Client, running: Running) -> None:
    (person,) = behind(running, "0")
    leader.post(f"{HOUSE}?door=0", {"picked": token_of(person), "attempt-way": "visit", "attempt-result": "refused"})
    told = page(leader, f"{HOUSE}?door=0")
    assert 'class="letter refused"' in told
    undo = told.split('action="/rounds/1/undo?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert leader.post(f"/rounds/1/undo?{undo}")["Location"] == HOUSE
    assert 'class="letter refused"' not in page(leader, HOUSE)


def test_who_sees_totals_only_sees_no_door(running: Running) -> None:
    seen = page(client_as("task_force_leader", "HT"), HOUSE)
    assert ("只看得到这栋楼的合计" in seen, "?door=" in seen) == (True, False)


def test_those_ticked_in_the_list_of_the_missing_are_written_down_together(leader: Client, running: Running) -> None:
    address = "/rounds/1/missing?area=A1"
    listed = page(leader, address)
    tokens = [part.split('"', 1)[0] for part in listed.split('name="picked" value="')[1:]]
    assert len(tokens) == 12
    sent = leader.post(address, {"picked": tokens[:7], "attempt-way": "call", "attempt-result": "unreachable"})
    assert (sent.status_code, sent["Location"]) == (302, address)
    assert Entry.objects.filter(state="unreachable").count() == 7
    leader.post(address, {"picked": tokens[:2], "do": "excuse", "excuse-reason": "in_hospital", "excuse-note": "住院"})
    assert Entry.objects.filter(state="excused").count() == 2


@pytest.mark.parametrize(("data", "says"), [
    ({"attempt-way": "call", "attempt-result": "away"}, "没有选中任何人"),
    ({"do": "excuse", "excuse-reason": "", "picked": "x"}, "excuse-reason"),
    ({"do": "assign", "assign-post": "", "picked": "x"}, "assign-post"),
])
def test_what_cannot_be_written_comes_back_with_its_sentence(leader: Client, data: dict[str, str], says: str) -> None:
    answer = leader.post("/rounds/1/missing?area=A1", data)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)


def test_people_of_another_area_are_not_written_down(running: Running) -> None:
    register_people(
        people=[NewPerson(name="外人", building="B1-1", door="9")], by=everybody(), at=AT,
    )
    worker = client_as("grid_worker", "A1")
    other = Entry.objects.filter(building=Area.objects.get(code="B1-1")).select_related("person")[0].person
    sent = worker.post("/rounds/1/missing?area=A1", {
        "picked": token_of(other.ref), "attempt-way": "call", "attempt-result": "away",
    })
    assert (sent.status_code, Attempt.objects.count()) == (404, 0)


def test_a_round_that_has_ended_takes_nothing_in_together(leader: Client, running: Running) -> None:
    Round.objects.update(status="cancelled", closed_at=NOON)
    sent = leader.post("/rounds/1/missing?area=A1", {
        "picked": token_of(running.people[0]), "attempt-way": "call", "attempt-result": "away",
    })
    assert (sent.status_code, Attempt.objects.count()) == (409, 0)
