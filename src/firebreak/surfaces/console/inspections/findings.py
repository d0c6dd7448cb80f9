"""One finding: what was seen, who corrects it, looking again, and closing it; and the list of findings."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.inspections import actions, queries
from firebreak.command.inspections.models import Finding
from firebreak.command.inspections.rights import CHECK, READ_INSPECTIONS
from firebreak.command.inspections.states import STANDING_WORDS, STEP_WORDS
from firebreak.engine.pictures.queries import pictures_of
from firebreak.engine.tasks.models import Task
from firebreak.kernel import clock
from firebreak.kernel.refs import make_ref, token_of
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.nav import NavBadge
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.inspections.forms import RecheckForm
from firebreak.surfaces.console.people_at_work import names_of, owner_of

PLACE = "console/inspections/"
_COLUMNS = (
    Column(T("问题", "Finding")), Column(T("整改单位", "Corrected by")), Column(T("状态", "State")),
    Column(T("复查时限", "Look again by")),
)


@needs(READ_INSPECTIONS)
def finding(request: HttpRequest, token: str) -> HttpResponse:
    """One finding with its pictures, its order, its log, and what this reader may do."""
    return _show(request, token, RecheckForm())


@needs(post=CHECK)
def recheck(request: HttpRequest, token: str) -> HttpResponse:
    """Look again: close it, or order it once more."""
    form = RecheckForm(request.POST, request.FILES)
    if form.is_valid():
        said, picture = form.cleaned_data, form.cleaned_data["picture"]
        try:
            actions.recheck(
                finding=make_ref("finding", token), corrected=said["corrected"], text=said["text"],
                picture=picture.read() if picture else None, by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"not-a-picture": "picture", "picture-too-large": "picture"})
        else:
            told = T("已销号。", "Closed.") if said["corrected"] else T("已再次交办。", "Ordered again.")
            tell(request, told, tone="good")
            return redirect("finding", token)
    return _show(request, token, form)


@needs(post=CHECK)
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """It was no fault."""
    reason = request.POST.get("reason", "")[:200]
    actions.withdraw_finding(finding=make_ref("finding", token), reason=reason, by=actor(request), at=clock.now())
    tell(request, T("已撤回,整改指令随之撤销。", "Withdrawn; its order is cancelled."))
    return redirect("finding", token)


def badge(request: HttpRequest) -> NavBadge | None:
    """How many findings are past their second look."""
    late = Finding.objects.exclude(task__status=Task.Status.ENDED).filter(task__due_at__lt=clock.now()).count()
    return NavBadge(T(f"逾期 {late}", f"{late} late"), "bad") if late else None


def listing(rows: Sequence[Finding]) -> Listing:
    """Findings by time left."""
    return Listing(
        caption=T("问题", "Findings"), columns=_COLUMNS, rows=tuple(_row(row) for row in rows),
        empty=T("没有发现问题。", "No findings."), as_of=clock.now(),
    )


def _row(row: Finding) -> Row:
    standing = queries.standing(row)
    return Row(
        (
            Cell(
                T(f"{row.number} 号 {row.title_zh}", f"{row.number}: {row.title_en}"),
                small=T(row.draw.label_zh, row.draw.label_en),
            ),
            T(row.unit.name_zh, row.unit.name_en),
            Cell(
                STANDING_WORDS[standing], tone="warn" if standing == "recheck" else "",
                small=T(f"交办 {row.tries} 次", f"ordered {row.tries} times") if row.tries > 1 else "",
            ),
            Due(row.task.due_at, row.task.ended_at),
        ),
        href=reverse("finding", args=[token_of(row.ref)]), ref=row.ref,
        tone="quiet" if row.task.status == Task.Status.ENDED else "",
    )


def _show(request: HttpRequest, token: str, form: RecheckForm) -> HttpResponse:
    row = queries.find_finding(make_ref("finding", token))
    who, standing = actor(request), queries.standing(row)
    steps = list(row.steps.order_by("id"))
    names = names_of({step.by for step in steps} | {row.by})
    live = row.task.status != Task.Status.ENDED
    may = live and who.may(CHECK, area=row.draw.inspection.area.path)
    return render(request, PLACE + "finding.html", {
        "row": row, "token": token, "form": form, "title": T(row.title_zh, row.title_en),
        "label": T(row.draw.label_zh, row.draw.label_en), "standing": STANDING_WORDS[standing],
        "unit": T(row.unit.name_zh, row.unit.name_en), "owner": owner_of(row.task.owner), "by": names[row.by],
        "due": Due(row.task.due_at, row.task.ended_at), "may_recheck": may and standing == "recheck", "may": may,
        "order_token": token_of(row.order.ref), "order_due": Due(row.order.task.due_at, row.order.task.ended_at),
        "order_owner": owner_of(row.order.task.owner, call=True),
        "inspection_token": token_of(row.draw.inspection.ref),
        "log": [(step.happened_at, STEP_WORDS[step.step], names[step.by], step.text) for step in steps],
        "pictures": [token_of(one.ref) for one in pictures_of([row.ref]).get(row.ref, []) ],
    }, status=422 if form.is_bound and form.errors else 200)
