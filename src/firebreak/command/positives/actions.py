"""Writes that follow a positive. Called by the reactions, so nobody has to remember them at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from firebreak.command.activation.actions import take_signal
from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import order_terms
from firebreak.command.headquarters.actions import Draft, issue_orders
from firebreak.command.positives.events import CaseFound, PoolFollowed
from firebreak.command.positives.models import Case, Contact
from firebreak.command.positives.plan import PositivesSection
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.plans.queries import adopted
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.actions import TaskSpec, open_tasks
from firebreak.engine.units.models import Unit
from firebreak.engine.units.queries import leader_or_desk
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.laboratory.models import Pool, Specimen
from firebreak.operations.laboratory.results import results_of
from firebreak.operations.laboratory.stages import UNCLEAR
from firebreak.operations.zones.plan import ZonesSection

PROPOSE, TRACE = "propose-zone", "trace"
_PROPOSE = T(
    "{tube} 阳性:请为所涉 {n} 栋楼提出{tier}或说明",
    "{tube} is positive: propose {tier} for its {n} buildings, or say why not",
)
_TRACE = T("追踪阳性人员的共同居住人 {n} 人和其他密接", "Trace the {n} people living with a positive person, and other contacts")
PROPOSE_WITHIN = timedelta(minutes=30)


@action
def follow_pool(*, pool: Ref, by: Actor, at: datetime) -> int:
    """Issue the orders of a positive pool and put a tier before whoever proposes zones; how many orders.

    Who: the reactions.   Journals: PoolFollowed, OrderIssued.
    Promises: the pool's people are held already; nobody's building is closed by machine.
    """
    row = Pool.objects.select_related("round", "tube").get(ref=pool)
    response = Response.objects.select_related("area", "plan").get(ref=row.round.response_ref)
    section = adopted(response.plan.ref).find(PositivesSection)
    people = row.people.count()
    if section is None:
        record(PoolFollowed(row.tube.code, people, []), about=row.ref)
        return 0
    figures = {"tube": row.tube.code, "people": people}
    due = at + timedelta(minutes=section.swab_within_minutes.value)
    drafts = []
    for unit, title, text in (
        (section.squad_unit, section.order_title, section.order_text),
        (section.notify_unit, section.notice_title, section.notice_text),
    ):
        found = Unit.objects.filter(response_ref=response.ref, key=unit, dissolved_at=None).order_by("id").first()
        if found is not None:
            drafts.append(Draft(
                Ref(found.ref), title.value.text.filled(**figures), text.value.text.filled(**figures), due,
                response.legal_basis, at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() + timedelta(days=1),
                order_terms(response),
            ))
    refs = issue_orders(response=Ref(response.ref), drafts=drafts, by=by, at=at) if drafts else []
    _put_tier(response, row, section, by, at)
    record(PoolFollowed(row.tube.code, people, [str(ref) for ref in refs]), about=row.ref)
    return len(refs)


def _put_tier(response: Response, pool: Pool, section: PositivesSection, by: Actor, at: datetime) -> None:
    zones, owner = adopted(response.plan.ref).find(ZonesSection), leader_or_desk(response.ref, None)
    if section.propose_tier is None or zones is None or owner is None:
        return
    buildings = pool.people.values("building").distinct().count()
    title = _PROPOSE.filled(tube=pool.tube.code, n=buildings, tier=zones.tier(section.propose_tier).name)
    open_tasks(specs=[TaskSpec(PROPOSE, pool.ref, Ref(response.ref), title, owner.pk, at + PROPOSE_WITHIN)], by=by, at=at)


@action
def follow_person(*, held: int, by: Actor, at: datetime) -> Ref:
    """Take a signal for somebody of a pool whose own result is positive or weak, and write down who lives with them.

    Who: the reactions.   Journals: CaseFound, SignalTaken.   Promises: once a person of a pool; a pool's result is no person's.
    """
    specimen = Specimen.objects.select_related(
        "held__pool__round", "held__person", "held__building", "laboratory", "round"
    ).filter(held=held).order_by("id").last()
    if specimen is None or specimen.held is None:
        raise NOT_FOUND.because()
    found = specimen.held
    response = Response.objects.select_related("plan").get(ref=found.pool.round.response_ref)
    section = adopted(response.plan.ref).section(PositivesSection)
    reporter = specimen.laboratory.name_zh if specimen.laboratory else ""
    signal = take_signal(
        kind=section.person_signal_kind, channel="laboratory", reporter=reporter, area_code=found.building.code, by=by, at=at,
        plan=Ref(response.plan.ref), person=found.person.ref, note=specimen.code,
    )
    case = Case.objects.create(
        held=found, response_ref=response.ref, signal_ref=signal, found_at=at, act=current_act(),
    )
    together = _living_with(found.person)
    Contact.objects.bulk_create([Contact(case=case, person=one, happened_at=at, act=current_act()) for one in together])
    owner = leader_or_desk(response.ref, section.tracing_unit)
    if owner is not None:
        due = at + timedelta(minutes=section.trace_within_minutes.value)
        title = _TRACE.filled(n=len(together))
        (key,) = open_tasks(
            specs=[TaskSpec(TRACE, signal, Ref(response.ref), title, owner.pk, due)], by=by, at=at,
        )
        case.task_id = key
        case.save(update_fields=["task"])
    record(CaseFound(signal, len(together)), about=specimen.round.ref)
    return signal


def not_followed(delivery: Ref) -> list[int]:
    """Keys of people held whose own result of a delivery is positive or weak and was not followed yet. Three queries."""
    singles = list(Specimen.objects.filter(results__delivery__ref=delivery, held__isnull=False, held__case=None).distinct())
    held = results_of(singles)
    return sorted({one.held_id for one in singles if one.held_id is not None and held[one.pk].means in UNCLEAR})


def _living_with(person: Person) -> list[Person]:
    """Whoever shares the household, else the door of a building, with a person."""
    doors = person.presences.exclude(door="").values_list("building_id", "door")
    found: dict[int, Person] = {}
    if person.household_id is not None:
        found = {one.pk: one for one in Person.objects.filter(household_id=person.household_id, died_on=None)}
    for building, door in doors:
        for one in Person.objects.filter(presences__building_id=building, presences__door=door, died_on=None):
            found[one.pk] = one
    found.pop(person.pk, None)
    return [found[key] for key in sorted(found)]

