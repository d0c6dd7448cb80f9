"""A zone whose tier says how often everybody is tested has a round due, an owner for it and a deadline."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firebreak.command.activation.models import Response
from firebreak.command.zoning.cadence import KIND, look_cadence, look_pools
from firebreak.engine.areas.models import Area
from firebreak.engine.journal.models import Event
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import NeedFlag, Presence
from firebreak.engine.tasks.models import Task
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.rounds.actions import SiteRow, add_sites, open_round
from firebreak.operations.rounds.ledger import title_of
from firebreak.operations.rounds.models import Entry, NotOwed, Round, SiteDuty
from firebreak.operations.rounds.opening import would_list
from firebreak.operations.rounds.plan import RoundsSection
from firebreak.operations.rounds.scope import Scope, outside
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from tests.support.desk import at_desk, person
from tests.support.zoned import CHIEF, FOUR, GRID, in_force, zoned_district

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def response(db: None) -> Response:
    made = zoned_district()
    add_sites(rows=[SiteRow("S1", T("一号点", "Site 1"), "HT-01", 118.01, 24.05, 2)], by=CHIEF, at=FOUR)
    return made


def scope(kind: str, key: str) -> Scope:
    return Scope(kind, key, "某处", "somewhere")


def opened(response: Response, number: int = 1, at: datetime = FOUR, of: Scope | None = None) -> Round:
    pack = adopted(response.plan.ref)
    ref = open_round(
        response=Ref(response.ref), area_code="HT", plan=pack.section(RoundsSection), number=number, due_at=at + DAY,
        by=CHIEF, at=at, zones=pack.section(ZonesSection), scope=of,
    )
    return Round.objects.select_related("area").get(ref=ref)


def listed(row: Round) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in Entry.objects.filter(round=row).values_list("building__code", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


def test_a_round_of_a_zone_owes_those_in_it_and_writes_down_the_others(response: Response) -> None:
    zone = in_force(response, "lockdown", areas=[f"{GRID}-2"])
    row = opened(response, of=scope("zone", zone), at=FOUR + HOUR)
    assert (listed(row), NotOwed.objects.filter(round=row).count()) == ({f"{GRID}-2": 3}, 7)
    (book,) = [one for one in balance_all(Cutoff(FOUR + 2 * HOUR)) if one.name == "rounds.1"]
    assert (book.owed, book.open, book.balanced) == (3, 3, True)
    assert (title_of(row).en, boards.standing(row).listed) == ("Testing round 1 (somewhere)", 3)
    assert Event.objects.get(type="RoundOpened").payload["scope"] == "某处"


def test_a_round_of_a_tier_owes_everybody_under_it(response: Response) -> None:
    in_force(response, "control", areas=[f"{GRID}-1"])
    in_force(response, "lockdown", areas=[f"{GRID}-2"], document_number="2号")
    in_force(response, "lockdown", areas=[f"{GRID}-3"], document_number="3号", at=FOUR + HOUR)
    assert listed(opened(response, of=scope("tier", "lockdown"), at=FOUR + 2 * HOUR)) == {f"{GRID}-2": 3, f"{GRID}-3": 2}


def test_a_round_of_a_need_owes_whoever_has_it_when_it_opens(response: Response) -> None:
    row = opened(response, of=scope("need", "dialysis"))
    NeedFlag.objects.all().delete()
    assert (sum(listed(row).values()), NotOwed.objects.filter(round=row).count()) == (3, 7)
    (book,) = [one for one in balance_all(Cutoff(FOUR + HOUR)) if one.name == "rounds.1"]
    assert (book.owed, book.balanced) == (3, True)


@pytest.mark.parametrize("kind", ["zone", "tier"])
def test_a_scope_without_a_building_opens_nothing(response: Response, kind: str) -> None:
    with pytest.raises(Refusal, match="nobody-in-scope"):
        opened(response, of=scope(kind, "lockdown"))
    assert Round.objects.count() == 0


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(houses=st.sets(st.sampled_from([1, 2, 3]), min_size=1))
def test_preview_and_list_agree_for_any_zone(houses: set[int]) -> None:
    from django.db import transaction

    with transaction.atomic():
        response = zoned_district()
        add_sites(rows=[SiteRow("S1", T("一号点", "Site 1"), "HT-01", 118.01, 24.05, 2)], by=CHIEF, at=FOUR)
        zone = in_force(response, "lockdown", areas=[f"{GRID}-{house}" for house in houses])
        pack, meant = adopted(response.plan.ref), scope("zone", zone)
        district, at = Area.objects.get(code="HT"), FOUR + HOUR
        beyond = outside(meant, response.ref, pack.section(ZonesSection), at)
        seen, left = would_list(district.path, pack.section(RoundsSection), at, beyond)
        row = opened(response, of=meant, at=at)
        assert (sum(seen.values()), left) == (sum(listed(row).values()), NotOwed.objects.filter(round=row).count())
        transaction.set_rollback(True)


def tasks() -> list[tuple[str, datetime, str]]:
    rows = Task.objects.filter(kind=KIND).order_by("id")
    return [(row.title_en, row.due_at, row.status) for row in rows]


def test_the_first_round_of_a_zone_is_due_a_day_after_it_began(response: Response) -> None:
    in_force(response, "lockdown", areas=[f"{GRID}-2"])
    assert [look_cadence(FOUR + hours * HOUR) for hours in (11, 12, 13)] == [0, 1, 0]
    assert tasks() == [("Open a round for 'Zone 1' (every 3 days)", FOUR + DAY, "open")]


def test_a_round_that_covers_the_zone_ends_the_task_until_the_next_is_due(response: Response) -> None:
    zone = in_force(response, "lockdown", areas=[f"{GRID}-2"])
    look_cadence(FOUR + 12 * HOUR)
    row = opened(response, at=FOUR + 13 * HOUR, of=scope("zone", zone))
    look_cadence(FOUR + 14 * HOUR)
    assert [status for _, _, status in tasks()] == ["ended"]
    Round.objects.filter(pk=row.pk).update(status="closed", closed_at=FOUR + DAY)
    next_due = FOUR + 13 * HOUR + 3 * DAY
    assert [look_cadence(next_due - 13 * HOUR), look_cadence(next_due - 12 * HOUR)] == [0, 1]
    assert [(due, status) for _, due, status in tasks()] == [(next_due, "open")]


def test_a_round_of_another_zone_leaves_this_one_due(response: Response) -> None:
    in_force(response, "lockdown", areas=[f"{GRID}-2"])
    other = in_force(response, "control", areas=[f"{GRID}-1"], document_number="2号")
    opened(response, at=FOUR + HOUR, of=scope("zone", other))
    assert (look_cadence(FOUR + 12 * HOUR), len(tasks())) == (1, 1)


def test_a_zone_that_ended_owes_no_round(response: Response) -> None:
    zone = in_force(response, "lockdown", areas=[f"{GRID}-2"])
    look_cadence(FOUR + 12 * HOUR)
    Zone.objects.filter(ref=zone).update(status="released", ended_at=FOUR + 13 * HOUR)
    look_cadence(FOUR + 13 * HOUR)
    assert [status for _, _, status in tasks()] == ["ended"]


def test_the_page_offers_zones_and_shows_whom_the_round_would_owe(response: Response, clock_at: object) -> None:
    clock_at(FOUR + HOUR)  # type: ignore[operator]
    zone = in_force(response, "lockdown", areas=[f"{GRID}-2"])
    client = at_desk(person("lin", "testing_leader"), "en")
    asked = {"who": f"zone:{zone}", "area": "HT", "number": "1", "due_at": "2022-06-06T20:00"}
    page = client.get("/rounds/open", asked).content.decode()
    assert [text in page for text in ("only Zone 1", "every lockdown zone", "only limited mobility", "only on dialysis")] == [
        True, True, True, False
    ]
    look_cadence(FOUR + 12 * HOUR)
    task = Task.objects.get(kind=KIND)
    assert f"/rounds/open?who=zone:{zone}" in client.get(f"/tasks/{task.ref.removeprefix('task:')}").content.decode()
    assert client.post("/rounds/open", asked).status_code == 302
    row = Round.objects.get()
    assert (row.area.code, listed(row), row.scope["key"]) == ("HT-01", {f"{GRID}-2": 3}, zone)


def isolate(*codes: str) -> None:
    found = Presence.objects.filter(building__code__in=codes).order_by("id").values_list("person_id", flat=True)
    NeedFlag.objects.bulk_create([NeedFlag(person_id=key, key="isolated") for key in found])


def test_the_isolated_are_due_for_a_round_of_their_own_every_day(response: Response) -> None:
    assert look_cadence(FOUR) == 0
    isolate(f"{GRID}-2")
    assert [look_cadence(FOUR + hours * HOUR) for hours in (1, 2)] == [1, 0]
    assert tasks() == [("Open a round for people in isolation (every 1 days; 3 now)", FOUR + 13 * HOUR, "open")]
    row = opened(response, of=scope("need", "isolated"), at=FOUR + 3 * HOUR)
    look_cadence(FOUR + 4 * HOUR)
    assert (listed(row), [status for _, _, status in tasks()]) == ({f"{GRID}-2": 3}, ["ended"])
    assert [look_cadence(FOUR + hours * HOUR) for hours in (14, 15)] == [0, 1]
    assert [(due, status) for _, due, status in tasks()] == [(FOUR + 27 * HOUR, "open")]


def test_nobody_in_isolation_any_longer_owes_no_round(response: Response) -> None:
    isolate(f"{GRID}-2")
    look_cadence(FOUR + HOUR)
    NeedFlag.objects.filter(key="isolated").delete()
    look_cadence(FOUR + 2 * HOUR)
    assert [status for _, _, status in tasks()] == ["ended"]


def pools(row: Round) -> dict[str, int]:
    return dict(SiteDuty.objects.filter(round=row).order_by("building__code").values_list("building__code", "pool_size"))


def test_an_open_round_follows_the_tier_that_changes_under_it(response: Response) -> None:
    row = opened(response)
    before = pools(row)
    assert (set(before.values()), look_pools(FOUR + HOUR)) == ({10}, 0)
    in_force(response, "control", areas=[f"{GRID}-2"], at=FOUR + HOUR)
    assert [look_pools(FOUR + HOUR + timedelta(minutes=minutes)) for minutes in (2, 3)] == [1, 0]
    assert pools(row) == before | {f"{GRID}-2": 5}
    assert Event.objects.get(type="PoolsFollowed").payload == {"buildings": 1, "sizes": [5]}


def test_a_closed_round_keeps_the_pool_sizes_it_had(response: Response) -> None:
    row = opened(response)
    before = pools(row)
    Round.objects.filter(pk=row.pk).update(status="closed", closed_at=FOUR + HOUR)
    in_force(response, "control", areas=[f"{GRID}-2"], at=FOUR + HOUR)
    assert (look_pools(FOUR + 2 * HOUR), pools(row)) == (0, before)
