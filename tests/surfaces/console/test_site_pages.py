"""Sampling sites at a desk: typed or pasted, corrected, all of them or none, and a round can be opened after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from firebreak.engine.units.models import Post
from firebreak.operations.rounds.actions import open_round
from firebreak.operations.rounds.models import Site, SiteDuty
from tests.support.entering import client_as
from tests.support.staffing import AT, RESPONSE, everybody, staffed
from tests.support.testing_round import DUE, OPENED, plant_people, rounds_plan, running_round

pytestmark = pytest.mark.django_db
GOOD = "S01\t东岸 小学\tA\t118.2103\t24.6021\t2\nS02 西岸广场 B 118.22 24.6 3\n"


@pytest.fixture
def district(clock_at: Callable[[datetime], None]) -> dict[str, Post]:
    """Communities A and B, staffed, without a site."""
    posts = staffed()
    clock_at(AT + timedelta(minutes=30))
    return posts


@pytest.fixture
def leader(district: dict[str, Post]) -> Client:
    return client_as("testing_leader", "HT")


def known() -> list[tuple[str, str, str, float, float, int]]:
    return list(Site.objects.order_by("code").values_list("code", "name_zh", "area__code", "lon", "lat", "benches"))


def test_pasted_lines_are_sites_afterwards(leader: Client) -> None:
    answer = leader.post("/rounds/sites", {"lines": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/rounds/sites")
    assert known() == [("S01", "东岸 小学", "A", 118.2103, 24.6021, 2), ("S02", "西岸广场", "B", 118.22, 24.6, 3)]


def test_a_known_code_is_corrected_from_the_line_the_page_offers(leader: Client) -> None:
    leader.post("/rounds/sites", {"lines": GOOD})
    offered = leader.get("/rounds/sites?site=S02").content.decode()
    assert "S02\t西岸广场\tB\t118.22\t24.6\t3</textarea>" in offered
    leader.post("/rounds/sites", {"lines": "S02\t西岸广场北\tB\t118.22\t24.6\t5"})
    assert known()[1] == ("S02", "西岸广场北", "B", 118.22, 24.6, 5)


def test_a_site_without_benches_is_closed_and_the_next_round_goes_without_it(leader: Client) -> None:
    leader.post("/rounds/sites", {"lines": GOOD})
    leader.post("/rounds/sites", {"lines": "S01\t东岸 小学\tA\t118.2103\t24.6021\t0"})
    page = leader.get("/rounds/sites").context
    assert (page["count"], page["benches"]) == (1, 3)
    assert [(row.ref, str(row.cells[2])) for row in page["listing"].rows] == [("S01", "已停用"), ("S02", "3")]
    plant_people(8, ["A1-1", "B1-1"])
    round_ref = open_round(
        response=RESPONSE, area_code="HT", plan=rounds_plan(), number=1, due_at=DUE, by=everybody(), at=OPENED
    )
    served = SiteDuty.objects.filter(round__ref=round_ref).values_list("site__code", flat=True)
    assert set(served) == {"S02"}


@pytest.mark.parametrize(("line", "why"), [
    ("S03 缺经纬度 A 2", "第 2 行读不懂"),
    ("S03 名 A 东 24.6 2", "第 2 行读不懂"),
    ("S03 名 A 118.2 24.6 2.5", "第 2 行读不懂"),
    ("点3 名 A 118.2 24.6 2", "编号“点3”不能用"),
    ("S03\t\tA\t118.2\t24.6\t2", "采样点 S03 没有名称"),
    ("S03 名 A 24.6 118.2 2", "不在地球上"),
    ("S03 名 A nan 24.6 2", "不在地球上"),
    ("S03 名 A 118.2 24.6 -1", "请写 1 到 200,停用写 0"),
    ("S03 名 ZZ 118.2 24.6 2", "没有区域“ZZ”"),
])
def test_one_wrong_line_enters_none_and_keeps_what_was_typed(leader: Client, line: str, why: str) -> None:
    answer = leader.post("/rounds/sites", {"lines": f"S02 西岸广场 B 118.22 24.6 3\n{line}"})
    page = answer.content.decode()
    assert (answer.status_code, why in page, line.split()[0] in page, known()) == (422, True, True, [])


def test_nobody_enters_or_moves_a_site_outside_their_area(leader: Client) -> None:
    leader.post("/rounds/sites", {"lines": GOOD})
    other = client_as("testing_leader", "B")
    assert other.post("/rounds/sites", {"lines": "S09 名 A 118.2 24.6 2"}).status_code == 422
    assert other.post("/rounds/sites", {"lines": "S01 抢来的 B 118.2 24.6 2"}).status_code == 422
    assert "S01" not in other.get("/rounds/sites").content.decode()
    assert [row[:3] for row in known()] == [("S01", "东岸 小学", "A"), ("S02", "西岸广场", "B")]


def test_the_list_counts_the_buildings_each_site_serves_now(ledger: Path) -> None:
    running_round()
    listing = client_as("testing_leader", "HT").get("/rounds/sites").context["listing"]
    assert [(row.ref, *row.cells[2:]) for row in listing.rows] == [("S-A", 2, 4), ("S-B", 2, 4)]
