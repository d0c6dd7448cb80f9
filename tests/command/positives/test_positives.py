"""A positive pool: everybody held at once, orders within a minute, each tested alone, and nobody's result copied."""

from datetime import timedelta

import pytest

from firebreak.command.activation.models import Signal
from firebreak.command.headquarters.models import Order
from firebreak.command.positives.models import Case, Contact
from firebreak.command.reactions.reading import react
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.actions import finish_task
from firebreak.engine.tasks.models import Task
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.operations.laboratory import cards, pools
from firebreak.operations.laboratory.actions import take_message
from firebreak.operations.laboratory.models import Held, Pool, Result
from firebreak.operations.laboratory.results import Row
from tests.support.specimens import HOUR, MINUTE, TOLD, TUBES, Sampled, badge_of, book, sampled
from tests.support.zoned import CHIEF

WHEN = "2022-06-05 23:00"
LATER = TOLD + 6 * HOUR


@pytest.fixture
def line(db: None) -> Sampled:
    made = sampled()
    made.delivered()
    return made


def told(line: Sampled, rows: dict[str, str], at: object = TOLD, when: str = WHEN) -> Ref:
    said = [Row(number, code, word, when) for number, (code, word) in enumerate(rows.items(), start=1)]
    return take_message(laboratory=Ref(line.laboratory.ref), rows=said, digest="", by=CHIEF, at=at)  # type: ignore[arg-type]


def positive(line: Sampled) -> Pool:
    told(line, {TUBES[0]: "阳性", TUBES[1]: "阴性"})
    return Pool.objects.get()


def swabbed(line: Sampled, people: list[Ref], at: object = TOLD + HOUR) -> dict[Ref, str]:
    """Each swabbed alone, carried and received."""
    codes = {person: f"TS-{number:04d}" for number, person in enumerate(people, start=1)}
    for person, code in codes.items():
        assert line.sent(line.lead, "swab.single", at, tube=code, person=person)[0] == "accepted"  # type: ignore[arg-type]
    line.handed(line.lead, list(codes.values()), badge_of(line.driver), at + 10 * MINUTE)  # type: ignore[operator]
    line.handed(line.driver, list(codes.values()), cards.card_of(line.laboratory), at + 20 * MINUTE)  # type: ignore[operator]
    return codes


def test_everybody_in_a_positive_tube_is_held_in_the_same_act_and_nobody_else(line: Sampled) -> None:
    pool = positive(line)
    assert sorted(pool.people.values_list("person__ref", flat=True)) == sorted(line.people[:5])
    assert (pool.task is not None and pool.task.due_at, pool.due_at) == (TOLD + 6 * HOUR, TOLD + 6 * HOUR)
    owed = book("pools", TOLD)
    assert owed is not None
    assert (owed.owed, owed.done, owed.open, owed.balanced) == (5, 0, 5, True)


def test_a_weak_result_is_treated_like_a_positive_and_an_invalid_one_holds_nobody(line: Sampled) -> None:
    told(line, {TUBES[0]: "灰区", TUBES[1]: "无效"})
    assert list(Pool.objects.values_list("tube__code", flat=True)) == [TUBES[0]]


def test_orders_and_the_proposal_of_a_tier_follow_within_a_minute_once(line: Sampled) -> None:
    before = Order.objects.count()
    positive(line)
    react(TOLD + MINUTE)
    react(TOLD + 2 * MINUTE)
    titles = list(Order.objects.order_by("id").values_list("title_en", flat=True))[before:]
    assert titles == [
        "Pool TA-0001 is positive: swab its 5 people alone, now", "5 people of TA-0001 stay in until they are swabbed",
    ]
    task = Task.objects.get(kind="propose-zone")
    assert (task.title_en, task.due_at) == (
        "TA-0001 is positive: propose control zone for its 1 buildings, or say why not", TOLD + MINUTE + timedelta(minutes=30)
    )


def test_no_result_of_a_pool_is_written_for_a_person(line: Sampled) -> None:
    positive(line)
    react(TOLD + MINUTE)
    of_people = Result.objects.filter(specimen__held__isnull=False).count()
    assert (of_people, Case.objects.count(), Signal.objects.count()) == (0, 0, 1)


def test_a_pool_ends_when_each_has_a_result_of_their_own(line: Sampled) -> None:
    pool = positive(line)
    codes = swabbed(line, line.people[:5])
    told(line, dict.fromkeys(list(codes.values())[:4], "阴性"), LATER, "2022-06-06 03:00")
    assert [str(one.person.ref) for one in pools.still_open(pool)] == [line.people[4]]
    told(line, {codes[line.people[4]]: "阴性"}, LATER + MINUTE, "2022-06-06 03:00")
    pool.refresh_from_db()
    assert (pool.closed_at, Task.objects.get(kind="positive-pool").outcome) == (LATER + MINUTE, "done")
    owed = book("pools", LATER + MINUTE)
    assert owed is not None
    assert (owed.owed, owed.done, owed.open, owed.balanced) == (5, 5, 0, True)


def test_an_invalid_result_of_one_person_keeps_the_pool_open(line: Sampled) -> None:
    pool = positive(line)
    codes = swabbed(line, line.people[:5])
    told(line, dict.fromkeys(codes.values(), "无效"), LATER, "2022-06-06 03:00")
    assert pools.still_open(pool).count() == 5


def test_a_positive_person_is_a_signal_and_those_they_live_with_are_to_be_traced(line: Sampled) -> None:
    positive(line)
    codes = swabbed(line, line.people[:5])
    told(line, {codes[line.people[0]]: "阳性"}, LATER, "2022-06-06 03:00")
    react(LATER + MINUTE)
    react(LATER + 2 * MINUTE)
    case = Case.objects.get()
    signal = Signal.objects.get(ref=case.signal_ref)
    assert (case.held.person.ref, signal.person_ref, signal.channel, signal.status) == (
        line.people[0], line.people[0], "laboratory", "suspected"
    )
    assert list(Contact.objects.values_list("person__ref", flat=True)) == [line.people[1]]
    book_ = book("tracing", LATER + 2 * MINUTE)
    assert book_ is not None
    assert (book_.owed, book_.open, book_.balanced) == (1, 1, True)
    finish_task(task=Ref(Task.objects.get(kind="trace").ref), note="", by=CHIEF, at=LATER + HOUR)
    assert [(one.done, one.balanced) for one in balance_all(Cutoff(LATER + HOUR)) if one.name == "tracing"] == [(1, True)]


def test_who_will_have_no_result_is_released_by_name_with_a_reason_and_the_pool_may_end(line: Sampled) -> None:
    pool = positive(line)
    codes = swabbed(line, line.people[:4])
    told(line, dict.fromkeys(codes.values(), "阴性"), LATER, "2022-06-06 03:00")
    with pytest.raises(Refusal, match="missing-reason"):
        pools.release_held(pool=Ref(pool.ref), person=line.people[4], reason=" ", by=CHIEF, at=LATER)
    pools.release_held(pool=Ref(pool.ref), person=line.people[4], reason="已住院,由医院检测", by=CHIEF, at=LATER + MINUTE)
    pool.refresh_from_db()
    owed = book("pools", LATER + MINUTE)
    assert owed is not None
    assert (pool.closed_at, owed.done, owed.excused_by, owed.balanced) == (LATER + MINUTE, 4, {"released": 1}, True)


def test_somebody_who_is_not_held_is_not_swabbed_alone(line: Sampled) -> None:
    positive(line)
    assert line.sent(line.lead, "swab.single", TOLD + HOUR, tube="TS-1", person=line.people[9])[:2] == (
        "quarantined", "person-not-held"
    )


@pytest.mark.parametrize("code", [TUBES[1], "TS-0001"])
def test_a_label_in_use_takes_no_second_person(line: Sampled, code: str) -> None:
    positive(line)
    line.sent(line.lead, "swab.single", TOLD + HOUR, tube="TS-0001", person=line.people[0])
    assert line.sent(line.lead, "swab.single", TOLD + HOUR, tube=code, person=line.people[1])[:2] == (
        "quarantined", "specimen-code-used"
    )


def test_a_person_whose_swab_was_undone_is_not_held(line: Sampled) -> None:
    from firebreak.operations.rounds.models import Scan, Undo

    scan = Scan.objects.get(person__ref=line.people[0])
    Undo.objects.create(
        event_id=scan.event_id, round=line.row, scan_event_id=scan.event_id, reason="wrong_person", happened_at=TOLD, act=scan.act
    )
    assert sorted(positive(line).people.values_list("person__ref", flat=True)) == sorted(line.people[1:5])


def test_a_doubted_laboratory_and_a_changed_result_become_somebodys_task(line: Sampled) -> None:
    told(line, {TUBES[0]: "阴性"}, when="2022-06-05 20:05")
    told(line, {TUBES[0]: "阳性"}, TOLD + MINUTE)
    react(TOLD + 2 * MINUTE)
    kinds = set(Task.objects.filter(kind__in=["laboratory-doubt", "results-changed"]).values_list("kind", flat=True))
    assert (kinds, Held.objects.count()) == ({"laboratory-doubt", "results-changed"}, 5)
    assert Person.objects.count() == 10
