"""What just happened, in sentences a wall may show: journal events of significance, without a name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firebreak.engine.journal.models import Event
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class Happening:
    """A moment and its sentence."""

    at: datetime
    text: T


SENTENCES: dict[str, T] = {
    "SignalTaken": T("接到信号,按疑似处置", "Signal taken, treated as suspected"),
    "SignalJudged": T("信号判定:{status}", "Signal judged: {status}"),
    "SignalOverturned": T("信号推翻,撤销 {responses} 个响应", "Signal overturned; {responses} response cancelled"),
    "ResponseActivated": T(
        "预案启动:接报后 {minutes} 分钟,{units} 个单位、{posts} 个岗位、{members} 人到岗",
        "Plan activated {minutes} min after the signal: {units} units, {posts} posts, {members} people",
    ),
    "ResponseCancelled": T("响应撤销", "Response cancelled"),
    "OrderIssued": T("第 {number} 号指令下达", "Order {number} issued"),
    "OrderAccepted": T("第 {number} 号指令已接", "Order {number} accepted"),
    "OrderFinished": T("第 {number} 号指令办结", "Order {number} finished"),
    "OrderRefused": T("第 {number} 号指令被退回,有理由", "Order {number} refused, with a reason"),
    "ZoneInForce": T("分区生效:{buildings} 栋", "Zone in force: {buildings} buildings"),
    "ZoneReleased": T("解封:{buildings} 栋", "Zone released: {buildings} buildings"),
    "RoundOpened": T(
        "第 {number} 轮开始:{listed} 人、{buildings} 栋、{sites} 个采样点",
        "Round {number} opened: {listed} people, {buildings} buildings, {sites} sites",
    ),
    "RoundClosed": T(
        "轮次关闭:采样 {sampled} 人,名单外 {found} 人",
        "Round closed: {sampled} sampled, {found} found on no list",
    ),
    "RoundCancelled": T("轮次撤销", "Round cancelled"),
    "TasksEscalated": T("{climbed} 件逾期任务上报一级", "{climbed} overdue tasks climbed one step"),
    "ReportPublished": T("{day} 日报已出", "Report of {day} is out"),
}


def latest(limit: int) -> list[Happening]:
    """The newest happenings, newest first. One query."""
    events = Event.objects.filter(type__in=SENTENCES).select_related("act").order_by("-id")[:limit]
    return [Happening(event.act.at, sentence(event.type, event.payload)) for event in events]


STATUS_WORDS = {
    "suspected": T("疑似", "suspected"), "confirmed": T("确认", "confirmed"), "overturned": T("推翻", "overturned"),
}


def _shown(value: object) -> object:
    if isinstance(value, int):
        return f"{value:,}"
    return STATUS_WORDS.get(value, value) if isinstance(value, str) else value


def sentence(kind: str, payload: dict[str, Any]) -> T:
    """An event as a sentence; figures with separators."""
    shown = {name: _shown(value) for name, value in payload.items()}
    return SENTENCES[kind].filled(**shown)
