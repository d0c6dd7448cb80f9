"""Orders over time, a lane for each unit: which wait, which are worked on, which are late."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firebreak.command.activation.queries import active_response
from firebreak.command.headquarters import queries
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.rights import READ_ORDERS
from firebreak.kernel import clock
from firebreak.kernel.refs import token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Chip, LaneBar, SwimLanes
from firebreak.surfaces.common.words import Words

HOURS = (12, 24, 72)
MOST = 400
QUESTION = T("哪些指令在等、在办、在拖?", "Which orders wait, are worked on, are late?")


@needs(READ_ORDERS)
def lanes(request: HttpRequest) -> HttpResponse:
    """The orders of the last hours and all that are open, by unit. Two queries."""
    now, response = clock.now(), active_response()
    asked = request.GET.get("hours", "")
    hours = int(asked) if asked.isdecimal() and int(asked) in HOURS else HOURS[1]
    since = now - timedelta(hours=hours)
    drawn = Q(task__ended_at=None) | Q(task__ended_at__gte=since)
    found = list(queries.orders(response.ref).filter(drawn)[:MOST]) if response else []
    late = sum(row.task.ended_at is None and row.task.due_at < now for row in found)
    return render(request, "console/orders/lanes.html", {
        "plot": _plot(found, since, now) if found else None, "open": sum(row.task.ended_at is None for row in found),
        "late": late,
        "chips": tuple(
            Chip(T(f"{one} 小时", f"{one} h"), with_query(request, hours=str(one)), one == hours) for one in HOURS
        ),
    })


def _plot(rows: list[Order], since: datetime, now: datetime) -> SwimLanes:
    by_unit: dict[int, tuple[Words, list[LaneBar]]] = {}
    for row in sorted(rows, key=lambda row: (row.unit_id, row.number)):
        unit = T(row.unit.name_zh, row.unit.name_en)
        by_unit.setdefault(row.unit_id, (unit, []))[1].append(LaneBar(
            T(f"{row.number} {row.title_zh}", f"{row.number} {row.title_en}"), reverse("order", args=[token_of(row.ref)]),
            row.issued_at, row.task.due_at, row.accepted_at, row.task.ended_at,
        ))
    return SwimLanes(QUESTION, since, now, tuple((unit, tuple(bars)) for unit, bars in by_unit.values()))
