"""Messages: how many are in each state, what somebody must still say by voice, and the latest ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.messages import actions, queries
from firebreak.engine.messages.models import Message
from firebreak.engine.messages.rights import READ_MESSAGES, SEND_MESSAGES
from firebreak.engine.messages.states import STATUS_WORDS
from firebreak.engine.units.models import Member
from firebreak.kernel import clock
from firebreak.kernel.refs import make_ref, token_of
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words

SHOWN = 100
CHANNELS = {
    "log": T("演练记录", "log"), "print": T("电话口头", "by voice"), "smtp": T("邮件或短信网关", "mail or SMS gateway"),
}


@needs(READ_MESSAGES)
def message_list(request: HttpRequest) -> HttpResponse:
    """What was sent and what was not."""
    to_speak, latest = list(queries.to_speak()[:SHOWN]), list(queries.recent(SHOWN))
    names = _names([*to_speak, *latest])
    states = queries.by_status()
    return render(request, "console/messages/list.html", {
        "states": [(STATUS_WORDS[key], count) for key, count in states.items()],
        "sent": states.get("sent", 0) + states.get("delivered", 0), "total": sum(states.values()),
        "failed": states.get("failed", 0),
        "to_speak": [
            (token_of(row.ref), names[row.to_ref], T(row.text_zh, row.text_en), STATUS_WORDS[row.status])
            for row in to_speak
        ],
        "may_send": actor(request).may(SEND_MESSAGES),
        "listing": Listing(
            caption=T("最近的通知", "Latest messages"),
            columns=(
                Column(T("给谁", "To")), Column(T("渠道", "Channel")), Column(T("状态", "State")),
                Column(T("时间", "When")),
            ),
            rows=tuple(_row(row, names) for row in latest), empty=T("还没有发过通知。", "Nothing was sent yet."),
        ),
    })


@needs(post=SEND_MESSAGES)
def spoken(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody was told by voice."""
    actions.speak(message=make_ref("message", token), by=actor(request), at=clock.now())
    tell(request, T("已记为口头告知。", "Noted as told by voice."), tone="good")
    return redirect("messages")


def _names(rows: list[Message]) -> dict[str, Words]:
    refs = {row.to_ref for row in rows}
    known = dict(Member.objects.filter(ref__in=refs).values_list("ref", "name"))
    return {ref: known.get(ref, ref) for ref in refs}


def _row(row: Message, names: dict[str, Words]) -> Row:
    bad = row.status == Message.Status.FAILED
    return Row((
        Cell(names[row.to_ref], small=T(row.text_zh, row.text_en)), Cell(CHANNELS.get(row.channel, row.channel)),
        Cell(STATUS_WORDS[row.status], tone="bad" if bad else "", small=row.failure), row.queued_at,
    ))
