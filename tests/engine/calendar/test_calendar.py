"""An outbreak keeps no office hours, people do: off hours a task that climbs is told to more people."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from firebreak.engine.calendar import queries
from firebreak.engine.calendar.actions import MOST, declare_days
from firebreak.engine.calendar.models import SpecialDay
from firebreak.engine.calendar.rules import why_off
from firebreak.engine.journal.models import Event
from firebreak.engine.messages.models import Message
from firebreak.engine.plans.actions import adopt_plan
from firebreak.engine.plans.loader import load_pack
from firebreak.engine.tasks.actions import TaskSpec, open_tasks
from firebreak.engine.tasks.watch import escalate_due
from firebreak.engine.units.actions import name_deputy
from firebreak.engine.units.models import Member, Post
from firebreak.engine.units.plan import OfficeHours
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.support.desk import at_desk, person
from tests.support.staffing import AT, HOUR, RESPONSE, everybody, staffed
from tests.support.testing_round import PLANS
from tests.support.zoned import zoned_district

HOURS = OfficeHours.model_validate({"begin": "08:30", "end": "17:30"})
FESTIVAL, NOTICE = T("端午节", "Dragon Boat Festival"), "国办发明电〔2021〕11号"
DECLARED = {date(2022, 6, 3): (True, FESTIVAL), date(2022, 6, 11): (False, T("调休", "worked Saturday"))}
SUNDAY, MONDAY, TUESDAY = (datetime(2022, 6, day, 6, 0, tzinfo=UTC) for day in (5, 6, 7))


def declare(begins: date = date(2022, 6, 3), ends: date = date(2022, 6, 5), kind: str = "free", **changes: object) -> int:
    said = {"name": FESTIVAL, "source": NOTICE, "by": everybody(), "at": AT, **changes}
    return declare_days(begins=begins, ends=ends, kind=kind, **said)  # type: ignore[arg-type]


def follow_the_plan() -> None:
    adopt_plan(pack=load_pack(PLANS / "covid-2022"), authority="测试", by=everybody(), at=AT)


@pytest.mark.parametrize(("day", "hour", "why"), [
    (2, 9, None), (2, 8, "out of hours"), (2, 18, "out of hours"), (3, 9, "Dragon Boat Festival"),
    (4, 9, "weekend"), (11, 9, None), (11, 22, "out of hours"), (12, 9, "weekend"),
])
def test_a_day_is_what_was_announced_else_what_its_weekday_says(day: int, hour: int, why: str | None) -> None:
    found = why_off(datetime(2022, 6, day, hour), HOURS, DECLARED)
    assert (found.en if found else None) == why


@pytest.mark.parametrize(("hour", "minute", "off"), [(8, 29, True), (8, 30, False), (17, 29, False), (17, 30, True)])
def test_office_hours_begin_and_end_to_the_minute(hour: int, minute: int, off: bool) -> None:
    at = datetime(2022, 6, 7, hour, minute)
    assert (why_off(at, HOURS, {}) is not None) is off


@pytest.mark.django_db
def test_the_last_entry_of_a_day_holds_and_the_earlier_one_stays() -> None:
    assert declare() == 3
    declare(begins=date(2022, 6, 5), kind="worked", name=T("战时上班", "everybody works"))
    held = queries.declared_days(date(2022, 6, 1), date(2022, 6, 30))
    assert [(row.date.day, row.kind) for row in held] == [(3, "free"), (4, "free"), (5, "worked")]
    assert (SpecialDay.objects.count(), Event.objects.filter(type="DaysDeclared").count()) == (4, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "code"), [
    ({"ends": date(2022, 6, 2)}, "days-backwards"),
    ({"ends": date(2022, 6, 3) + timedelta(days=MOST)}, "too-many-days"),
    ({"name": T(" ", "x")}, "days-unnamed"),
    ({"source": ""}, "days-unnamed"),
    ({"by": SystemActor("nobody", frozenset())}, "not-permitted"),
])
def test_what_is_not_a_stretch_of_days_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        declare(**changes)  # type: ignore[arg-type]
    assert SpecialDay.objects.count() == 0


@pytest.mark.django_db
def test_a_plan_without_office_hours_knows_no_off_hours() -> None:
    assert queries.off_hours(SUNDAY) is None
    follow_the_plan()
    assert [queries.off_hours(at) for at in (SUNDAY, MONDAY)] == [T("周末", "weekend"), None]


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "told"), [(SUNDAY, ["member:deputy", "member:watch"]), (TUESDAY, [])])
def test_off_hours_the_deputy_and_the_duty_desk_hear_of_what_climbs(day: datetime, told: list[str]) -> None:
    posts = staffed()
    follow_the_plan()
    Member.objects.bulk_create(Member(ref=ref, name=ref, home="测试局") for ref in ("member:deputy", "member:watch"))
    lead = posts["community_lead"]
    name_deputy(post=Ref(lead.ref), member=Ref("member:deputy"), reason="值夜", by=everybody(), at=AT)
    hq = posts["hq_lead"]
    watch = Post.objects.create(
        ref="post:watch", unit=hq.unit, code="watch", duty="duty_officer", leads_unit=False, required=1, step_up_minutes=10,
        name_zh="值班", name_en="watch", holder=Member.objects.get(ref="member:watch"), opened_at=AT, act=hq.act,
    )
    spec = TaskSpec("sweep", "door:1", RESPONSE, T("查一户", "See a door"), posts["grid_b"].id, day - HOUR)
    open_tasks(specs=[spec], by=everybody(), at=day - 2 * HOUR)
    escalate_due(day)
    letters = Message.objects.filter(template="task.overdue").order_by("id")
    both = ["member:community_lead-0", "member:grid_b-0"]
    assert sorted(letters.values_list("to_ref", flat=True)) == sorted(both + told)
    assert [row.text_en for row in letters if row.to_ref == watch.holder.ref] == [  # type: ignore[union-attr]
        "weekend: an overdue task has climbed: See a door, now with Post community_lead. Please see that somebody is on it."
    ][:len(told)]


@pytest.mark.django_db
def test_the_page_says_what_hour_it_is_and_takes_an_announcement(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY)
    zoned_district()
    client = at_desk(person("wang", "duty_officer"), "en")
    said = {"begins": "2022-06-03", "ends": "2022-06-05", "kind": "free", "name_zh": "端午节", "name_en": "Dragon Boat",
            "source": NOTICE}
    assert client.post("/calendar", {**said, "ends": "2022-06-01"}).status_code == 422
    assert client.post("/calendar", said).status_code == 302
    assert "Dragon Boat" in client.get("/calendar").content.decode()
