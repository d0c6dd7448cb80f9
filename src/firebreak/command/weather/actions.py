"""Writes of weather: a value is entered, and what the plan ties to it begins or ends in the same act."""

from datetime import datetime, timedelta

from firebreak.command.activation.models import Response
from firebreak.command.headquarters.plan import WeatherRule
from firebreak.command.weather import queries, rules
from firebreak.command.weather.events import WeatherNoted
from firebreak.command.weather.models import Observation
from firebreak.command.weather.queries import KIND
from firebreak.command.weather.refusals import IMPOSSIBLE, NO_SOURCE, NOT_YET, UNKNOWN_MEASURE
from firebreak.command.weather.rights import NOTE_WEATHER
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.tasks.actions import TaskSpec, end_tasks, open_tasks
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.queries import leader_or_desk
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, make_ref, new_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

_TITLE = T("{rule}({value}{unit})", "{rule} ({value} {unit})")
_OVER = "天气回落 the weather fell back"


@action
def note_weather(
    *, response: Ref, measure: str, value: float, observed_at: datetime, source: str, by: Actor, at: datetime
) -> Ref:
    """Enter what was observed.

    Who: headquarters.
    Refuses: not-found, unknown-measure, no-source, observed-later, impossible-weather.   Journals: WeatherNoted.
    Promises: each rule the value reaches is a task of the unit the plan names, once until the weather falls back, also
    when the unit has reported it done; what is not done by then ends; a value older than the latest changes nothing.
    """
    row = Response.objects.select_related("area", "plan").filter(ref=response, status=Response.Status.ACTIVE).first()
    if row is None:
        raise NOT_FOUND.because()
    by.require(NOTE_WEATHER, area=row.area.path)
    known = rules.MEASURES.get(measure)
    if known is None:
        raise UNKNOWN_MEASURE.because()
    if not source.strip():
        raise NO_SOURCE.because()
    if observed_at > at:
        raise NOT_YET.because()
    if not known.low <= value <= known.high:
        raise IMPOSSIBLE.because(measure=known.name, value=f"{value:g}", low=f"{known.low:g}", high=f"{known.high:g}")
    made = Observation.objects.create(
        ref=new_ref("observation"), response_ref=response, measure=measure, value=value, observed_at=observed_at,
        source=source.strip()[:80], by=by.ref, act=current_act(),
    )
    newest = queries.observations(response).filter(measure=measure).first()
    begun, over = _follow(row, made, by, at) if newest == made else (0, 0)
    record(WeatherNoted(measure, value, observed_at, made.source, begun, over), about=made.ref)
    return Ref(made.ref)


def _follow(row: Response, seen: Observation, by: Actor, at: datetime) -> tuple[int, int]:
    """Begin the tasks of rules the value reaches, end those of rules it does not; how many of each."""
    own = [rule for rule in queries.rules_of(row) if seen.measure in rule.limits]
    hold, live = rules.reached(own, seen.measure, seen.value), queries.live(row.ref)
    before = queries.observations(row.ref).filter(measure=seen.measure).exclude(pk=seen.pk).first()
    held = set() if before is None else rules.reached(own, seen.measure, before.value)
    specs = [
        spec for rule in own if rule.key in hold - held
        if (spec := _spec(row, rule, seen, at)) is not None
    ]
    over = [live[rule.key].pk for rule in own if rule.key in live and rule.key not in hold]
    if specs:
        open_tasks(specs=specs, by=by, at=at)
    if over:
        end_tasks(ids=over, outcome=Task.Outcome.DONE, reason=_OVER, by=by, at=at)
    return len(specs), len(over)


def _spec(row: Response, rule: WeatherRule, seen: Observation, at: datetime) -> TaskSpec | None:
    """The task of a rule, owned by the leader of its unit, else by the desk; None where nobody holds either."""
    owner = leader_or_desk(row.ref, rule.unit)
    if owner is None:
        return None
    title = _TITLE.filled(rule=rule.text.text, value=f"{seen.value:g}", unit=rules.MEASURES[seen.measure].unit)
    due = at + timedelta(minutes=rule.deadline_minutes.value)
    about = make_ref("weather", f"{rule.key}.{token_of(seen.ref)}")
    return TaskSpec(KIND, about, row.ref, title, owner.pk, due)
