"""From the signal to the active response: take, judge, preview in numbers, propose; then the first hour."""


from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from firebreak.command.activation import actions, queries, rules
from firebreak.command.activation.models import Signal
from firebreak.command.activation.plan import ActivationSection
from firebreak.command.activation.rights import JUDGE_SIGNALS, PROPOSE_ACTIVATION, READ_ACTIVATION, TAKE_SIGNALS
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.areas.models import Area
from firebreak.engine.plans.queries import adopted
from firebreak.engine.units import queries as units
from firebreak.kernel import clock
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Effect, EpiCurve, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.activation.forms import CHANNELS, JudgeForm, SignalForm
from firebreak.surfaces.console.activation.summary import figures_of, signal_words, status_cell
from firebreak.surfaces.console.approvals.effects import effects_of
from firebreak.surfaces.console.approvals.views import panel
from firebreak.surfaces.console.people_at_work import name_of, names_of, owner_of

PLACE = "console/activation/"
HALF = 7


@needs(READ_ACTIVATION)
def overview(request: HttpRequest) -> HttpResponse:
    """The response under way in numbers, what waits for a second person, and every signal."""
    by, response = actor(request), queries.active_response()
    cutoff = Cutoff(clock.now())
    told = figures_of(cutoff, response) if response else []
    return render(request, PLACE + "overview.html", {
        "response": response, "name": T(response.name_zh, response.name_en) if response else "",
        "minutes": queries.minutes_to_activation(response) if response else None,
        "halves": (told[:HALF], told[HALF:]),
        "unled": units.unled(cutoff) if response else [],
        "signals": _signals(), "cases": _cases(),
        "may_take": by.may(TAKE_SIGNALS),
        "plan": queries.plan_in_use(),
        "proposer": name_of(response.proposed_by) if response else "",
        "approver": name_of(response.activated_by) if response else "",
    })


def _cases() -> EpiCurve | None:
    """Cases by the day their sample was taken, else reported; None while there is none. One query."""
    days: dict[date, list[int]] = {}
    rows = Signal.objects.exclude(status=Signal.Status.OVERTURNED).values_list("sampled_at", "received_at", "status")
    for sampled, received, status in rows:
        day = days.setdefault(timezone.localtime(sampled or received).date(), [0, 0])
        day[status == Signal.Status.SUSPECTED] += 1
    if not any(confirmed for confirmed, _ in days.values()):
        return None
    first, last = min(days), max(max(days), timezone.localtime(clock.now()).date())
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return EpiCurve(T("每天新增多少病例?", "How many new cases a day?"), tuple((day, *days.get(day, (0, 0))) for day in every))


@needs(TAKE_SIGNALS, post=TAKE_SIGNALS)
def new_signal(request: HttpRequest) -> HttpResponse:
    """Write down what was reported."""
    plan = queries.plan_in_use()
    if plan is None:
        raise rules.NO_PLAN.because()
    section = adopted(plan.ref).section(ActivationSection)
    form = SignalForm(request.POST or None)
    form.offer(section, Area.objects.filter(level="district", ended_at=None).order_by("code"), clock.now())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.take_signal(
                kind=said["kind"], channel=said["channel"], reporter=said["reporter"], area_code=said["area"],
                received_at=min(said["received_at"], clock.now()), note=said["note"], plan=Ref(plan.ref),
                by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"unknown-signal-kind": "kind"})
        else:
            return redirect("signal", token_of(ref))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PLACE + "new_signal.html", {"form": form}, status=status)


@needs(READ_ACTIVATION)
def signal(request: HttpRequest, token: str) -> HttpResponse:
    """One signal: what it is taken for, what activating would create, and who decides."""
    row = queries.find_signal(make_ref("signal", token))
    return _signal_page(request, row, None)


@needs(post=JUDGE_SIGNALS)
def judge(request: HttpRequest, token: str) -> HttpResponse:
    """Say what it has turned out to be."""
    row = queries.find_signal(make_ref("signal", token))
    section = queries.section_of(row)
    form = JudgeForm(request.POST)
    lawful = [section.classification(key) for key in section.classification(row.classification).may_become]
    form.offer(lawful)
    if form.is_valid():
        chosen = section.classification(form.cleaned_data["classification"])
        actions.judge_signal(
            signal=Ref(row.ref), status=chosen.status, classification=chosen.key,
            reason=form.cleaned_data["reason"], by=actor(request), at=clock.now(),
        )
        tell(request, T("已核定:{name}。", "Judged: {name}.").filled(name=chosen.name), tone="good")
        return redirect("signal", token)
    return _signal_page(request, row, form)


@needs(post=PROPOSE_ACTIVATION)
def propose(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a second person to activate the plan."""
    row = queries.find_signal(make_ref("signal", token))
    actions.propose_activation(
        signal=Ref(row.ref), plan=Ref(row.plan.ref), area_code=row.area.code, by=actor(request), at=clock.now()
    )
    tell(request, T("已提请启动,等另一人确认。", "Proposed; another person must confirm."), tone="good")
    return redirect("signal", token)


@needs(READ_ACTIVATION)
def first_hour(request: HttpRequest) -> HttpResponse:
    """The first-hour page, for the screen and for paper: each line a task with owner and deadline."""
    response = queries.latest_response()
    lines = queries.checklist(response) if response else []
    return render(request, PLACE + "first_hour.html", {
        "response": response,
        "lines": [(task, owner_of(task.owner)) for task in lines],
        "left": sum(task.ended_at is None for task in lines), "total": len(lines),
    })


def _signal_page(request: HttpRequest, row: Signal, form: JudgeForm | None) -> HttpResponse:
    by, section = actor(request), queries.section_of(row)
    lawful = [section.classification(key) for key in section.classification(row.classification).may_become]
    if form is None:
        form = JudgeForm()
        form.offer(lawful)
    proposal = Proposal.objects.filter(kind=actions.KIND, about=row.ref).order_by("-id").first()
    pending = proposal if proposal is not None and proposal.status in ("pending", "sole") else None
    changes = list(row.changes.order_by("id"))
    names = names_of({change.by for change in changes} | {row.taken_by})
    opened = row.responses.order_by("-id").first()
    effects, obstacle = _preview(row) if pending is None and opened is None else ((), None)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PLACE + "signal.html", {
        "signal": row, "token": token_of(row.ref), "kind": rules.signal_kind(section, row.kind).name,
        "channel": dict(CHANNELS).get(row.channel, T(row.channel, row.channel)),
        "classification": section.classification(row.classification).name, "taken_by": names[row.taken_by],
        "history": [
            (change.happened_at, section.classification(change.classification).name, names[change.by], change.reason)
            for change in changes
        ],
        "opened": opened, "opened_name": T(opened.name_zh, opened.name_en) if opened else "",
        "effects": effects, "obstacle": obstacle, "plan": adopted(row.plan.ref).meta,
        "panel": panel(pending, by, names_of([pending.proposed_by])) if pending else None,
        "pending": pending, "own": pending is not None and pending.proposed_by == by.ref,
        "proposal_token": token_of(pending.ref) if pending else "",
        "form": form if lawful and _may_judge(by, row) else None,
        "may_propose": by.may(PROPOSE_ACTIVATION, area=row.area.path),
    }, status=status)


def _may_judge(by: AccountActor, row: Signal) -> bool:
    return by.may(JUDGE_SIGNALS, area=row.area.path)


def _preview(row: Signal) -> tuple[tuple[Effect, ...], T | None]:
    """What activating would create, or why it cannot be activated."""
    try:
        rules.check_opens(queries.section_of(row), row.kind, row.status)
        actions.check_inactive(row.area)
        found = queries.preview(row, row.plan.ref, row.area, clock.now())
    except Refusal as refusal:
        return (), refusal.text
    return effects_of(found.as_json()), None


def _signals() -> Listing:
    rows = []
    for row in queries.signals()[:50]:
        rows.append(Row(
            (
                Cell(signal_words(row), small=T(row.area.name_zh, row.area.name_en or row.area.name_zh)),
                Cell(row.reporter), row.received_at, status_cell(row),
            ),
            href=reverse("signal", args=[token_of(row.ref)]),
        ))
    return Listing(
        caption=T("预警", "Signals"), rows=tuple(rows),
        columns=(
            Column(T("预警", "Signal")), Column(T("报告方", "Reported by")), Column(T("接报", "Received")),
            Column(T("核定", "Taken for")),
        ),
        empty=T("还没有登记过预警。", "No signal has been taken yet."),
    )
