"""Zones, the map's files and devices at a desk: what is shown before, who decides, what is shown once."""

import html
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from firebreak.command.zoning.models import Alert
from firebreak.engine.approvals.actions import approve, refuse
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.capture.models import Device, Gap, Quarantined
from firebreak.engine.registry.actions import register_people
from firebreak.engine.registry.enrolment import NewPerson
from firebreak.kernel.refs import Ref, token_of
from firebreak.operations.zones import shapes
from firebreak.operations.zones.models import Zone
from tests.story.test_activation import MINUTE, TWO_O_CLOCK, activated
from tests.support.cap12 import faults
from tests.support.entering import account_as, client_as, client_of
from tests.support.staffing import everybody
from tests.support.testing_round import OPENED, Running, running_round

pytestmark = pytest.mark.django_db
THREE = TWO_O_CLOCK + 60 * MINUTE
SQUARE = {"type": "Polygon", "coordinates": [[[118.0, 24.0], [118.1, 24.0], [118.1, 24.1], [118.0, 24.1], [118.0, 24.0]]]}

BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def commander(clock_at: Callable[[datetime], None]) -> Client:
    """Headquarters an hour after activation; grid HT-01-01 has two buildings inside the square, one outside."""
    activated()
    grid = Area.objects.get(code="HT-01-01")
    for number, lon in enumerate((118.01, 118.02, 118.5), start=1):
        code = f"HT-01-01-{number}"
        Area.objects.create(
            code=code, path=f"{grid.path}{code}/", level="building", parent=grid, name_zh=f"{number}号楼", lon=lon, lat=24.05,
        )
    clock_at(THREE)
    return client_as("commander", "HT")


def draft(**changes: Any) -> dict[str, Any]:
    """A lockdown of the grid, as typed."""
    return {
        "tier": "lockdown", "name_zh": "一号封控区", "name_en": "Lockdown 1", "codes": "HT-01-01", "polygon": "",
        "legal_basis": "传染病防治法", "document_number": "1号", "effective_at": "2022-06-05T15:00",
        "review_on": "2022-06-10", "step": "preview", "key": "k", **changes,
    }


@pytest.mark.parametrize(("given", "buildings"), [
    ({"codes": "HT-01-01"}, 3), ({"codes": "HT-01-01-1、HT-01-01-2"}, 2),
    ({"codes": "", "polygon": json.dumps(SQUARE)}, 2),
])
def test_a_zone_shows_its_reach_in_numbers_before_anybody_proposes_it(
    commander: Client, given: dict[str, str], buildings: int
) -> None:
    page = commander.post("/zones/propose", draft(**given)).content.decode()

    assert f'<b class="num">{buildings}</b> <span>栋楼改变等级' in page
    assert Zone.objects.count() == 0


@pytest.mark.parametrize(("given", "why"), [
    ({"codes": "HT-99"}, "底册中没有这些楼栋"), ({"codes": ""}, "二者选一"),
    ({"codes": "", "polygon": "{"}, "这不是多边形"), ({"review_on": "2023-06-10", "step": "propose"}, "复核日不能晚于"),
    ({"codes": "", "polygon": json.dumps(BOW_TIE)}, "自相交"),
])
def test_a_zone_that_cannot_be_comes_back_with_what_was_typed(commander: Client, given: dict[str, str], why: str) -> None:
    answer = commander.post("/zones/propose", draft(**given))
    page = answer.content.decode()

    assert (answer.status_code, why in page, 'value="一号封控区"' in page) == (422, True, True)
    assert Zone.objects.count() == 0


def test_a_restrictive_zone_waits_for_another_person_and_past_moments_stay_as_they_were(
    commander: Client, clock_at: Callable[[datetime], None]
) -> None:
    answer = commander.post("/zones/propose", draft(step="propose"))
    waiting = read(commander, answer["Location"])
    approve(proposal=Ref(Proposal.objects.get(kind="zone").ref), by=everybody("deputy"), at=THREE + MINUTE)
    clock_at(THREE + 5 * MINUTE)

    assert "等另一人批准" in waiting
    assert "<h1>封控区 3 栋。</h1>" in read(commander, "/zones")
    assert "<h1>当时没有分区。</h1>" in read(commander, "/zones?at=2022-06-05T15:00")
    shapes = json.loads(read(commander, "/map/zones.geojson"))["features"]
    assert [(one["properties"]["tier"], one["properties"]["buildings"]) for one in shapes] == [("lockdown", 3)]
    assert json.loads(read(commander, "/map/zones.geojson?at=2022-06-05T15:00"))["features"] == []


def test_a_refused_zone_says_on_its_page_that_it_never_held(commander: Client) -> None:
    page = commander.post("/zones/propose", draft(step="propose"))["Location"]
    assert "拟划 3 栋" in read(commander, page)

    refuse(proposal=Ref(Proposal.objects.get(kind="zone").ref), reason="依据不足", by=everybody("deputy"), at=THREE)

    shown = read(commander, page)
    assert [words in shown for words in ("等另一人批准", "从未生效,没有楼栋受限", "不同意:依据不足", "分区撤回,从未生效")] == [
        False, True, True, True,
    ]
    assert "1 待批" not in read(commander, "/zones")


def test_a_release_is_proposed_with_a_reason(commander: Client) -> None:
    page = commander.post("/zones/propose", draft(step="propose"))["Location"]
    approve(proposal=Ref(Proposal.objects.get(kind="zone").ref), by=everybody("deputy"), at=THREE)

    early = commander.post(page, {"reason": "居民要求"})
    assert ("还不能提出" in str(early.content.decode()), Proposal.objects.filter(kind="zone-release").count()) == (
        True,
        0,
    )

    zone = Zone.objects.get().ref
    form = commander.get("/ends/state", {"about": zone})
    assert "专家组决定提前结束" in form.content.decode()
    stated = commander.post(
        "/ends/state",
        {
            "about": zone,
            "primitive": "expert_override",
            "since": "2022-06-05T15:00",
            "statement": "三人一致",
            "source": "专家组1号",
            "people": "3",
            "holds": "yes",
            "back": page,
        },
    )
    assert (stated.status_code, stated["Location"]) == (302, page)
    assert "条件已满足,由人决定" in commander.get(page).content.decode()
    commander.post(page, {"reason": ""})
    commander.post(page, {"reason": "专家组决定"})

    assert list(Proposal.objects.filter(kind="zone-release").values_list("status", flat=True)) == ["pending"]


def test_the_decision_shows_each_measure_and_names_what_changed_since_it_was_proposed(commander: Client) -> None:
    address = commander.post("/zones/propose", draft(step="propose"))["Location"]
    register_people(people=[NewPerson("测新", "HT-01-01-1", door="9")], by=everybody("clerk"), at=THREE)

    for page in (read(commander, address), read(commander, "/approvals")):
        assert '<b class="num">0 → 1</b> <span>人在册(提出后变了)' in page
    page = read(commander, address)
    shown = ("没有分区规定", "每天 24 小时", "封闭出入口并值守", "批准后 60 分钟", "社会稳定专班")
    assert [words for words in shown if words not in page] == []


def test_an_uploaded_border_is_still_there_when_the_zone_is_proposed(commander: Client) -> None:
    upload = SimpleUploadedFile("zone.geojson", json.dumps(SQUARE).encode())
    page = commander.post("/zones/propose", draft(codes="", file=upload)).content.decode()
    assert "118.1" in page.split("<textarea", 2)[2]


def test_a_zone_in_force_has_its_notices_and_its_alert(commander: Client) -> None:
    address = commander.post("/zones/propose", draft(step="propose"))["Location"]
    approve(proposal=Ref(Proposal.objects.get(kind="zone").ref), by=everybody("deputy"), at=THREE)
    alert = Alert.objects.get()

    sheets = read(commander, f"/zones/alerts/{token_of(alert.ref)}/notices")
    one = read(commander, f"/zones/alerts/{token_of(alert.ref)}/notices?area=HT-01-01-2")
    file = commander.get(f"/zones/alerts/{token_of(alert.ref)}.xml")
    feed = commander.get("/zones/alerts.xml")

    assert (sheets.count('class="sheet poster"'), one.count('class="sheet poster"'), "12345" in one) == (3, 1, True)
    assert (faults(file.content.decode()), file["Content-Type"]) == ([], "application/cap+xml; charset=utf-8")
    assert (alert.identifier in feed.content.decode(), token_of(alert.ref) in read(commander, address)) == (True, True)
    read(commander, f"/zones/alerts/{token_of(alert.ref)}/notices?area=HT-07", 404)
    read(commander, "/zones/alerts/none0/notices", 404)


def test_a_change_starts_from_the_zone_as_it_is_and_ends_it_when_approved(commander: Client) -> None:
    address = commander.post("/zones/propose", draft(step="propose", tier="control"))["Location"]
    approve(proposal=Ref(Proposal.objects.get(kind="zone").ref), by=everybody("deputy"), at=THREE)
    token = address.rsplit("/", 1)[1]

    form = read(commander, f"/zones/propose?replaces={token}")
    commander.post("/zones/propose", draft(step="propose", replaces=token, codes="HT-01-01-1", key="k2"))
    approve(proposal=Ref(Proposal.objects.filter(status="pending").get().ref), by=everybody("deputy"), at=THREE)

    assert ("HT-01-01-1 HT-01-01-2 HT-01-01-3" in form, f'value="{token}"' in form) == (True, True)
    assert list(Zone.objects.order_by("id").values_list("tier", "status")) == [("control", "replaced"), ("lockdown", "in_force")]
    assert "已改划" in read(commander, address)


@pytest.fixture
def running(clock_at: Callable[[datetime], None]) -> Running:
    """A round an hour old."""
    made = running_round()
    Area.objects.filter(level="building").update(lon=118.0, lat=24.3)
    clock_at(OPENED + timedelta(hours=1))
    return made


def test_the_map_files_change_only_when_something_did(running: Running) -> None:
    leader = client_as("testing_leader", "HT")
    for address in ("/map/ground.geojson", "/map/buildings.geojson", "/map/states.json", "/map/sites.geojson"):
        first = leader.get(address)
        assert (first.status_code, leader.get(address, headers={"If-None-Match": first["ETag"]}).status_code) == (200, 304)

    states = json.loads(read(leader, "/map/states.json"))["states"]
    assert states[str(running.areas["A1-1"].pk)] == ["open", 6, 6]


def test_the_map_of_a_grid_worker_holds_only_their_grid(running: Running) -> None:
    worker = client_as("grid_worker", "A1")

    shown = [one["properties"]["code"] for one in json.loads(read(worker, "/map/buildings.geojson"))["features"]]
    states = json.loads(read(worker, "/map/states.json"))["states"]

    assert (shown, len(states)) == (["A1-1", "A1-2"], 2)


def test_a_device_link_is_shown_once_and_opens_the_sampling_page(running: Running) -> None:
    leader, sampler = client_as("testing_leader", "HT"), account_as("sampler", "A")

    page = leader.post("/devices", {"username": sampler.username, "label": "3 号台"}).content.decode()
    device = Device.objects.get(label="3 号台")

    assert page.count("/sample#token=") == 1
    assert 'class="enrol-qr"' in page
    assert "token=" not in read(leader, f"/devices/{token_of(device.ref)}")


def test_an_account_that_is_not_known_gets_no_device(running: Running) -> None:
    leader = client_as("testing_leader", "HT")

    answer = leader.post("/devices", {"username": "nobody", "label": "3 号台"})

    assert (answer.status_code, 'value="3 号台"' in answer.content.decode()) == (422, True)


def test_an_account_that_may_not_report_gets_no_device_and_says_who_gives_the_role(running: Running) -> None:
    leader, auditor = client_as("testing_leader", "HT"), account_as("auditor", "A")
    before = Device.objects.count()

    answer = leader.post("/devices", {"username": auditor.username, "label": "3 号台"})

    assert (answer.status_code, Device.objects.count()) == (422, before)
    assert "没有能上传记录的岗位,没有登记设备。请安全管理员先授岗位" in answer.content.decode()


def test_a_revoked_device_stays_in_the_list_and_needs_a_reason(running: Running) -> None:
    leader, address = client_as("testing_leader", "HT"), f"/devices/{token_of(running.phone.device.ref)}"

    assert leader.post(f"{address}/revoke", {"reason": ""}).status_code == 422
    assert leader.post(f"{address}/revoke", {"reason": "丢了"}).status_code == 302
    assert "已停用" in read(leader, "/devices?state=revoked")


def test_what_a_phone_failed_to_deliver_is_settled_by_name(running: Running) -> None:
    running.phone.scan("NO-TUBE", running.people[0], OPENED)
    running.phone.number = 5
    running.phone.scan("NO-TUBE", running.people[1], OPENED)
    running.phone.send(OPENED + timedelta(minutes=1))
    who = account_as("testing_leader", "HT", username="lin")
    leader = client_of(who)
    before = read(leader, "/devices/undecided")

    leader.post(f"/devices/gaps/{Gap.objects.get().pk}/lost", {"reason": "手机掉海里了"})
    for row in Quarantined.objects.all():
        leader.post(f"/devices/undecided/{token_of(row.ref)}/settle", {"reason": "已上门重采"})

    assert "<h1>2 条没有入账,4 个号没有收到。</h1>" in before
    assert (before.count("hq_lead岗"), before.count("没有责任人")) == (3, 0)
    assert (Gap.objects.get().lost_by, Gap.objects.get().lost_reason) == (who.ref, "手机掉海里了")
    assert "一个号也不缺" in read(leader, "/devices/undecided")


def test_a_gap_is_not_declared_lost_without_a_reason(running: Running) -> None:
    running.phone.number = 3
    running.phone.scan("NO-TUBE", running.people[1], OPENED)
    running.phone.send(OPENED + timedelta(minutes=1))
    leader = client_as("testing_leader", "HT")

    assert leader.post(f"/devices/gaps/{Gap.objects.get().pk}/lost", {"reason": " "}).status_code == 422
    assert Gap.objects.get().lost_at is None


def test_an_area_is_chosen_click_by_click_without_a_script_and_taken_to_the_proposal(commander: Client) -> None:
    address = "/zones/area?by=polygon"
    for x, y in ((5, 5), (715, 5), (715, 280), (5, 280)):
        address = commander.get(f"{address}&pick.x={x}&pick.y={y}")["Location"]
    page = read(commander, address)

    assert ("范围内 3 栋" in page, "corners" in address) == (True, True)
    border = html.unescape(re.findall(r'name="polygon" value="([^"]*)"', page)[0])
    taken = commander.post("/zones/propose", {"polygon": border, "codes": "", "step": "drawn"})
    assert (taken.status_code, "Polygon" in taken.content.decode()) == (200, True)
    assert Zone.objects.count() == 0


@pytest.mark.parametrize(("query", "words"), [
    ("by=polygon&corners=118,24;118.1,24", "再点 1 个点"), ("by=radius&centre=HT-01-01-1&metres=1100", "范围内 2 栋"),
    ("by=radius&centre=HT-01-01-1&metres=5", "半径要在 10 到 5000 米之间"),
    ("by=radius&centre=none&metres=50", "底册中没有这些楼栋"),
    ("by=polygon&corners=118,24;118.1,24.1;118.1,24;118,24.1", "自相交"), ("by=blocks", "没有道路,围不出地块"),
])
def test_what_is_chosen_says_what_is_in_it_or_what_is_missing(commander: Client, query: str, words: str) -> None:
    answer = commander.get(f"/zones/area?{query}")
    assert words in answer.content.decode()
    assert commander.get(f"/zones/area.svg?{query}")["Content-Type"].startswith("image/svg+xml")


def test_a_border_from_a_map_of_mainland_china_is_converted_once(commander: Client) -> None:
    moved = [[list(shapes.to_gcj02(*corner)) for corner in SQUARE["coordinates"][0]]]  # type: ignore[index]
    drawn = json.dumps({"type": "Polygon", "coordinates": moved})
    commander.post("/zones/propose", draft(codes="", polygon=drawn, datum="gcj02"))
    commander.post("/zones/propose", draft(codes="", polygon=drawn, datum="gcj02", step="propose"))

    corner = (Zone.objects.get().geometry or {})["coordinates"][0][0]
    assert [round(part, 5) for part in corner] == [118.0, 24.0]
