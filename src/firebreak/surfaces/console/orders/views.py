"""Orders: the list by time left, one order with its log, a new one in seconds, and every step of working on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response, order_terms, usual_terms
from firebreak.command.activation.rules import NO_RESPONSE
from firebreak.command.headquarters import actions, queries
from firebreak.command.headquarters.models import Order
from firebreak.command.headquarters.rights import ISSUE_ORDERS, READ_ORDERS, WORK_ORDERS
from firebreak.command.headquarters.states import STANDING_WORDS, STEP_WORDS
from firebreak.engine.pictures.queries import pictures_of
from firebreak.engine.tasks.rights import ASSIGN_TASKS
from firebreak.engine.units.queries import posts_held_by
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.nav import NavBadge
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, Listing, Row
from firebreak.surfaces.common.sheets import file_link, sheet
from firebreak.surfaces.common.toasts import offer_undo, tell
from firebreak.surfaces.console.orders.forms import OrderForm
from firebreak.surfaces.console.people_at_work import names_of, owner_of

PLACE = "console/orders/"
SHOWN = 300
SHORTEST = timedelta(minutes=30)
"""What an order to be done again gets at least."""
_STATES = {
    "": T("在办", "Open"), "mine": T("我的", "Mine"), "unread": T("未阅", "Unread"),
    "returned": T("退回下达人", "Unanswered"), "verify": T("待核实", "To be verified"),
    "late": T("逾期", "Late"), "ended": T("已结", "Ended"),
}
_COLUMNS = (
    Column(T("指令", "Order")), Column(T("责任人", "Owner")), Column(T("状态", "State")),
    Column(T("进展", "Progress"), numeric=True), Column(T("时限", "Due")),
)


@needs(READ_ORDERS)
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders by time left; filters live in the URL."""
    by, now = actor(request), clock.now()
    state = request.GET.get("state", "")
    response = active_response()
    live = queries.live(response.ref if response else "")
    chosen = _chosen(state, by.ref, response)
    rows = list(chosen[:SHOWN])
    progress = queries.progress([row.id for row in rows])
    late = live.filter(task__due_at__lt=now).count()
    unread = live.filter(seen_at=None).count()
    return render(request, PLACE + "list.html", {
        "open": live.count(), "late": late, "unread": unread, "response": response,
        "may_issue": response is not None and by.may(ISSUE_ORDERS),
        "listing": Listing(
            caption=T("指令", "Orders"), columns=_COLUMNS, as_of=now,
            rows=tuple(_row(row, progress.get(row.id, 0)) for row in rows),
            chips=tuple(
                Chip(words, with_query(request, state=key), on=key == state) for key, words in _STATES.items()
            ),
            exports=(file_link(request, "order-file"),), empty=T("没有这样的指令。", "No such orders."),
        ),
    })


@needs(READ_ORDERS)
def order_file(request: HttpRequest) -> HttpResponseBase:
    """Every order of the list's filter as a file."""
    rows = list(_chosen(request.GET.get("state", ""), actor(request).ref, active_response()))
    progress = queries.progress([row.id for row in rows])
    return sheet("orders", _COLUMNS, (_row(row, progress.get(row.id, 0)) for row in rows))


@needs(ISSUE_ORDERS, post=ISSUE_ORDERS)
def new_order(request: HttpRequest) -> HttpResponse:
    """Give an order; afterwards it can be taken back for ten seconds."""
    response = active_response()
    if response is None:
        raise NO_RESPONSE.because()
    form = _offered(OrderForm(request.POST or None), response)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.issue_order(
                response=Ref(response.ref), unit=Ref(said["unit"]), title=T(said["title"], said["title"]),
                text=T(said["text"], said["text"]), due_at=said["due_at"], legal_basis=said["legal_basis"],
                review_on=said["review_on"], terms=order_terms(response, said["kind"]), by=actor(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"due-in-the-past": "due_at", "unit-dissolved": "unit"})
        else:
            told_undo(request, ref)
            return redirect("orders")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PLACE + "new.html", {"form": form}, status=status)


@needs(READ_ORDERS)
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order: its words, its log, and what this reader may do with it."""
    by = actor(request)
    row = queries.find(make_ref("order", token))
    standing = queries.standing(row)
    live = row.task.status != "ended"
    owns = posts_held_by(by.ref).filter(id=row.task.owner_id).exists()
    works = live and by.may(WORK_ORDERS) and (owns or by.may(ASSIGN_TASKS, unit=row.task.owner.unit.path))
    reports = list(queries.reports(row))
    names = names_of({report.by for report in reports} | {row.issued_by})
    return render(request, PLACE + "order.html", {
        "order": row, "token": token, "title": T(row.title_zh, row.title_en), "text": T(row.text_zh, row.text_en),
        "standing": STANDING_WORDS[standing], "owner": owner_of(row.task.owner, call=True),
        "due": Due(row.task.due_at, row.task.ended_at), "unit": T(row.unit.name_zh, row.unit.name_en),
        "issuer": names[row.issued_by], "basis": basis_of(row.legal_basis),
        "climbed": row.task.escalation, "task_token": token_of(row.task.ref),
        "log": [
            (one.happened_at, STEP_WORDS[one.step], names[one.by], one.text.removeprefix("undone"), one.percent, one.amount)
            for one in reports
        ],
        "pictures": [token_of(one.ref) for one in pictures_of([row.ref]).get(row.ref, [])],
        "verifies": standing == "done" and not owns and by.may(ISSUE_ORDERS, unit=row.unit.path),
        "seeing": owns and live and row.seen_at is None, "may_accept": works and row.accepted_at is None,
        "works": works, "accepted": row.accepted_at is not None,
        "may_cancel": live and by.may(ISSUE_ORDERS, unit=row.unit.path),
        "progress": queries.progress([row.id]).get(row.id, 0),
    })


@needs(post=WORK_ORDERS)
def see(request: HttpRequest, token: str) -> HttpResponse:
    """Written when its owner opens it; says nothing."""
    actions.see_order(order=make_ref("order", token), by=actor(request), at=clock.now())
    return HttpResponse(status=204)


@needs(post=WORK_ORDERS)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take it on."""
    return _step(request, token, actions.accept_order, T("已接收。", "Accepted."))


@needs(post=WORK_ORDERS)
def report(request: HttpRequest, token: str) -> HttpResponse:
    """Say how far it is."""
    percent = _whole(request.POST.get("percent", ""))
    return _step(
        request, token, actions.report_order, T("进展已记录。", "Progress noted."), percent=-1 if percent is None else percent,
        **_said(request),
    )


@needs(post=WORK_ORDERS)
def finish(request: HttpRequest, token: str) -> HttpResponse:
    """Report it done."""
    return _step(request, token, actions.finish_order, T("已报结,待核实。", "Reported done; to be verified."), **_said(request))


@needs(post=ISSUE_ORDERS)
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """It is done."""
    text = request.POST.get("text", "")[:2000]
    return _step(request, token, actions.verify_order, T("已核实。", "Verified."), text=text)


@needs(post=ISSUE_ORDERS)
def reopen(request: HttpRequest, token: str) -> HttpResponse:
    """It is not done: it is owed again, as long as it first was."""
    row, now = queries.find(make_ref("order", token)), clock.now()
    reason = request.POST.get("reason", "")[:200]
    again = now + max(row.task.due_at - row.issued_at, SHORTEST)
    words = T("已退回重办,已通知对方。", "To be done again; they are told.")
    return _step(request, token, actions.reopen_order, words, reason=reason, due_at=again)


@needs(post=WORK_ORDERS)
def refuse(request: HttpRequest, token: str) -> HttpResponse:
    """Give it back with a reason."""
    reason = request.POST.get("reason", "")[:200]
    words = T("已退回指挥部。", "Given back to headquarters.")
    return _step(request, token, actions.refuse_order, words, reason=reason)


@needs(post=ISSUE_ORDERS)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel it with a reason."""
    reason = request.POST.get("reason", "")[:200]
    words = T("已撤销,已通知对方。", "Cancelled; they are told.")
    return _step(request, token, actions.cancel_order, words, reason=reason)


@needs(post=ISSUE_ORDERS)
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Take back what was just issued."""
    return _step(request, token, actions.undo_order, T("已撤回,没有人看到。", "Taken back; nobody had seen it."))


def told_undo(request: HttpRequest, ref: Ref) -> None:
    """Say that an order was issued, and offer to take it back."""
    told = T("已下达:{number}。", "Issued: {number}.").filled(number=queries.find(ref).document_number)
    offer_undo(request, told, reverse("order-undo", args=[token_of(ref)]))


def late_badge(request: HttpRequest) -> NavBadge | None:
    """How many open orders are past their deadline."""
    count = queries.live().filter(task__due_at__lt=clock.now()).count()
    return NavBadge(T(f"逾期 {count}", f"{count} late"), "bad") if count else None


def _whole(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 8 else None


def _said(request: HttpRequest) -> dict[str, Any]:
    """What a report says and what proves it."""
    given, picture = request.POST.get("amount", "").strip(), request.FILES.get("picture")
    amount = None if not given else -1 if (n := _whole(given)) is None else n
    return {
        "text": request.POST.get("text", "")[:2000], "amount": amount, "picture": picture.read() if picture else None,
    }


def _step(request: HttpRequest, token: str, act: Callable[..., Any], words: T, **said: object) -> HttpResponse:
    act(order=make_ref("order", token), by=actor(request), at=clock.now(), **said)
    tell(request, words, tone="good")
    return redirect("order", token)


def basis_of(written: str) -> T:
    """A legal basis as this reader reads it: the plan writes it as `Chinese / English`, a person in one language."""
    zh, slash, en = written.partition(" / ")
    return T(zh, en if slash else zh)


def _chosen(state: str, by: str, response: Response | None) -> QuerySet[Order]:
    """The orders a filter means."""
    key = response.ref if response else ""
    live = queries.live(key)
    return {
        "mine": lambda: queries.mine(by),
        "unread": lambda: live.filter(seen_at=None),
        "returned": lambda: live.filter(returned_at__isnull=False, accepted_at=None),
        "verify": lambda: queries.to_verify(key).order_by("-task__ended_at"),
        "late": lambda: live.filter(task__due_at__lt=clock.now()),
        "ended": lambda: queries.orders(key).filter(task__status="ended").order_by("-task__ended_at"),
    }.get(state, lambda: live)()


def _row(row: Order, progress: int) -> Row:
    standing = queries.standing(row)
    state = Cell(
        STANDING_WORDS[standing], tone="warn" if standing == "unread" else "",
        small=T("已过答复时限", "unanswered in time") if row.returned_at and row.accepted_at is None else "",
    )
    return Row(
        (
            Cell(T(row.title_zh, row.title_en), small=row.document_number), owner_of(row.task.owner), state,
            Cell(f"{progress}%"), Due(row.task.due_at, row.task.ended_at),
        ),
        href=reverse("order", args=[token_of(row.ref)]), ref=row.ref,
    )


def _offered(form: OrderForm, response: Response) -> OrderForm:
    """The form with what the response and its plan propose."""
    usual = usual_terms(response, clock.now())
    form.offer(
        queries.ordered_units(response.ref), usual.kinds, due_at=usual.due_at, review_on=usual.review_on,
        legal_basis=str(basis_of(response.legal_basis)),
    )
    return form
