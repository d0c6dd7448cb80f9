"""An order in one line: read, shown as it was understood, and issued by a second Enter."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response, order_terms, usual_terms
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.headquarters import actions, queries
from firebreak.command.headquarters.quick import Line, read
from firebreak.command.headquarters.rights import ISSUE_ORDERS
from firebreak.engine.units.queries import leader_post
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Due
from firebreak.surfaces.console.orders.views import PLACE, told_undo
from firebreak.surfaces.console.people_at_work import owner_of

LONGEST = 400


@needs(post=ISSUE_ORDERS)
def quick(request: HttpRequest) -> HttpResponse:
    """The first Enter shows what was understood; the second, with the deadline shown, issues it."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    line, now = request.POST.get("line", "")[:LONGEST], clock.now()
    try:
        understood = read(line, queries.named_units(response.ref), now, ZoneInfo(settings.TIME_ZONE))
        agreed = _agreed(request.POST.get("due", ""))
        if agreed is not None:
            return _issue(request, response, understood, agreed)
    except Refusal as refusal:
        return render(request, PLACE + "quick.html", {"line": line, "problem": refusal.text}, status=422)
    post = leader_post(understood.unit.ref)
    usual = usual_terms(response, now)
    return render(request, PLACE + "quick.html", {
        "line": line, "read": understood, "owner": owner_of(post) if post else None,
        "due": Due(understood.due_at or usual.due_at, None), "usual": understood.due_at is None,
    })


def _issue(request: HttpRequest, response: Response, line: Line, due_at: datetime) -> HttpResponse:
    now = clock.now()
    usual = usual_terms(response, now)
    words = T(line.text, line.text)
    ref = actions.issue_order(
        response=Ref(response.ref), unit=line.unit.ref, title=words, text=words, due_at=due_at,
        legal_basis=response.legal_basis, review_on=usual.review_on, terms=order_terms(response, usual.kinds[0].key),
        by=actor(request), at=now,
    )
    told_undo(request, ref)
    return redirect("orders")


def _agreed(given: str) -> datetime | None:
    """The deadline that was shown; None before anything was."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
