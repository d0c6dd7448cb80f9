"""Who owes what now: every live task with owner and time left, and giving one to somebody else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.zoning.cadence import KIND as ROUND_DUE
from firebreak.engine.capture.owners import KINDS as UNDECIDED
from firebreak.engine.capture.owners import MISSING, SET_ASIDE
from firebreak.engine.capture.rights import RESOLVE
from firebreak.engine.tasks import actions, queries
from firebreak.engine.tasks.models import Task
from firebreak.engine.tasks.rights import ASSIGN_TASKS, READ_TASKS
from firebreak.engine.tasks.states import OUTCOME_WORDS, STATUS_WORDS
from firebreak.engine.units.models import Post, Unit
from firebreak.engine.units.queries import open_posts, posts_held_by
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, KeyPage, Listing, Row
from firebreak.surfaces.common.sheets import file_link, sheet
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.people_at_work import NOBODY, names_of, owner_of, post_words

PAGE = 100
KINDS = {
    "order": T("指令", "order"), "checklist": T("首小时", "first hour"), "clock": T("时限", "deadline"),
    "sweep": T("排查", "sweep"), "revisit": T("再访", "revisit"), "order-refused": T("退单", "order given back"),
    "second-person": T("补确认", "second person"), "call": T("打电话", "to call"),
    "inspection": T("督导", "inspection"), "finding": T("复查", "second look"), "muster": T("集结", "muster"),
    "hand-over": T("接班", "hand-over"), "unled-unit": T("缺组长", "no leader"), "weather": T("天气", "weather"),
    "consultation": T("会商", "consultation"), "end-due": T("可以解除", "may end"), "again": T("再次上门", "another visit"),
    ROUND_DUE: T("该开轮", "round due"), "positive-inside": T("区内阳性", "positive inside"),
    "custody": T("标本", "specimens"), "positive-pool": T("阳性混管", "positive pool"), "trace": T("追踪", "tracing"),
    "propose-zone": T("提分区", "propose a zone"), "results-changed": T("结果更改", "result changed"),
    "laboratory-doubt": T("检测存疑", "laboratory in doubt"),
    SET_ASIDE: T("未入账", "set aside"), MISSING: T("缺号", "missing numbers"),
}
_CLIMBED = T("{kind} · {unit} · 已上报 {n} 级", "{kind} · {unit} · climbed {n}")
_WHOSE = {"": T("全部", "All"), "mine": T("我的", "Mine"), "late": T("逾期", "Late"), "unheld": T("空岗", "No holder")}
_COLUMNS = (
    Column(T("任务", "Task")), Column(T("责任人", "Owner")), Column(T("状态", "State")), Column(T("时限", "Due")),
)


@needs(READ_TASKS)
def task_list(request: HttpRequest) -> HttpResponse:
    """Live tasks by time left, a hundred a page; filters live in the URL."""
    now = clock.now()
    whose, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    chosen = _chosen(request, now)
    after = _after(request.GET.get("after", ""))
    page = chosen.filter(due_at__gte=after[0]).exclude(due_at=after[0], id__lte=after[1]) if after else chosen
    rows = list(page[: PAGE + 1])
    live = queries.live().order_by()
    kinds = sorted(set(live.values_list("kind", flat=True).distinct()))
    return render(request, "console/tasks/list.html", {
        "open": live.count(), "late": live.filter(due_at__lt=now).count(),
        "unheld": queries.unheld().order_by().count(),
        "listing": Listing(
            caption=T("谁欠什么", "Who owes what now"), columns=_COLUMNS, as_of=now,
            rows=tuple(_row(task) for task in rows[:PAGE]),
            chips=(
                *(Chip(words, with_query(request, state=key), on=key == whose) for key, words in _WHOSE.items()),
                *(
                    Chip(_kind(key), with_query(request, kind="" if key == kind else key), on=key == kind)
                    for key in kinds
                ),
            ),
            exports=(file_link(request, "task-file"),),
            page=_page(request, rows, bool(after)), empty=T("没有未办结的任务。", "No task is open."),
        ),
    })


@needs(READ_TASKS)
def task_file(request: HttpRequest) -> HttpResponseBase:
    """Every task of the list's filter as a file."""
    rows = _chosen(request, clock.now()).iterator(chunk_size=1000)
    return sheet("tasks", _COLUMNS, (_row(task) for task in rows))


def _chosen(request: HttpRequest, now: datetime) -> QuerySet[Task]:
    """The tasks that the filters in the URL leave."""
    whose, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    wanted = {"mine": queries.mine(actor(request).ref), "unheld": queries.unheld()}
    chosen = wanted.get(whose, queries.live())
    if whose == "late":
        chosen = chosen.filter(due_at__lt=now)
    if kind:
        chosen = chosen.filter(kind=kind)
    if unit := request.GET.get("unit", "")[:40]:
        chosen = chosen.filter(owner__unit__ref=make_ref("unit", unit))
    if post := request.GET.get("post", "")[:40]:
        chosen = chosen.filter(owner__ref=make_ref("post", post))
    return chosen


@needs(READ_TASKS)
def owed(request: HttpRequest) -> HttpResponse:
    """Who owes what now, added up by unit, or by post with the person who holds it; the latest first."""
    now, by_post = clock.now(), request.GET.get("by") == "post"
    loads = queries.loads("owner_id" if by_post else "owner__unit_id", now)
    keys = [one.key for one in loads]
    rows = _posts_owing(loads, keys) if by_post else _units_owing(loads, keys)
    columns = (
        Column(T("岗位", "Post") if by_post else T("单位", "Unit")), Column(T("责任人", "Holder")),
        Column(T("未办结", "Open"), numeric=True, total=sum(one.live for one in loads)),
        Column(T("逾期", "Late"), numeric=True, total=sum(one.late for one in loads)), Column(T("最早时限", "Earliest due")),
    )
    late = sum(bool(one.late) for one in loads)
    return render(request, "console/tasks/owed.html", {
        "owing": len(loads), "late": late, "by_post": by_post,
        "listing": Listing(
            caption=T("谁欠什么", "Who owes what now"), columns=columns, rows=rows, as_of=now,
            chips=(
                Chip(T("按单位", "By unit"), "?by=unit", on=not by_post), Chip(T("按岗位", "By post"), "?by=post", on=by_post),
            ),
            empty=T("没有未办结的任务。", "No task is open."),
        ),
    })


def _owing(words: T, holder: Cell | T, load: queries.Load, href: str) -> Row:
    late = Cell(load.late, tone="bad" if load.late else "")
    return Row((Cell(words), holder, load.live, late, Due(load.earliest)), href=href)


def _posts_owing(loads: Sequence[queries.Load], keys: list[int]) -> tuple[Row, ...]:
    posts = {post.pk: post for post in Post.objects.filter(id__in=keys).select_related("unit", "holder")}
    return tuple(
        _owing(
            post_words(post),
            Cell(post.holder.name) if post.holder else Cell(NOBODY, tone="bad"), load,
            f"{reverse('tasks')}?post={token_of(post.ref)}",
        )
        for load in loads for post in (posts[load.key],)
    )


def _units_owing(loads: Sequence[queries.Load], keys: list[int]) -> tuple[Row, ...]:
    units = Unit.objects.in_bulk(keys)
    leaders = Post.objects.filter(unit__in=keys, leads_unit=True, closed_at=None).select_related("holder")
    heads = {post.unit_id: post.holder.name for post in leaders if post.holder}
    return tuple(
        _owing(
            T(unit.name_zh, unit.name_en),
            Cell(heads[unit.pk]) if unit.pk in heads else Cell(NOBODY, tone="bad"), load,
            f"{reverse('tasks')}?unit={token_of(unit.ref)}",
        )
        for load in loads for unit in (units[load.key],)
    )


@needs(READ_TASKS)
def task(request: HttpRequest, token: str) -> HttpResponse:
    """One task: owner, deadline, how it came here, and giving it to another post."""
    by = actor(request)
    row = Task.objects.select_related("owner__unit", "owner__holder").filter(ref=make_ref("task", token)).first()
    if row is None:
        raise NOT_FOUND.because()
    live = row.status != Task.Status.ENDED
    assigns = live and by.may(ASSIGN_TASKS, unit=row.owner.unit.path)
    holds = posts_held_by(by.ref).filter(id=row.owner_id).exists()
    changes = list(row.changes.select_related("owner", "act").order_by("id"))
    names = names_of({change.act.by for change in changes})
    return render(request, "console/tasks/task.html", {
        "task": row, "token": token, "title": T(row.title_zh, row.title_en), "owner": owner_of(row.owner, call=True),
        "due": Due(row.due_at, row.ended_at), "state": _state(row), "kind": _kind(row.kind),
        "may_accept": live and row.status == Task.Status.OPEN and (holds or assigns), "assigns": assigns,
        "may_finish": live and row.kind in actions.BY_HAND and (holds or assigns),
        "posts": _choices(row) if assigns else [], "is_order": row.kind == "order",
        "is_undecided": row.kind in UNDECIDED and by.may(RESOLVE), "about_token": token_of(row.about),
        "round_due": row.kind == ROUND_DUE,
        "log": [
            (
                change.happened_at, T(change.owner.name_zh, change.owner.name_en),
                OUTCOME_WORDS[change.outcome] if change.outcome else STATUS_WORDS[change.status],
                names[change.act.by], _reason(change.reason),
            )
            for change in changes
        ],
    })


@needs(post=READ_TASKS)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take it on."""
    actions.accept_task(task=make_ref("task", token), by=actor(request), at=clock.now())
    tell(request, T("已接单。", "Taken on."), tone="good")
    return redirect("task", token)


@needs(post=READ_TASKS)
def finish(request: HttpRequest, token: str) -> HttpResponse:
    """Report done what no other page ends: a line of the first-hour page, a deadline, a call."""
    note = request.POST.get("note", "")[:200]
    actions.finish_task(task=make_ref("task", token), note=note, by=actor(request), at=clock.now())
    tell(request, T("已办结。", "Done."), tone="good")
    return redirect("task", token)


@needs(post=ASSIGN_TASKS)
def assign(request: HttpRequest, token: str) -> HttpResponse:
    """Give it to another post, with the reason."""
    actions.assign_task(
        task=make_ref("task", token), owner=Ref(request.POST.get("post", "")[:60]),
        reason=request.POST.get("reason", "")[:200], by=actor(request), at=clock.now(),
    )
    tell(request, T("已转派,时限不变。", "Given on; the deadline stands."), tone="good")
    return redirect("task", token)


def _row(task: Task) -> Row:
    unit = T(task.owner.unit.name_zh, task.owner.unit.name_en)
    small = _CLIMBED if task.escalation else T("{kind} · {unit}", "{kind} · {unit}")
    title = Cell(
        T(task.title_zh, task.title_en), small=small.filled(kind=_kind(task.kind), unit=unit, n=task.escalation)
    )
    return Row(
        (title, owner_of(task.owner), Cell(_state(task)), Due(task.due_at)),
        href=reverse("task", args=[token_of(task.ref)]), ref=task.ref,
    )


def _kind(key: str) -> T:
    return KINDS.get(key, T(key, key))


def _state(task: Task) -> T:
    return OUTCOME_WORDS[task.outcome] if task.outcome else STATUS_WORDS[task.status]


def _reason(text: str) -> T | str:
    return T("逾期上报", "overdue, climbed") if text == "overdue" else text


def _choices(row: Task) -> list[tuple[str, T]]:
    """Posts of the response somebody holds, the owner's own unit first."""
    posts = open_posts(row.response_ref).filter(holder__isnull=False).exclude(id=row.owner_id).select_related("unit")
    ordered = sorted(posts, key=lambda post: (post.unit_id != row.owner.unit_id, not post.leads_unit, post.id))
    return [(post.ref, post_words(post)) for post in ordered]


def _after(text: str) -> tuple[datetime, int] | None:
    """The key of the last row of the page before; None when it is no key."""
    moment, _, key = text.partition("_")
    try:
        return datetime.fromisoformat(moment), int(key)
    except ValueError:
        return None


def _page(request: HttpRequest, rows: list[Task], later: bool) -> KeyPage | None:
    if len(rows) <= PAGE and not later:
        return None
    last: Any = rows[PAGE - 1] if len(rows) > PAGE else None
    following = "" if last is None else f"{last.due_at.isoformat()}_{last.id}"
    return KeyPage(
        shown=min(len(rows), PAGE), first_href=with_query(request) if later else "",
        next_href=with_query(request, after=following) if following else "",
    )
