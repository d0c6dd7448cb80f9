"""What changed since the reader last looked, topic by topic, from the journal; read means read only when they say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.rights import READ_ACTIVATION
from firebreak.command.consultations.rights import READ_CONSULTATIONS
from firebreak.command.duty.rights import READ_DUTY
from firebreak.command.headquarters.rights import READ_ORDERS
from firebreak.command.inspections.rights import READ_INSPECTIONS
from firebreak.command.musters.rights import READ_MUSTERS
from firebreak.command.reports.rights import READ_REPORTS
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.bookmarks import bookmark_of, move_bookmark
from firebreak.engine.journal.models import Act, Event
from firebreak.engine.tasks.rights import READ_TASKS
from firebreak.kernel import clock
from firebreak.kernel.refs import kind_of, token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds.rights import READ_ROUNDS
from firebreak.operations.zones.rights import READ_ZONES
from firebreak.surfaces.common import happenings
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.headquarters.rights import READ_HQ

SHOWN = 400
FIRST_TIME = timedelta(hours=24)
"""How far back somebody sees who never looked before."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Events told together to whoever holds the right."""

    title: T
    right: str
    types: tuple[str, ...]


TOPICS: Sequence[Topic] = (
    Topic(T("预警与响应", "Signals and the response"), READ_ACTIVATION, (
        "SignalTaken", "SignalJudged", "SignalOverturned", "ResponseActivated", "ResponseCancelled", "PlanAmended",
    )),
    Topic(T("分区", "Zones"), READ_ZONES, ("ZoneInForce", "ZoneReleased")),
    Topic(T("会商", "Consultations"), READ_CONSULTATIONS, ("ConsultationClosed",)),
    Topic(T("指令", "Orders"), READ_ORDERS, (
        "OrderIssued", "OrderAccepted", "OrderFinished", "OrderRefused", "OrderVerified", "OrderReopened",
    )),
    Topic(T("逾期上报", "Overdue"), READ_TASKS, ("TasksEscalated",)),
    Topic(T("轮次", "Rounds"), READ_ROUNDS, ("RoundOpened", "PoolsFollowed", "RoundClosed", "RoundCancelled")),
    Topic(T("督导", "Inspection"), READ_INSPECTIONS, ("FindingRaised", "FindingClosed")),
    Topic(T("集结", "Musters"), READ_MUSTERS, ("MusterCalled", "MusterReached")),
    Topic(T("值班", "Duty desk"), READ_DUTY, ("DeskTaken",)),
    Topic(T("日报", "Daily report"), READ_REPORTS, ("ReportPublished", "Published", "PublicationWithdrawn")),
)
_PAGES: Mapping[str, str] = {
    "order": "order", "signal": "signal", "finding": "finding", "muster": "muster", "handover": "hand-over",
    "consultation": "consultation", "zone": "zone", "round": "round",
}
"""Kind of ref → the page that shows it."""


@needs(READ_HQ, post=READ_HQ)
def since(request: HttpRequest) -> HttpResponse:
    """GET shows what is new; POST says it was read, up to what was shown."""
    who = actor(request)
    if request.method == "POST":
        given = request.POST.get("position", "")
        if given.isascii() and given.isdigit() and len(given) < 19:
            move_bookmark(who.account_id, min(int(given), _last()), clock.now())
            tell(request, T("已记下,下次从这里看起。", "Noted: next time begins here."), tone="good")
        return redirect("since")
    mark = bookmark_of(who.account_id)
    position = mark.position if mark else _before(FIRST_TIME)
    topics = [topic for topic in TOPICS if who.may(topic.right)]
    shown = happenings.since(position, [name for topic in topics for name in topic.types], SHOWN + 1)
    return render(request, "console/since/since.html", {
        "n": min(len(shown), SHOWN), "more": len(shown) > SHOWN, "mark": mark, "position": _last(),
        "topics": [(topic.title, told) for topic in topics if (told := _told(topic, shown[:SHOWN], who))],
    })


def _told(topic: Topic, shown: Sequence[tuple[Event, T]], who: AccountActor) -> list[tuple[object, T, str]]:
    """When, what, and where it leads."""
    return [(event.act.at, words, _page(event.about)) for event, words in shown if event.type in topic.types]


def _page(about: str) -> str:
    kind = kind_of(about)
    return reverse(_PAGES[kind], args=[token_of(about)]) if kind in _PAGES else ""


def _last() -> int:
    return int(Act.objects.aggregate(last=Max("id"))["last"] or 0)


def _before(span: timedelta) -> int:
    earlier = Act.objects.filter(at__lt=clock.now() - span).order_by("-id").values_list("id", flat=True).first()
    return earlier or 0
