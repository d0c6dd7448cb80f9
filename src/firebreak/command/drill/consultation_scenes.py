"""The consultations of the drill: the overnight one of 5 June, then the plan's hours, each from picture to decisions.

The program calls the fixed ones by itself, half an hour before, as it does in earnest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from firebreak.command.consultations import actions, queries
from firebreak.command.consultations.models import Consultation, Item
from firebreak.command.drill.cast import Cast
from firebreak.command.drill.moments import BEGIN, END, ZONE, june
from firebreak.command.drill.scenes import Scenes, the_response
from firebreak.command.drill.steps import Step
from firebreak.command.headquarters.plan import HeadquartersSection
from firebreak.engine.units.models import Unit
from firebreak.engine.units.queries import open_posts
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T

OVERNIGHT = june(5, "23:00")
OVERNIGHT_MINUTES = 50
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Raised:
    """What somebody puts on the table of the consultation of a moment, and what becomes of it.

    With a `measure` it changes; without one it is ordered; what is `left` is decided at the next one.
    """

    at: datetime
    account: str
    title: str
    measure: str = ""
    was: str = ""
    becomes: str = ""
    reason: str = ""
    left: bool = False


RAISED = (
    Raised(june(5, "23:00"), "lead_testing", "第一轮全员采样:几点开、多少台、谁兜底", "首轮采样截止", "次日 12:00", "次日 23:55",
           "台位按每小时 60 人算,午前采不完一轮"),
    Raised(june(6, "20:30"), "lead_community", "夜里上门的队伍不够", "每社区夜间上门组", "1 组", "2 组",
           "失联、外出的人集中在几栋楼,一组敲不完"),
    Raised(june(7, "14:30"), "lead_community", "外出、失联人员隔天再找,谁来找", left=True),
    Raised(june(8, "14:30"), "lead_supplies", "封控区送到户门晚了,怎么补"),
    Raised(june(9, "08:30"), "lead_testing", "第四轮各点排队"),
)


class ConsultationScenes:
    """Headquarters at the table."""

    def __init__(self, scenes: Scenes, cast: Cast) -> None:
        self.scenes = scenes
        self.cast = cast
        self.rhythm = scenes.founded.pack.section(HeadquartersSection).rhythm

    def steps(self) -> Iterator[Step]:
        """The overnight one is called by hand; the others begin when the program has called them."""
        yield self._step("call overnight", june(5, "22:20"), self._call_overnight)
        for hour, minutes in self._hours():
            for raised in RAISED:
                if raised.at == hour:
                    name = f"raise {hour:%d %H:%M} {raised.account}"
                    yield self._step(name, hour - 10 * MINUTE, partial(self._raise, hour, raised))
            name = f"open consultation {hour:%d %H:%M}"
            then = partial(self._table, hour, minutes)
            yield Step(hour + MINUTE, name, partial(self.scenes.keyed, name, partial(self._open, hour)), then)

    def _hours(self) -> Iterator[tuple[datetime, int]]:
        """Every beginning from the activation to the end of the drill, with its length."""
        hours = [(OVERNIGHT, OVERNIGHT_MINUTES)]
        for day in range(BEGIN.astimezone(ZONE).day, END.astimezone(ZONE).day + 1):
            for meeting in self.rhythm:
                hours.append((june(day, meeting.at), meeting.duration_minutes.value))
        return iter(sorted(one for one in hours if BEGIN + 15 * MINUTE < one[0] < END))

    def _step(self, name: str, at: datetime, play: Callable[[datetime], object]) -> Step:
        return Step(at, name, partial(self.scenes.keyed, name, partial(play, at)))

    def _call_overnight(self, at: datetime) -> None:
        actions.call_consultation(
            response=Ref(the_response().ref), title=T("连夜会商:首轮采样", "Overnight consultation: the first round"),
            begins_at=OVERNIGHT, minutes=OVERNIGHT_MINUTES, by=self.cast.actor("commander"), at=at,
        )

    def _raise(self, hour: datetime, raised: Raised, at: datetime) -> None:
        row = _called_for(hour)
        actions.raise_item(
            consultation=Ref(row.ref), title=raised.title, by=self.cast.actor(raised.account), at=at
        )

    def _open(self, hour: datetime) -> None:
        actions.open_consultation(
            consultation=Ref(_called_for(hour).ref), by=self.cast.actor("commander"), at=hour + MINUTE
        )

    def _table(self, hour: datetime, minutes: int) -> Iterator[Step]:
        """Who is there, one decision after the other, the end."""
        row = _called_for(hour)
        about = f"{hour:%d %H:%M}"
        yield self._step(f"present {about}", hour + 2 * MINUTE, partial(self._present, row))
        items = [one.item for one in queries.on_the_table(row)]
        for turn, item in enumerate(item for item in items if not _left(item)):
            name, at = f"decide {about} item {item.number}", hour + (4 + 2 * turn) * MINUTE
            then = partial(self.scenes.order_steps, at)
            yield Step(at, name, partial(self.scenes.keyed, name, partial(self._decide, row, item, at)), then)
        yield self._step(f"close {about}", hour + (minutes - 5) * MINUTE, partial(self._close, row))

    def _present(self, row: Consultation, at: datetime) -> None:
        heads = open_posts(row.response_ref).filter(leads_unit=True, unit__kind__in=actions.INVITED)
        posts = [Ref(ref) for ref in heads.filter(holder__isnull=False).values_list("ref", flat=True)]
        actions.note_attendance(consultation=Ref(row.ref), posts=posts, by=self.cast.actor("duty_officer"), at=at)

    def _decide(self, row: Consultation, item: Item, at: datetime) -> None:
        """A raised item changes its measure or is ordered; what is late is ordered in the evening; the rest is noted."""
        by, ref = self.cast.actor("commander"), Ref(item.ref)
        raised = next((one for one in RAISED if one.title == item.title_zh), None)
        if raised is not None and raised.measure:
            actions.decide_measure(
                item=ref, measure=raised.measure, was=raised.was, becomes=raised.becomes, reason=raised.reason,
                effective_at=at + 30 * MINUTE, by=by, at=at,
            )
        elif raised is not None:
            self._order(ref, raised.account.removeprefix("lead_"), f"{raised.title}:逐点核实,两小时内回报", at)
        elif item.about == "tasks" and row.key == "evening_consultation":
            self._order(ref, "coordination", "逾期任务逐件定人定时,今晚清完", at)
        else:
            actions.note_item(item=ref, text="已通报,按原定时限办,下次会商再看。", by=by, at=at)

    def _order(self, item: Ref, unit: str, text: str, at: datetime) -> None:
        found = Unit.objects.get(response_ref=the_response().ref, key=unit)
        actions.decide_order(
            item=item, unit=Ref(found.ref), text=text, due_at=at + timedelta(hours=2), by=self.cast.actor("commander"),
            at=at,
        )

    def _close(self, row: Consultation, at: datetime) -> None:
        actions.close_consultation(consultation=Ref(row.ref), by=self.cast.actor("duty_officer"), at=at)


def _left(item: Item) -> bool:
    """Whether its first consultation does not get to it."""
    return item.origin == Item.Origin.RAISED and any(one.left and one.title == item.title_zh for one in RAISED)


def _called_for(hour: datetime) -> Consultation:
    return Consultation.objects.select_related("task").get(response_ref=the_response().ref, begins_at=hour)
