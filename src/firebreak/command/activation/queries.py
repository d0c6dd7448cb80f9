"""Reads of activation: signals, the active response, and what an activation would create."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from firebreak.command.activation import blueprint as drawing
from firebreak.command.activation.models import PlanChange, Response, Signal
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.activation.rules import NOT_A_DISTRICT
from firebreak.command.headquarters.actions import OrderTerms
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.plan import HeadquartersSection, OrderKind
from firebreak.command.headquarters.queries import issued_at
from firebreak.engine.areas.models import Area
from firebreak.engine.messages.plan import MessagesSection
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.packs import Pack
from firebreak.engine.plans.queries import adopted, adopted_plans, latest_plan
from firebreak.engine.tasks.models import Task
from firebreak.engine.units.models import Member
from firebreak.engine.units.plan import PostSpec, UnitsSection, expand_posts
from firebreak.engine.units.queries import within
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Preview:
    """What will exist a moment after the second person agrees, in numbers. `unfilled` names posts by code."""

    plan: str
    area: str
    units: int
    task_forces: int
    branches: int
    teams: int
    posts: int
    required: int
    people: int
    unfilled: list[str]
    orders: int
    checklist: int
    clocks: int
    messages: int
    first_due_at: str
    last_due_at: str
    kinds: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The preview as it is stored with the proposal and shown to the second person."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UsualTerms:
    """Kinds of orders that may be given by hand, the usual first, with the deadline and review day of that one."""

    kinds: tuple[OrderKind, ...]
    due_at: datetime
    review_on: date


def district_of(area: Area) -> drawing.District:
    """The communities and grids under an area; one query. Errors: refuses `not-a-district`."""
    below = list(
        Area.objects.filter(path__startswith=area.path, level__in=["community", "grid"], ended_at=None)
        .order_by("path").values_list("code", "level", "parent__code")
    )
    communities = [code for code, level, _ in below if level == Area.Level.COMMUNITY]
    if area.level != Area.Level.DISTRICT or not communities:
        raise NOT_A_DISTRICT.because(area=area.name_zh)
    grids = {code: parent for code, level, parent in below if level == Area.Level.GRID}
    codes = {"district": [area.code], "community": communities, "grid": list(grids)}
    return drawing.District(T(area.name_zh, area.name_en or area.name_zh), codes, grids)


def the_district() -> Area | None:
    """The one district of this installation; None when there is none or several. One query."""
    found = list(Area.objects.filter(level=Area.Level.DISTRICT, ended_at=None)[:2])
    return found[0] if len(found) == 1 else None


def planned_posts(pack: Pack, area: Area) -> list[PostSpec]:
    """The posts a plan would open in a district, in the order of the plan; one query. Errors: `not-a-district`."""
    district = district_of(area)
    return list(expand_posts(pack.section(UnitsSection), district.codes, parent_of=district.parent_of or None))


def strange_posts() -> list[str]:
    """Post codes of the roster that no adopted plan opens in the district; nothing before a plan and a district."""
    area, plans = the_district(), list(adopted_plans())
    if area is None or not plans or not area.children.filter(ended_at=None).exists():
        return []
    known = {post.key for plan in plans for post in planned_posts(adopted(plan.ref), area)}
    named = Member.objects.exclude(roster_post="").values_list("roster_post", flat=True).distinct()
    return sorted(set(named) - known)


def draw(pack: Pack, area: Area, signalled_at: datetime, at: datetime) -> drawing.Blueprint:
    """The blueprint of an activation; one query."""
    return drawing.draw(pack, district_of(area), signalled_at, at, ZoneInfo(settings.TIME_ZONE))


def preview(signal: Signal, plan: str, area: Area, at: datetime) -> Preview:
    """Count what activating would create. Four queries at most, whatever the district's size; writes nothing."""
    pack = adopted(plan)
    drawn = draw(pack, area, signal.received_at, at)
    roster = Counter[str]()
    held: set[str] = set()
    named = Member.objects.filter(roster_post__in=[post.key for post in drawn.posts])
    for code, role in named.values_list("roster_post", "roster_role"):
        roster[code] += 1
        if role == "holder":
            held.add(code)
    led = {post.unit_key for post in drawn.posts if post.leads_unit and post.key in held}
    kinds = Counter[str](unit.kind for unit in drawn.units)
    dues = sorted(order.due_at for order in drawn.orders) or [at]
    return Preview(
        plan=plan, area=area.code, units=len(drawn.units), task_forces=kinds["task_force"],
        branches=kinds["branch"], teams=kinds["team"], posts=len(drawn.posts), required=drawn.required,
        people=roster.total(),
        unfilled=[p.key for p in drawn.posts if p.key not in held or roster[p.key] < p.required_people],
        orders=len(drawn.orders), checklist=sum(task.kind == "checklist" for task in drawn.tasks),
        clocks=sum(task.kind == "clock" for task in drawn.tasks),
        messages=roster.total() + sum(order.unit in led for order in drawn.orders),
        first_due_at=dues[0].isoformat(), last_due_at=dues[-1].isoformat(), kinds=dict(kinds),
    )


def active_response() -> Response | None:
    """The response under way, the latest when there are several; one query."""
    rows = Response.objects.filter(status=Response.Status.ACTIVE).select_related("area", "signal", "plan")
    return rows.defer("plan__content").order_by("-activated_at", "-id").first()


def plan_in_use() -> AdoptedPlan | None:
    """The plan of the response under way, else the one adopted last: an amendment nobody agreed to is not in use. Two queries."""
    response = active_response()
    return response.plan if response is not None else latest_plan()


def followed_plan() -> str | None:
    """The ref of the plan in use."""
    used = plan_in_use()
    return used.ref if used is not None else None


def latest_response() -> Response | None:
    """The response activated last, ended or not; one query."""
    rows = Response.objects.select_related("area", "signal", "plan").defer("plan__content")
    return rows.order_by("-activated_at", "-id").first()


def plan_at(response: Response, at: datetime) -> AdoptedPlan:
    """The plan a response followed at a moment: that of its next amendment before it was made, else the one it follows.

    One query.
    """
    later = PlanChange.objects.filter(response=response, happened_at__gt=at).select_related("before")
    change = later.defer("before__content").order_by("happened_at", "id").first()
    return response.plan if change is None else change.before


def minutes_to_activation(response: Response) -> int:
    """Whole minutes from the signal to the activation."""
    return int((response.activated_at - response.signal.received_at).total_seconds() // 60)


def signals() -> QuerySet[Signal]:
    """Every signal, latest first, with its area."""
    return Signal.objects.select_related("area", "plan").defer("plan__content").order_by("-received_at", "-id")


def find_signal(ref: str) -> Signal:
    """One signal. Errors: refuses `not-found`."""
    row = signals().filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def section_of(signal: Signal) -> ActivationSection:
    """The activation section a signal is judged by."""
    return adopted(signal.plan.ref).section(ActivationSection)


def checklist(response: Response) -> list[Task]:
    """The first-hour page: clocks and lines with owner, due and end, in the order of their deadlines; one query."""
    rows = Task.objects.filter(response_ref=response.ref, kind__in=["checklist", "clock"])
    return list(rows.select_related("owner__unit", "owner__holder").order_by("due_at", "id"))


def order_terms(response: Response, kind: str = "directive") -> OrderTerms:
    """What the plan of a response says of a kind of order. Errors: `LookupError`."""
    pack = adopted(response.plan.ref)
    section = pack.section(HeadquartersSection)
    found = section.order_kind(kind)
    year = response.activated_at.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    district = T(response.area.name_zh, response.area.name_en)
    return OrderTerms(
        kind=kind, acknowledge_minutes=found.acknowledge_minutes.value, number_base=response.document_base,
        number_pattern=drawing.document(section.document_number.value, district, year, "{n}"),
        letter=pack.text(pack.section(MessagesSection).template("order").text),
    )


def usual_terms(response: Response, now: datetime) -> UsualTerms:
    """What is proposed for an order given now when nothing else is said. Errors: `LookupError`."""
    section = adopted(response.plan.ref).section(HeadquartersSection)
    kinds = tuple(kind for kind in section.order_kinds if kind.key != "opening") or section.order_kinds
    review = (now + timedelta(hours=kinds[0].review_after_hours.value)).astimezone(ZoneInfo(settings.TIME_ZONE))
    return UsualTerms(kinds, now + timedelta(minutes=kinds[0].deadline_minutes.value), review.date())


def signals_at(cutoff: Cutoff) -> QuerySet[Signal]:
    """Signals taken at or before a cut-off."""
    return Signal.objects.filter(received_at__lte=cutoff.at, act_id__lte=cutoff.position).order_by("id")


def responses_at(cutoff: Cutoff) -> QuerySet[Response]:
    """Responses active at a cut-off."""
    rows = Response.objects.filter(within(cutoff, "activated_at", "ended_at"))
    return rows.select_related("signal", "area").order_by("id")


def orders_at(cutoff: Cutoff) -> QuerySet[Order]:
    """Orders issued in the responses active at a cut-off: those of an ended one are no longer counted."""
    return issued_at(cutoff).filter(response_ref__in=list(responses_at(cutoff).values_list("ref", flat=True)))


def minutes_at(cutoff: Cutoff) -> int:
    """Minutes from signal to activation of the latest response active at a cut-off; 0 when none is."""
    latest = responses_at(cutoff).last()
    return minutes_to_activation(latest) if latest else 0
