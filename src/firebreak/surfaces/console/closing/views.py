"""Levels, what keeps a response open, the proposal to close it, and what becomes of personal data afterwards."""

import json
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.command.activation.models import Response
from firebreak.command.activation.queries import latest_response
from firebreak.command.closing import actions, queries, rules
from firebreak.command.closing.models import Certificate, Erasure
from firebreak.command.closing.rights import PROPOSE_CLOSING, READ_CLOSING
from firebreak.engine.access.actors import AccountActor, holders_of
from firebreak.engine.approvals.models import UNDECIDED, Proposal
from firebreak.engine.ledgers.checks import balances_of, latest_check
from firebreak.engine.ledgers.registry import balance_all
from firebreak.engine.registry.rights import OWN_ERASURE
from firebreak.kernel import clock
from firebreak.kernel.balance import Balance
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.shapes import Cell, Column, Due, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.approvals.effects import title_of
from firebreak.surfaces.console.closing.forms import ClosingForm, LevelForm
from firebreak.surfaces.console.people_at_work import names_of
from firebreak.surfaces.console.releasing.lines import end_of_response

PLACE = "console/closing/"
FIELD_WORDS = {
    "person.name": T("姓名", "name"), "person.sex": T("性别", "sex"), "person.birth_on": T("出生日期", "date of birth"),
    "person.phone": T("电话", "phone"), "person.id_number": T("证件号码", "number of papers"),
    "presence.building": T("住处、门牌", "where they live or work, door"), "need_flag.key": T("特殊需求", "needs"),
    "scan.person": T("采样时记的内容", "what sampling wrote down"),
    "attempt.person": T("联系、上门时记的内容", "what calls and visits wrote down"),
    "decision.note": T("裁定备注", "notes of decisions"),
    "picture.content": T("现场照片", "pictures taken as proof"),
    "capture.keys": T("采样、联系、裁定记录的密钥(销毁即不可读)", "keys of what the field wrote (gone: unreadable)"),
}
OUTCOMES = {
    "erased": T("已删除", "erased"), "in_use": T("另一次响应仍在用", "another response still needs them"),
}
_BOOKS = (
    Column(T("账本", "Book")), Column(T("应有", "Owed"), numeric=True), Column(T("完成", "Done"), numeric=True),
    Column(T("豁免", "Excused"), numeric=True), Column(T("未完", "Open"), numeric=True),
    Column(T("差额", "Difference"), numeric=True),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of personal data of a closed response: who answers, when it goes, what its reader may do."""

    row: Erasure
    token: str
    title: T
    fields: list[T]
    owner: Words
    due: Due
    certificate: str
    outcome: T | None
    may_erase: bool


@needs(READ_CLOSING)
def closing(request: HttpRequest) -> HttpResponse:
    """Where the response stands, what keeps it open, and what happens to personal data."""
    return _page(request, latest_response())


@needs(post=PROPOSE_CLOSING)
def level(request: HttpRequest) -> HttpResponse:
    """Ask a second person for the next level."""
    response = _response()
    form = _level_form(response, request)
    if form.is_valid():
        try:
            actions.propose_level(
                response=Ref(response.ref), level=form.cleaned_data["level"], reason=form.cleaned_data["reason"],
                by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"unknown-level": "level", "level-skipped": "level", "reason-missing": "reason"})
        else:
            tell(request, T("已提请,等另一人批准。", "Proposed; another person must approve."), tone="good")
            return redirect("closing")
    return _page(request, response, level_form=form)


@needs(post=PROPOSE_CLOSING)
def propose(request: HttpRequest) -> HttpResponse:
    """Ask a second person to close the response."""
    response = _response()
    form = ClosingForm(request.POST, owners=holders_of(OWN_ERASURE))
    if form.is_valid():
        try:
            actions.propose_closing(
                response=Ref(response.ref), owner=Ref(form.cleaned_data["owner"]), reason=form.cleaned_data["reason"],
                by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"no-erasure-owner": "owner", "reason-missing": "reason"})
        else:
            tell(request, T("已提请解除,等另一人批准。", "Closing is proposed; another person must approve."), tone="good")
            return redirect("closing")
    return _page(request, response, closing_form=form)


@needs(post=PROPOSE_CLOSING)
def hand_over(request: HttpRequest, token: str) -> HttpResponse:
    """Another person answers for a class from now on."""
    owner = Ref(request.POST.get("owner", ""))
    actions.hand_over(erasure=make_ref("erasure", token), owner=owner, by=actor(request), at=clock.now())
    tell(request, T("已换负责人。", "Handed over."), tone="good")
    return redirect("closing")


@needs(post=OWN_ERASURE)
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Erase a class before its day."""
    ref = actions.erase(erasure=make_ref("erasure", token), by=actor(request), at=clock.now())
    tell(request, T("已删除,证明已出。", "Erased and certified."), tone="good")
    return redirect("certificate", token_of(ref))


@needs(READ_CLOSING)
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """A certificate on paper."""
    row = queries.find_certificate(make_ref("certificate", token))
    said = json.loads(row.document)
    lines = [
        (FIELD_WORDS[field], said["rows_erased"].get(field, 0), left) for field, left in said["rows_left"].items()
    ]
    names = names_of({said["owner"], said["by"]})
    return render(request, PLACE + "certificate.html", {
        "row": row, "token": token, "said": said, "outcome": OUTCOMES[row.outcome],
        "name": T(row.erasure.response.name_zh, row.erasure.response.name_en),
        "title": T(row.erasure.title_zh, row.erasure.title_en), "due_at": row.erasure.due_at,
        "purpose": T(**said["class"]["purpose"]), "basis": T(**said["class"]["legal_basis"]),
        "owner": names[said["owner"]], "by": names[said["by"]], "ended_at": row.erasure.planned_at,
        "erased": Listing(
            caption=T("删除了什么", "What was erased"),
            columns=(
                Column(T("内容", "Data")), Column(T("删除行数", "Rows erased"), numeric=True),
                Column(T("剩余行数", "Rows left"), numeric=True),
            ),
            rows=tuple(Row((Cell(words), done, left)) for words, done, left in lines),
        ),
        "books": Listing(
            caption=T("账本(删除前后一致)", "The books, the same before and after"), columns=_BOOKS,
            rows=tuple(
                Row((Cell(T(one["zh"], one["en"])), one["owed"], one["done"], one["excused"], one["open"], one["difference"]))
                for one in said["books_before_and_after"]
            ),
        ),
    })


@needs(READ_CLOSING)
def certificate_file(request: HttpRequest, token: str) -> HttpResponse:
    """A certificate as it was written, for whoever checks its digest."""
    row = queries.find_certificate(make_ref("certificate", token))
    return HttpResponse(
        row.document, content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{token}.json"'},
    )


def _response() -> Response:
    found = latest_response()
    if found is None:
        raise NOT_FOUND.because()
    return found


def _balances() -> list[Balance]:
    """The books as last checked: a page never adds up a district."""
    check = latest_check()
    return balance_all(Cutoff(clock.now())) if check is None else balances_of(check)


def _level_form(response: Response, request: HttpRequest | None = None) -> LevelForm:
    near = rules.next_levels(queries.levels_of(response), response.level)
    return LevelForm(request.POST if request is not None else None, levels=near)


def _page(
    request: HttpRequest, response: Response | None, level_form: forms.Form | None = None,
    closing_form: forms.Form | None = None,
) -> HttpResponse:
    by = actor(request)
    failed = level_form or closing_form
    if response is None:
        return render(request, PLACE + "closing.html", {"response": None})
    active = response.status == Response.Status.ACTIVE
    levels = sorted(queries.levels_of(response), key=lambda one: -one.rank)
    waiting = Proposal.objects.filter(
        about=response.ref, kind__in=[actions.LEVEL, actions.CLOSING], status__in=UNDECIDED
    ).first()
    may = active and waiting is None and by.may(PROPOSE_CLOSING, area=response.area.path)
    found = queries.obstacles(response, _balances(), clock.now()) if active else []
    return render(
        request,
        PLACE + "closing.html",
        {
            "response": response,
            "name": T(response.name_zh, response.name_en),
            "active": active,
            "levels": [(one.name, one.key == response.level) for one in levels],
            "level": next(one.name for one in levels if one.key == response.level),
            "steps": _steps(response, {one.key: one.name for one in levels}),
            "waiting": title_of(waiting) if waiting else "",
            "obstacles": [(one.text, reverse(one.page)) for one in found],
            "end": end_of_response(response, by) if active else None,
            "level_form": (level_form or _level_form(response)) if may else None,
            "closing_form": (closing_form or ClosingForm(owners=holders_of(OWN_ERASURE)))
            if may and not found
            else None,
            "classes": _classes(response) if active else None,
            "kept": [] if active else _kept(response, by),
            "owners": [] if active else [(account.ref, account.name) for account in holders_of(OWN_ERASURE)],
            "may_hand_over": not active and by.may(PROPOSE_CLOSING, area=response.area.path),
            "failed": failed,
        },
        status=422 if failed is not None else 200,
    )


def _steps(response: Response, names: dict[str, T]) -> Listing:
    steps = list(response.level_steps.order_by("id"))
    who = names_of({one.proposed_by for one in steps} | {one.approved_by for one in steps})
    return Listing(
        caption=T("级别变动", "Steps so far"),
        columns=(
            Column(T("变动", "Step")), Column(T("时间", "When")), Column(T("提出", "Proposed by")),
            Column(T("批准", "Approved by")), Column(T("理由", "Why")),
        ),
        rows=tuple(
            Row((
                Cell(T(f"{names[one.before].zh} → {names[one.after].zh}", f"{names[one.before].en} → {names[one.after].en}")),
                one.happened_at, who[one.proposed_by], who[one.approved_by], one.reason,
            ))
            for one in steps
        ),
        empty=T("启动后没有变动过。", "None since the activation."),
    )


def _classes(response: Response) -> Listing:
    """What will become of personal data, from the plan."""
    return Listing(
        caption=T("解除后的个人信息", "Personal data after the closing"),
        columns=(
            Column(T("类别", "Class")), Column(T("内容", "Data")), Column(T("用途", "Purpose")),
            Column(T("解除后几天删除", "Days after closing"), numeric=True),
        ),
        rows=tuple(
            Row((
                Cell(kept.name), _joined(fields), T(kept.purpose.zh, kept.purpose.en), kept.erase_after_days.value,
            ))
            for kept, fields in queries.classes_of(response)
        ),
    )


def _joined(fields: list[str]) -> T:
    words = [FIELD_WORDS[field] for field in fields]
    return T("、".join(one.zh for one in words), ", ".join(one.en for one in words))


def _kept(response: Response, by: AccountActor) -> list[Kept]:
    rows = list(queries.erasures(response.ref))
    names = names_of({row.owner_ref for row in rows})
    kept = []
    for row in rows:
        done: Certificate | None = getattr(row, "certificate", None)
        kept.append(Kept(
            row=row, token=token_of(row.ref), title=T(row.title_zh, row.title_en),
            fields=[FIELD_WORDS[field] for field in row.fields], owner=names[row.owner_ref],
            due=Due(row.due_at, done.happened_at if done else None), certificate=token_of(done.ref) if done else "",
            outcome=OUTCOMES[done.outcome] if done else None,
            may_erase=done is None and row.owner_ref == by.ref and by.may(OWN_ERASURE, area=response.area.path),
        ))
    return kept
