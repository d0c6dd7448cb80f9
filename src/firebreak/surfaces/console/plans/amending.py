"""Amending the plan of the response: what would differ and what is open, before anybody asks for it."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import active_response
from firebreak.command.amending import actions
from firebreak.command.amending.dryrun import DryRun, Judged, dry_run
from firebreak.command.amending.rights import PROPOSE_AMENDMENT
from firebreak.command.releasing.rules import Verdict, listed
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.queries import adopted_plan
from firebreak.engine.plans.rights import READ_PLANS
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Effect, Link, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words, lazily, moment_text
from firebreak.surfaces.console.approvals.effects import Sight, title_of

NONE = T("没有这一条", "not there")
NO_CONDITION = T("预案没有规定", "the plan sets none")
MET = T("现在就可以提出", "may be proposed now")
WHEN = T("最早 {at}", "{at} at the earliest")
LACKS = T("还差:{what}", "lacks: {what}")


class AmendForm(forms.Form):
    """The paper that amends the plan, and why."""

    document_number = forms.CharField(label=lazily("文号", "Document number"), max_length=60)
    reason = forms.CharField(label=lazily("理由", "Why"), max_length=400)


@needs(READ_PLANS, post=PROPOSE_AMENDMENT)
def amend(request: HttpRequest, token: str) -> HttpResponse:
    """The dry run of following this plan; a POST asks a second person for it."""
    plan, response = adopted_plan(make_ref("plan", token)), active_response()
    if response is None:
        raise NOT_FOUND.because()
    form = AmendForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.propose_amendment(
                response=Ref(response.ref), plan=Ref(plan.ref), document_number=form.cleaned_data["document_number"],
                reason=form.cleaned_data["reason"], by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"amendment-paper-missing": "document_number"})
        else:
            tell(request, T("已提请修订,等第二人批准。", "Proposed; it waits for a second person."), tone="good")
            return redirect("approvals")
    return _page(request, response, plan, form)


def sight(proposal: Proposal) -> Sight | None:
    """What approving an amendment would do now, for the list of decisions."""
    plan = AdoptedPlan.objects.defer("content").filter(ref=proposal.payload["plan"]).first()
    response = Response.objects.select_related("area", "plan", "signal").filter(ref=proposal.about).first()
    if plan is None or response is None:
        return None
    link = Link(
        T("看清楚:每个数值、每件未了的事", "Look closely: each value, each open matter"),
        reverse("plan-amend", args=[token_of(plan.ref)]),
    )
    return Sight(_effects(dry_run(response, plan, clock.now())), link)


def _page(request: HttpRequest, response: Response, plan: AdoptedPlan, form: AmendForm) -> HttpResponse:
    now = clock.now()
    same = response.plan.pk == plan.pk
    run = DryRun((), (), (), ()) if same else dry_run(response, plan, now)
    waiting = Proposal.objects.filter(about=response.ref, kind=actions.KIND, status__in=UNDECIDED).first()
    may = not same and not run.orphans and waiting is None and actor(request).may(PROPOSE_AMENDMENT, area=response.area.path)
    return render(request, "console/plans/amend.html", {
        "plan": plan, "token": token_of(plan.ref), "before": response.plan.edition, "after": plan.edition,
        "same": same, "run": run, "effects": _effects(run), "judged": _judged(run, now), "values": _values(run),
        "waiting": title_of(waiting) if waiting else "", "form": form if may else None,
        "failed": form if form.errors else None,
    }, status=422 if form.errors else 200)


def _effects(run: DryRun) -> tuple[Effect, ...]:
    return (
        Effect(len(run.differences), T("处数值不同", "values differ"), ""),
        Effect(len(run.changed), T("件未了事项按新版判断", "open matters are judged anew"), ""),
        Effect(len(run.kept), T("个轮次按开始时的规定做完", "rounds go on under the terms they began with"), ""),
        Effect(len(run.orphans), T("处正在用而新版没有", "things in use that the new plan lacks"), "bad" if run.orphans else ""),
    )


def _judged(run: DryRun, now: datetime) -> Listing:
    return Listing(
        caption=T("未了的事,前后怎么判断", "What is open, judged before and after"),
        columns=(
            Column(T("对象", "What")), Column(T("现在的等级", "Tier now")), Column(T("改后的等级", "Tier then")),
            Column(T("现在何时可以结束", "May end, now")), Column(T("改后何时可以结束", "May end, then")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(one.name, small=_REVIEW if one.review_late else ""), *_names(one),
                    Cell(_end(one.before, now)), Cell(_end(one.after, now)),
                ),
                href=reverse("zone", args=[token_of(one.ref)]) if one.ref.startswith("zone:") else reverse("closing"),
                tone="" if one.changed else "quiet",
            )
            for one in run.judged
        ),
        empty=T("没有未了的事要按预案判断。", "Nothing open is judged by the plan."),
    )


_REVIEW = T("复核日晚于新版允许的天数,请提前", "its review day lies past the new limit; bring it forward")


def _names(one: Judged) -> tuple[Words, Words]:
    return ("—", "—") if one.ref.startswith("response:") else one.names


def _end(verdict: Verdict | None, now: datetime) -> T:
    if verdict is None:
        return NO_CONDITION
    if verdict.met:
        return MET
    if verdict.ready_at is not None:
        return WHEN.filled(at=moment_text(verdict.ready_at, now))
    return LACKS.filled(what=listed(verdict.missing))


def _values(run: DryRun) -> Listing:
    return Listing(
        caption=T("哪些数值不同", "Which values differ"),
        columns=(Column(T("位置", "Place")), Column(T("现在", "Now")), Column(T("改后", "Then"))),
        rows=tuple(
            Row((Cell(one.path), _value(one.before), _value(one.after))) for one in run.differences
        ),
        empty=T("没有不同。", "None."),
    )


def _value(said: str | T | None) -> Cell:
    return Cell(NONE, tone="quiet") if said is None else Cell(said)
