"""Custody: every sealed tube is in named hands until a laboratory has it, and both sides counted."""

import pytest

from firebreak.engine.journal.models import Event
from firebreak.engine.tasks.models import Task
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.operations.laboratory import cards
from firebreak.operations.laboratory.actions import declare_missing
from firebreak.operations.laboratory.models import Bag, CustodyTransfer, Specimen, SpecimenChange
from firebreak.operations.laboratory.watch import KIND, look_custody
from firebreak.operations.rounds.models import Tube
from tests.support.damage import damage
from tests.support.specimens import (
    ARRIVED,
    HOUR,
    LEFT,
    MINUTE,
    PACKED,
    SAMPLED,
    TUBES,
    Sampled,
    badge_of,
    book,
    sampled,
)
from tests.support.zoned import CHIEF


@pytest.fixture
def line(db: None) -> Sampled:
    return sampled()


def stages() -> dict[str, str]:
    return dict(Specimen.objects.order_by("code").values_list("code", "stage"))


def test_a_bag_goes_from_the_site_by_a_driver_to_the_laboratory_and_both_sides_count(line: Sampled) -> None:
    assert line.packed() == ("accepted", "", {"counted": 2})
    given = line.handed(line.lead, ["BAG-1"], badge_of(line.driver), LEFT)
    taken = line.handed(line.driver, ["BAG-1"], cards.card_of(line.laboratory), ARRIVED)
    both = {"counted": 2, "expected": 2, "missing": [], "beside": []}
    assert (given, taken, stages()) == (
        ("accepted", "", both), ("accepted", "", both), dict.fromkeys(TUBES, "received")
    )
    assert list(CustodyTransfer.objects.order_by("id").values_list("counted", "expected", "laboratory__code")) == [
        (2, 2, None), (2, 2, "LAB1")
    ]


def test_what_is_not_handed_over_stays_with_its_last_holder_by_name(line: Sampled) -> None:
    line.packed("BAG-1", TUBES[:1])
    line.packed("BAG-2", TUBES[1:], PACKED + MINUTE)
    status, _, note = line.handed(line.lead, ["BAG-1"], badge_of(line.driver), LEFT)
    assert (status, note["counted"], note["expected"], note["missing"]) == ("accepted", 1, 2, ["TA-0002"])
    assert Specimen.objects.get(code="TA-0002").holder == line.lead.by.ref


def test_a_bag_packed_offline_waits_for_its_tubes_and_counts_when_they_come(line: Sampled) -> None:
    other = ("TB-0001",)
    assert line.packed("BAG-9", other)[:2] == ("quarantined", "unknown-specimen")
    line.lead.event("tube.opened", SAMPLED, tube="TB-0001", site="S1")
    line.lead.event("tube.sealed", SAMPLED + MINUTE, tube="TB-0001")
    line.lead.send(PACKED + 2 * HOUR)
    assert stages() == {"TB-0001": "packed"}


def test_a_hand_over_that_arrives_late_changes_nothing_that_happened_after_it(line: Sampled) -> None:
    line.packed()
    line.handed(line.lead, ["BAG-1"], cards.card_of(line.laboratory), ARRIVED)
    line.handed(line.lead, ["BAG-1"], badge_of(line.driver), LEFT)
    assert stages() == dict.fromkeys(TUBES, "received")
    assert SpecimenChange.objects.filter(stage="carried").count() == 2


@pytest.mark.parametrize(("bag", "tubes", "code"), [
    ("BAG-1", ("TA-0002",), "bag-code-used"), ("BAG-2", TUBES[:1], "tube-in-other-bag"),
    ("BAG-3", tuple(f"X-{number:04d}" for number in range(51)), "bag-too-full"),
])
def test_a_bag_that_cannot_be_is_set_aside_and_nothing_moves(line: Sampled, bag: str, tubes: tuple[str, ...], code: str) -> None:
    line.packed("BAG-1", TUBES[:1])
    assert line.packed(bag, tubes, PACKED + MINUTE)[:2] == ("quarantined", code)
    assert (Bag.objects.count(), stages()) == (1, {"TA-0001": "packed"})


def test_a_void_tube_is_not_packed(line: Sampled) -> None:
    Tube.objects.filter(code="TA-0001").update(status="void")
    assert line.packed()[:2] == ("quarantined", "void-tube-packed")


@pytest.mark.parametrize("taker", ["", "FB1:B:AAAA.BBBB", "FB1:L:WyJMQUIxIiwiYSIsImIiXQ.AAAA", "LAB1"])
def test_without_a_true_card_or_badge_nothing_changes_hands(line: Sampled, taker: str) -> None:
    line.packed()
    status, code, _ = line.handed(line.lead, ["BAG-1"], taker or "x", LEFT)
    assert (status, code, stages()) == ("quarantined", "taker-unsigned", dict.fromkeys(TUBES, "packed"))


def test_the_same_hand_over_twice_is_one(line: Sampled) -> None:
    line.packed()
    line.lead.event("custody.handed", LEFT, codes=["BAG-1"], taker=badge_of(line.driver))
    waiting = list(line.lead.waiting)
    line.lead.send(LEFT)
    line.lead.send(LEFT + MINUTE, waiting)
    assert CustodyTransfer.objects.count() == 1


def test_every_sealed_tube_is_owed_from_its_seal_with_an_owner_and_a_deadline(line: Sampled) -> None:
    assert look_custody(SAMPLED + HOUR) == 1
    owed = book("custody.1", SAMPLED + HOUR)
    assert owed is not None
    assert (owed.owed, owed.done, owed.open, owed.unowned, owed.balanced) == (2, 0, 2, 0, True)
    task = Task.objects.get(kind=KIND)
    assert (task.due_at, look_custody(SAMPLED + HOUR)) == (line.row.due_at + 24 * HOUR, 0)


def test_a_missing_tube_is_declared_by_name_and_its_last_holder_stays_on_record(line: Sampled) -> None:
    look_custody(SAMPLED + HOUR)
    line.packed("BAG-1", TUBES[:1])
    with pytest.raises(Refusal, match="missing-reason"):
        declare_missing(codes=["TA-0001"], reason=" ", by=CHIEF, at=ARRIVED)
    assert declare_missing(codes=["TA-0001", "TA-0002"], reason="箱子掉进海里", by=CHIEF, at=ARRIVED) == 2
    owed = book("custody.1", ARRIVED)
    assert owed is not None
    assert (owed.excused_by, owed.open, owed.balanced) == ({"missing": 2}, 0, True)
    assert Specimen.objects.get(code="TA-0001").holder == line.lead.by.ref
    assert (look_custody(ARRIVED + MINUTE), Task.objects.get(kind=KIND).outcome) == (1, "done")
    assert Event.objects.get(type="SpecimensMissing").payload["codes"] == list(TUBES)
    with pytest.raises(Refusal, match="specimen-has-an-end"):
        declare_missing(codes=["TA-0001"], reason="又一次", by=CHIEF, at=ARRIVED)


def test_damage_to_a_tube_with_an_end_is_named(line: Sampled) -> None:
    look_custody(SAMPLED + HOUR)
    line.packed()
    declare_missing(codes=["TA-0001"], reason="丢失", by=CHIEF, at=ARRIVED)
    damage("UPDATE rounds_tubechange SET status = 'open' WHERE tube_id = (SELECT id FROM rounds_tube WHERE code = 'TA-0001')")
    owed = book("custody.1", ARRIVED)
    assert owed is not None
    assert ([row.about for row in owed.rows], owed.balanced) == (["TA-0001"], False)


@pytest.mark.parametrize("damaged", [
    "UPDATE laboratory_specimen SET stage = 'received' WHERE code = 'TA-0002'",
    "DELETE FROM laboratory_specimenchange WHERE specimen_id = (SELECT id FROM laboratory_specimen WHERE code = 'TA-0002')",
])
def test_damage_to_where_a_tube_stands_is_named(line: Sampled, damaged: str) -> None:
    line.packed()
    before = book("custody.1", ARRIVED)
    damage(damaged)
    after = book("custody.1", ARRIVED)
    assert before is not None
    assert after is not None
    assert (before.rows, [row.about for row in after.rows]) == ((), ["TA-0002"])


def test_nobody_without_the_right_packs(line: Sampled) -> None:
    from firebreak.engine.access.models import Grant

    Grant.objects.filter(account__username="lead").update(role="wall")
    assert line.packed()[0] == "quarantined"
    assert stages() == {}


def test_a_ref_of_a_round_that_is_not_there_is_set_aside(line: Sampled) -> None:
    line.lead.round = "round:none"
    assert line.packed()[:2] == ("quarantined", "unknown-round")
    assert Ref(line.row.ref) != "round:none"


def test_a_round_of_an_older_program_owes_its_tubes_no_result(line: Sampled) -> None:
    line.row.terms.pop("custody")
    line.row.save()
    assert (book("custody.1", SAMPLED + HOUR), look_custody(SAMPLED + HOUR)) == (None, 0)
