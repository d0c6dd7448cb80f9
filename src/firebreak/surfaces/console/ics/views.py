"""Five papers of the Incident Command System (FEMA forms 201, 203, 204, 209, 214), filled from the data.

A command that works with these forms reads the response without learning our pages. Nothing is typed: each paper is what
the books and the journal say at its cut-off. Staff are named, residents never.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.command.activation.models import Response, Signal
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.activation.queries import active_response
from firebreak.command.headquarters import queries as orders
from firebreak.command.headquarters.models import Order, OrderReport
from firebreak.command.reports.rights import READ_REPORTS
from firebreak.engine.ledgers.checks import balances_of, latest_check
from firebreak.engine.ledgers.registry import figure
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.models import Task
from firebreak.engine.tasks.queries import owed_by
from firebreak.engine.units import queries as units
from firebreak.engine.units.models import Service, Unit
from firebreak.engine.units.queries import Slot
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.operations.rounds import boards
from firebreak.operations.zones.models import Zone
from firebreak.operations.zones.plan import ZonesSection
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.happenings import latest
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.people_at_work import name_of

PLACE = "console/ics/"
LATEST, LINES, DAY = 12, 200, timedelta(hours=24)
STATUS_FIGURES = (
    "signals-taken", "zones-in-force", "buildings-in-zones", "units-task-force", "units-unled", "posts-open",
    "posts-unfilled", "members-in-service", "orders-open", "orders-overdue", "orders-unread", "tasks-open",
    "tasks-overdue", "findings-open",
)
"""What form 209 counts, by the names under which the domains registered it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an activity log."""

    at: datetime
    text: T


@needs(READ_REPORTS)
def papers(request: HttpRequest) -> HttpResponse:
    """The five papers, and the units of those that are written for one unit."""
    response = active_response()
    standing = list(units.standing_units(response.ref)) if response else []
    return render(request, PLACE + "papers.html", {
        "response": response, "units": [(unit.key, _name(unit), unit.kind) for unit in standing],
    })


@needs(READ_REPORTS)
def briefing(request: HttpRequest) -> HttpResponse:
    """201, incident briefing: where it stands, what is meant, what is being done, who commands with what."""
    response = _response(request)
    return render(request, PLACE + "201.html", {
        **_head(request, response, T("态势简报", "Incident briefing"), "201"), "zones": _zones(response),
        "round": _round(response), "signals": _signals(response),
        "orders": list(orders.live(response.ref)[:LATEST]), "happenings": latest(LATEST),
        "leaders": _leaders(response), "slots": units.slots(response.ref),
    })


@needs(READ_REPORTS)
def organization(request: HttpRequest) -> HttpResponse:
    """203, organization assignment list: every unit with its leader, deputy and posts."""
    response = _response(request)
    found: dict[int, list[tuple[Slot, str]]] = defaultdict(list)
    deputies = _deputies(response)
    for slot in units.slots(response.ref):
        found[slot.post.unit_id].append((slot, deputies.get(slot.post.pk, "")))
    return render(request, PLACE + "203.html", {
        **_head(request, response, T("组织分工表", "Organization assignment list"), "203"),
        "units": [(_name(slots[0][0].post.unit), slots) for slots in found.values()],
    })


@needs(READ_REPORTS)
def assignments(request: HttpRequest, key: str) -> HttpResponse:
    """204, assignment list of one unit: its people, its orders, its tasks, what it was told."""
    response = _response(request)
    unit = _unit(response, key)
    slots = [slot for slot in units.slots(response.ref) if slot.post.unit_id == unit.pk]
    tasks = owed_by([slot.post.pk for slot in slots]).exclude(kind="order")
    return render(request, PLACE + "204.html", {
        **_head(request, response, T("任务分配表", "Assignment list"), "204"), "unit": _name(unit), "slots": slots,
        "leader": next((slot for slot in slots if slot.post.leads_unit), None),
        "charter": T(unit.charter_zh, unit.charter_en), "orders": list(orders.live(response.ref).filter(unit=unit)),
        "tasks": list(tasks.order_by("due_at", "id")[:LINES]), "more": max(0, tasks.count() - LINES),
        "serving": sum(slot.serving for slot in slots), "needed": sum(slot.post.required for slot in slots),
    })


@needs(READ_REPORTS)
def status(request: HttpRequest) -> HttpResponse:
    """209, incident status summary: the figures and the books of this moment, and what comes due next."""
    response, now = _response(request), clock.now()
    who, check = actor(request), latest_check()
    level = {one.key: one.name for one in adopted(response.plan.ref).section(ActivationSection).levels}[response.level]
    counted = [figure(name) for name in STATUS_FIGURES if who.may(figure(name).permission)]
    return render(request, PLACE + "209.html", {
        **_head(request, response, T("态势汇总", "Incident status summary"), "209"), "level": level,
        "figures": [(one.title, one.count(Cutoff(now)), one.unit) for one in counted],
        "books": balances_of(check) if check else [], "round": _round(response), "zones": _zones(response),
        "next": list(
            Task.objects.filter(response_ref=response.ref).exclude(status=Task.Status.ENDED)
            .select_related("owner__unit").order_by("due_at", "id")[:LATEST]
        ),
    })


@needs(READ_REPORTS)
def activity(request: HttpRequest, key: str) -> HttpResponse:
    """214, activity log of one unit: its people, and what it received, said and finished in the last 24 hours."""
    response, now = _response(request), clock.now()
    unit = _unit(response, key)
    serving = Service.objects.filter(post__unit=unit, ends_at=None).select_related("member", "post").order_by("post_id", "id")
    lines = sorted(_lines(unit, now - DAY), key=lambda line: line.at)
    return render(request, PLACE + "214.html", {
        **_head(request, response, T("活动日志", "Activity log"), "214"), "unit": _name(unit), "since": now - DAY,
        "people": [(one.member.name, one.member.home, T(one.post.name_zh, one.post.name_en)) for one in serving],
        "lines": lines[-LINES:], "more": max(0, len(lines) - LINES),
    })


def _lines(unit: Unit, since: datetime) -> list[Line]:
    """Orders received, reports given, tasks ended. Three queries."""
    found = []
    for order in Order.objects.filter(unit=unit, issued_at__gte=since):
        title = T(order.title_zh, order.title_en)
        found.append(Line(order.issued_at, T(f"接指令 {order.number}:{title.zh}", f"order {order.number}: {title.en}")))
        if order.accepted_at is not None:
            found.append(Line(order.accepted_at, T(f"接令 {order.number}", f"accepted order {order.number}")))
    for report in OrderReport.objects.filter(order__unit=unit, happened_at__gte=since).select_related("order"):
        number = report.order.number
        found.append(Line(report.happened_at, T(f"报指令 {number}:{report.text}", f"on order {number}: {report.text}")))
    ended = Task.objects.filter(owner__unit=unit, ended_at__gte=since).exclude(kind="order").order_by("ended_at", "id")
    for task in ended[:LINES]:
        found.append(Line(task.ended_at or since, T(f"办结:{task.title_zh}", f"ended: {task.title_en}")))
    return found


def _head(request: HttpRequest, response: Response, title: T, form: str) -> dict[str, object]:
    """The block every form begins with: incident, period, who prepared it and when."""
    now = clock.now()
    return {
        "form": form, "title": title, "incident": T(response.name_zh, response.name_en), "response": response,
        "from_at": response.activated_at, "to_at": now, "prepared_by": name_of(actor(request).ref), "prepared_at": now,
        "back": reverse("ics"),
    }


def _response(request: HttpRequest) -> Response:
    """The response under way, for who may read reports over all of it. Errors: refuses `not-found`."""
    found = active_response()
    if found is None or not actor(request).may(READ_REPORTS, area=found.area.path):
        raise NOT_FOUND.because()
    return found


def _unit(response: Response, key: str) -> Unit:
    unit = units.standing_units(response.ref).filter(key=key).first()
    if unit is None:
        raise NOT_FOUND.because()
    return unit


def _name(unit: Unit) -> T:
    return T(unit.name_zh, unit.name_en)


def _leaders(response: Response) -> list[tuple[T, Words]]:
    led = [slot for slot in units.slots(response.ref) if slot.post.leads_unit]
    nobody = T("空缺", "vacant")
    return [(_name(slot.post.unit), slot.holder.name if slot.holder else nobody) for slot in led]


def _deputies(response: Response) -> dict[int, str]:
    """Post key → its deputy's name. One query."""
    rows = Service.objects.filter(
        post__unit__response_ref=response.ref, role=Service.Role.DEPUTY, ends_at=None
    )
    return dict(rows.values_list("post_id", "member__name"))


def _zones(response: Response) -> list[tuple[T, T, datetime]]:
    tiers = {tier.key: tier for tier in adopted(response.plan.ref).section(ZonesSection).tiers}
    rows = Zone.objects.filter(response_ref=response.ref, status=Zone.Status.IN_FORCE).order_by("id")
    return [
        (T(row.name_zh, row.name_en or row.name_zh), tiers[row.tier].name, row.effective_at)
        for row in rows if row.tier in tiers
    ]


def _signals(response: Response) -> list[tuple[datetime, T, T]]:
    """When each came in, where, and what it is held to be."""
    named = {one.key: one.name for one in adopted(response.plan.ref).section(ActivationSection).classifications}
    rows = Signal.objects.filter(received_at__lte=clock.now()).select_related("area").order_by("received_at", "id")
    return [
        (row.received_at, T(row.area.name_zh, row.area.name_en or row.area.name_zh),
         named.get(row.classification, T(row.classification, row.classification)))
        for row in rows[:LATEST]
    ]


def _round(response: Response) -> dict[str, object] | None:
    row = boards.running_round()
    if row is None or row.response_ref != response.ref:
        return None
    found = boards.standing(row)
    return {
        "number": row.number, "due_at": row.due_at, "owed": found.owed, "sampled": found.sampled, "closed": found.closed,
        "left": found.open,
    }
