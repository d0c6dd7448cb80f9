"""A zone takes force together with its orders, its alert and a notice for each building; or with none of them."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from firebreak.command.activation.actions import judge_signal
from firebreak.command.activation.models import Signal
from firebreak.command.headquarters.models import Order
from firebreak.command.reactions.reading import react
from firebreak.command.zoning.actions import propose_release
from firebreak.command.zoning.models import Alert, Notice
from firebreak.engine.approvals.actions import approve, refuse
from firebreak.engine.journal.models import Event
from firebreak.engine.messages.models import Message
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.operations.zones import queries
from firebreak.operations.zones.models import TierChange, Zone
from tests.story.test_activation import MINUTE, refused
from tests.support.cap12 import NAMESPACE, faults
from tests.support.zoned import CHIEF, DEPUTY, FOUR, GRID, in_force, panel_decides, pending, proposed, zoned_district

pytestmark = pytest.mark.django_db
FIVE = FOUR + 60 * MINUTE
SQUARE = {"type": "Polygon", "coordinates": [[[118.0, 24.0], [118.1, 24.0], [118.1, 24.1], [118.0, 24.1], [118.0, 24.0]]]}


def said(alert: Alert, *path: str) -> list[str]:
    root = ET.fromstring(alert.document)  # noqa: S314  our own document
    found = root.findall("/".join(f"{{{NAMESPACE}}}{name}" for name in path))
    return [element.text or "" for element in found]


def test_approval_issues_orders_alert_notices_and_messages_in_one_act() -> None:
    response = zoned_district()
    proposed(response)
    assert (Order.objects.filter(title_zh__startswith="一号区").count(), Alert.objects.count()) == (0, 0)

    approve(proposal=pending(), by=DEPUTY, at=FIVE)

    announced = Event.objects.get(type="ZoneAnnounced")
    assert announced.payload == {
        "kind": "alert", "tier": "control", "buildings": 3, "people": 10, "orders": 3, "notices": 3, "messages": 3,
    }
    orders = Order.objects.filter(title_zh__startswith="一号区").order_by("number").select_related("task", "unit")
    assert [(one.unit.key, one.task.due_at - FIVE) for one in orders] == [
        ("security", timedelta(minutes=90)), ("community", timedelta(minutes=180)), ("supplies", timedelta(minutes=360)),
    ]
    assert all(one.legal_basis == "传染病防治法" and one.act_id == announced.act_id for one in orders)
    assert ("3 栋、10 人" in orders[0].text_zh, "{" in "".join(one.text_zh + one.text_en for one in orders)) == (True, False)
    assert [(one.building.code, one.before, one.after, one.people) for one in Notice.objects.order_by("id")] == [
        (f"{GRID}-1", "", "control", 5), (f"{GRID}-2", "", "control", 3), (f"{GRID}-3", "", "control", 2),
    ]
    assert {row.act_id for row in (*Notice.objects.all(), *TierChange.objects.all())} == {announced.act_id}
    assert all("您负责的 1 栋门口" in one.text_zh for one in Message.objects.filter(template="zone_notice"))


def test_a_tier_that_restricts_nobody_is_made_known_at_once() -> None:
    response = zoned_district()
    in_force(response, "precaution")
    assert Alert.objects.get().kind == "alert"
    assert Order.objects.get(title_zh__startswith="一号区").unit.key == "publicity"


def test_a_refused_zone_issues_nothing() -> None:
    response = zoned_district()
    proposed(response)
    refuse(proposal=pending(), reason="依据不足", by=DEPUTY, at=FIVE)
    assert (Alert.objects.count(), Notice.objects.count(), Zone.objects.get().status) == (0, 0, "withdrawn")


def test_a_refusal_on_the_way_leaves_neither_zone_nor_orders() -> None:
    response = zoned_district()
    first, second = proposed(response), proposed(response)
    approve(proposal=Ref(pending()), by=DEPUTY, at=FIVE)

    with refused("overlaps-the-same-tier"):
        approve(proposal=pending(), by=DEPUTY, at=FIVE)

    assert [Zone.objects.get(ref=ref).status for ref in (first, second)] == ["proposed", "in_force"]
    assert Alert.objects.count() == 1


def test_update_and_all_clear_refer_to_the_alert_before_them() -> None:
    response = zoned_district()
    first = in_force(response, "control", polygon=SQUARE, areas=())
    second = in_force(response, "lockdown", at=FIVE, replaces=first, document_number="2号")
    panel_decides(second, FIVE)
    propose_release(zone=second, reason="专家组决定", by=CHIEF, at=FIVE)
    approve(proposal=pending(), by=DEPUTY, at=FIVE + MINUTE)

    alerts = list(Alert.objects.order_by("id"))
    assert [one.kind for one in alerts] == ["alert", "update", "all_clear"]
    assert [fault for one in alerts for fault in faults(one.document)] == []
    assert [said(one, "msgType") for one in alerts] == [["Alert"], ["Update"], ["Update"]]
    assert [said(one, "info", "responseType")[0] for one in alerts] == ["Avoid", "Shelter", "AllClear"]
    assert [said(one, "references") for one in alerts] == [
        [], ["firebreak.HT," + alerts[0].identifier + ",2022-06-05T16:00:00+08:00"],
        ["firebreak.HT," + alerts[1].identifier + ",2022-06-05T17:00:00+08:00"],
    ]
    assert said(alerts[0], "info", "area", "polygon")[0].split()[0] == "24.000000,118.000000"
    assert said(alerts[0], "info", "language") == ["zh-CN", "en-US"]


def test_a_replaced_zone_ends_when_the_new_one_begins_and_both_keep_their_papers() -> None:
    response = zoned_district()
    first = in_force(response, "control")
    second = in_force(response, "lockdown", at=FIVE, replaces=first, areas=[f"{GRID}-1"], document_number="2号")
    ranks = {"lockdown": 3, "control": 2}

    def tiers(at: object) -> list[str]:
        return sorted(queries.tiers_at(response.ref, Cutoff(at), ranks).values())  # type: ignore[arg-type]

    assert (tiers(FIVE - MINUTE), tiers(FIVE)) == (["control"] * 3, ["lockdown"])
    old, new = Zone.objects.get(ref=first), Zone.objects.get(ref=second)
    assert (old.status, old.ended_at, new.replaces_id, old.document_number) == ("replaced", FIVE, old.pk, "1号")


def test_easing_a_restrictive_zone_takes_a_second_person_too() -> None:
    response = zoned_district()
    first = in_force(response, "control")
    second = proposed(response, "precaution", at=FIVE, replaces=first)
    assert (Zone.objects.get(ref=second).status, Zone.objects.get(ref=first).status) == ("proposed", "in_force")


@pytest.mark.parametrize(("changes", "why"), [
    ({"effective_at": FOUR - 2 * MINUTE}, "zone-begins-in-the-past"), ({"areas": ["HT-07"]}, "zone-is-empty"),
    ({"areas": ["HT-99"]}, "unknown-buildings"), ({"document_number": " "}, "no-legal-basis"),
    ({"tier": "red"}, "unknown-tier"), ({"replaces": "zone:none"}, "not-found"),
])
def test_a_zone_that_cannot_be_is_refused(changes: dict[str, object], why: str) -> None:
    response = zoned_district()
    with refused(why):
        proposed(response, **{"tier": "control", **changes})  # type: ignore[arg-type]
    assert Zone.objects.count() == 0


def test_the_same_tier_twice_and_a_change_that_changes_nothing_are_refused() -> None:
    response = zoned_district()
    first = in_force(response, "control")
    with refused("overlaps-the-same-tier"):
        proposed(response, "control", areas=[f"{GRID}-1"])
    with refused("nothing-changes"):
        proposed(response, "control", replaces=first)


def test_a_cancelled_response_tells_everybody_that_the_zones_are_over() -> None:
    response = zoned_district()
    in_force(response, "lockdown")
    judge_signal(
        signal=Ref(Signal.objects.get().ref), status="overturned", classification="overturned",
        reason="复核阴性", by=CHIEF, at=FIVE,
    )

    react(FIVE)
    react(FIVE)

    last = Alert.objects.latest("id")
    assert [one.kind for one in Alert.objects.order_by("id")] == ["alert", "all_clear"]
    assert (faults(last.document), last.notices.filter(before="lockdown", after="").count()) == ([], 3)
