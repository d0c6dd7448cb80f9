"""What just happened, in sentences a wall may show: journal events of significance, without a name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firebreak.command.headquarters.models import Order
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
    "PlanAmended": T(
        "预案改为第 {edition} 版({document_number}):{values} 处不同,{entries} 件未了事项按新版判断",
        "Plan amended to edition {edition} ({document_number}): {values} values differ, {entries} open matters judged anew",
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
    "PoolsFollowed": T(
        "分区变了:{buildings} 栋的混采人数随之改变", "Zones changed: {buildings} buildings take another pool size"
    ),
    "RoundClosed": T(
        "轮次关闭:采样 {sampled} 人,继续跟踪 {handed_over} 人",
        "Round closed: {sampled} sampled, {handed_over} followed up",
    ),
    "RoundCancelled": T("轮次撤销", "Round cancelled"),
    "TasksEscalated": T("{climbed} 件逾期任务上报一级", "{climbed} overdue tasks climbed one step"),
    "ReportPublished": T("{day} 日报已出", "Report of {day} is out"),
    "OrderVerified": T("第 {number} 号指令已核实", "Order {number} verified"),
    "OrderReopened": T("第 {number} 号指令核实不符,重办", "Order {number} was not done and is owed again"),
    "ConsultationClosed": T("第 {number} 次会商散会:议定 {decided} 项", "Consultation {number} ended: {decided} decided"),
    "FindingRaised": T("督导问题 {number} 号已交办", "Finding {number} handed over"),
    "FindingClosed": T("督导问题 {number} 号了结", "Finding {number} closed"),
    "MusterCalled": T("第 {number} 次集结:要 {needed} 人", "Muster {number}: {needed} people called for"),
    "MusterReached": T("第 {number} 次集结到齐,用 {minutes} 分钟", "Muster {number} complete after {minutes} min"),
    "Published": T("对外公布({document_number})", "Published ({document_number})"),
    "PublicationWithdrawn": T("撤回公布的内容:{reason}", "Publication withdrawn: {reason}"),
    "DeskTaken": T("第 {number} 次值班交接,两人已签", "Hand-over {number} of the duty desk signed by both"),
}


ONES = (("1 people", "1 person"), ("1 buildings", "1 building"), ("1 sites", "1 site"), ("1 tasks", "1 task"))


def latest(limit: int) -> list[Happening]:
    """The newest happenings, newest first. Two queries."""
    events = list(Event.objects.filter(type__in=SENTENCES).select_related("act").order_by("-id")[:limit])
    units = _units(event.about for event in events)
    return [
        Happening(event.act.at, _with(sentence(event.type, event.payload), units.get(event.about)))
        for event in events
    ]


def since(position: int, types: Iterable[str], limit: int) -> list[tuple[Event, T]]:
    """Events of these types after a position of the journal, the newest first, each with its sentence. Two queries."""
    rows = Event.objects.filter(type__in=list(types), act_id__gt=position, act__outcome="done")
    events = list(rows.select_related("act").order_by("-id")[:limit])
    units = _units(event.about for event in events)
    return [(event, _with(sentence(event.type, event.payload), units.get(event.about))) for event in events]


def _units(abouts: Iterable[str]) -> dict[str, T]:
    """Whose order it is: a unit's name may stand on a wall, the words of an order may not."""
    orders = Order.objects.filter(ref__in=set(abouts)).values_list("ref", "unit__name_zh", "unit__name_en")
    return {ref: T(zh, en) for ref, zh, en in orders}


def _with(said: T, unit: T | None) -> T:
    return said if unit is None else T(f"{said.zh} · {unit.zh}", f"{said.en} · {unit.en}")


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
    said = SENTENCES[kind].filled(**shown)
    return T(said.zh, _singular(said.en))


def _singular(english: str) -> str:
    for many, one in ONES:
        english = re.sub(rf"(?<![\d,]){many}\b", one, english)
    return english
