"""Pages of devices. A token is shown once, on the page that made it, and never again."""

from collections.abc import Iterable, Sequence

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access.models import Account
from firebreak.engine.capture.actions import declare_lost, enrol_device, revoke_device, rotate_token, settle_quarantined
from firebreak.engine.capture.carried import take_outbox
from firebreak.engine.capture.models import Device, Gap, Quarantined
from firebreak.engine.capture.owners import MISSING, SET_ASIDE
from firebreak.engine.capture.rights import ENROL, RESOLVE
from firebreak.engine.tasks import queries
from firebreak.engine.tasks.models import Task
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.links import with_query
from firebreak.surfaces.common.nav import NavBadge
from firebreak.surfaces.common.qr import qr_of
from firebreak.surfaces.common.shapes import Cell, Chip, Column, Due, KeyPage, Listing, Owner, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.console.devices.words import TYPES, cause, explained
from firebreak.surfaces.console.people_at_work import owner_of
from firebreak.surfaces.console.rounds.forms import said

PLACE = "console/devices/"
PAGE = 100


class EnrolForm(forms.Form):
    """Whose phone, and what is written on it."""

    username = forms.CharField(label=said("谁用这台设备(账号)", "Who uses it (account)"), max_length=60)
    label = forms.CharField(label=said("设备名,例如 3 号台手机", "Name, such as Bench 3 phone"), max_length=60)


class ReasonForm(forms.Form):
    """A reason in a sentence."""

    reason = forms.CharField(label=said("理由", "Reason"), max_length=200)


@needs(ENROL, post=ENROL)
def devices(request: HttpRequest) -> HttpResponse:
    """Every device, and the form that enrols one."""
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = Account.objects.filter(username=form.cleaned_data["username"].strip(), is_active=True).first()
        if account is None:
            form.add_error("username", str(T("没有这个账号。", "There is no such account.")))
        else:
            try:
                made = enrol_device(
                    label=form.cleaned_data["label"], account=Ref(account.ref), by=actor(request), at=clock.now(),
                )
            except Refusal as refusal:
                blame(form, refusal, {"account-may-not-send": "username"})
            else:
                return _shown_once(request, made["device"], made["token"])
    asked = request.GET.get("state", "")
    rows = Device.objects.annotate(missing=Count("gaps", filter=Q(gaps__filled_at=None, gaps__lost_at=None)))
    rows = rows.filter(revoked_at__isnull=asked != "revoked") if asked in ("revoked", "running") else rows
    after = request.GET.get("after", "")
    rows = rows.filter(pk__lt=int(after)) if after.isdecimal() else rows
    found = list(rows.order_by("-pk")[: PAGE + 1])
    here, names = with_query(request), _names(found)
    more = f"{here}{'&' if '?' in here else '?'}after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    listing = Listing(
        caption=T("设备", "Devices"),
        chips=_chips(request, asked),
        columns=(
            Column(T("设备", "Device")),
            Column(T("谁在用", "Used by")),
            Column(T("状态", "State")),
            Column(T("最近上传", "Last heard")),
            Column(T("收到第几号", "Last number"), numeric=True),
            Column(T("缺号段", "Gaps"), numeric=True),
        ),
        rows=tuple(_row(device, names) for device in found[:PAGE]),
        page=KeyPage(min(len(found), PAGE), first_href=here if after else "", next_href=more)
        if more or after
        else None,
        empty=T("还没有登记设备。", "No device is enrolled yet."),
    )
    context = {"listing": listing, "form": form, "answer": _answer()}
    return render(request, PLACE + "devices.html", context, status=422 if form.errors else 200)


@needs(ENROL)
def device(request: HttpRequest, token: str) -> HttpResponse:
    """One device: its use, its gaps, revoking it."""
    return _device_page(request, _device(token), ReasonForm())


@needs(post=ENROL)
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    """Take a device out of service."""
    row, form = _device(token), ReasonForm(request.POST)
    if not form.is_valid():
        return _device_page(request, row, form, 422)
    revoke_device(device=Ref(row.ref), reason=form.cleaned_data["reason"], by=actor(request), at=clock.now())
    tell(request, T(f"{row.label} 已停用,之前上传的照算。", f"{row.label} is revoked; what it sent stays counted."))
    return redirect("device", token=token)


@needs(post=ENROL)
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Give the device a new link; the old one is dead at once."""
    made = rotate_token(device=Ref(_device(token).ref), by=actor(request), at=clock.now())
    return _shown_once(request, made["device"], made["token"])


@needs(post=ENROL)
def outbox(request: HttpRequest, token: str) -> HttpResponse:
    """Take in the file a phone without a network wrote."""
    row, sent = _device(token), request.FILES.get("content")
    found = take_outbox(row, sent.read() if sent else b"", clock.now())
    tell(request, T(
        f"收到 {found.total()} 条:入账 {found['accepted']},重复 {found['duplicate']},待查 {found['quarantined']}。",
        f"{found.total()} events: {found['accepted']} counted, {found['duplicate']} known, {found['quarantined']} set aside.",
    ), tone="good" if not found["quarantined"] else "warn")
    return redirect("device", token=token)


@needs(RESOLVE)
def undecided(request: HttpRequest) -> HttpResponse:
    """Missing numbers and events set aside, with who has them; the place where they are settled."""
    return _undecided_page(request, {})


@needs(post=RESOLVE)
def lost(request: HttpRequest, number: int) -> HttpResponse:
    """Declare missing numbers lost, by name and with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _undecided_page(request, {f"gap-{number}": form}, 422)
    declare_lost(gap=number, reason=form.cleaned_data["reason"], by=actor(request), at=clock.now())
    tell(
        request,
        T("已宣告丢失;以后若收到,照样入账。", "Declared lost; should they arrive after all, they are counted."),
    )
    return redirect("undecided")


@needs(post=RESOLVE)
def settle(request: HttpRequest, token: str) -> HttpResponse:
    """Settle one event set aside, saying what was done instead."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _undecided_page(request, {token: form}, 422)
    settle_quarantined(
        event=make_ref("quarantined", token), resolution=form.cleaned_data["reason"], by=actor(request), at=clock.now(),
    )
    tell(request, T("已处理。", "Settled."))
    return redirect("undecided")


def waiting(request: HttpRequest) -> NavBadge | None:
    """How much is undecided, for the rail. Two queries."""
    count = (
        Quarantined.objects.filter(resolved_at=None).count()
        + Gap.objects.filter(filled_at=None, lost_at=None).count()
    )
    return NavBadge(T(f"{count:,}", f"{count:,}"), "warn") if count else None


def _shown_once(request: HttpRequest, ref: str, secret: str) -> HttpResponse:
    row = Device.objects.get(ref=ref)
    link = f"{request.build_absolute_uri(reverse('sample'))}#token={secret}"
    who = Account.objects.filter(ref=row.account_ref).values_list("name", flat=True).first() or ""
    drawn = qr_of(link, error="m", css="enrol-qr")
    return render(request, PLACE + "enrolled.html", {"device": row, "link": link, "qr": drawn, "user": who})


def _device(token: str) -> Device:
    row = Device.objects.filter(ref=make_ref("device", token)).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def _device_page(request: HttpRequest, row: Device, form: ReasonForm, status: int = 200) -> HttpResponse:
    gaps = list(row.gaps.order_by("-pk")[:50])
    user = Account.objects.filter(ref=row.account_ref).values_list("name", flat=True).first() or ""
    return render(request, PLACE + "device.html", {
        "device": row, "user": user, "form": form, "token": token_of(row.ref), "gaps": _gap_listing(gaps),
        "may_resolve": actor(request).may(RESOLVE),
    }, status=status)


def _gap_listing(gaps: Sequence[Gap]) -> Listing:
    ends = {"filled": T("已补上", "arrived after all"), "lost": T("宣告丢失", "declared lost")}
    tasks = _tasks(MISSING, {gap.matter for gap in gaps})
    return Listing(
        caption=T("缺过的号", "Numbers that were missing"),
        columns=(
            Column(T("号", "Numbers")),
            Column(T("发现", "Noticed")),
            Column(T("结果", "End")),
            Column(T("责任人", "Owner")),
            Column(T("时限", "Due")),
            Column(T("理由", "Reason")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(f"{gap.first}–{gap.last}"),
                    gap.noticed_at,
                    ends["filled"]
                    if gap.filled_at
                    else ends["lost"]
                    if gap.lost_at
                    else Cell(T("还缺", "missing"), tone="bad"),
                    *(_seen_to(tasks.get(gap.matter)) if not (gap.filled_at or gap.lost_at) else (None, None)),
                    gap.lost_reason or None,
                )
            )
            for gap in gaps
        ),
        empty=T("一个号也没缺过。", "No number was ever missing."),
    )


def _undecided_page(request: HttpRequest, given: dict[str, ReasonForm], status: int = 200) -> HttpResponse:
    gaps = list(Gap.objects.filter(filled_at=None, lost_at=None).select_related("device").order_by("noticed_at")[:PAGE])
    held = list(Quarantined.objects.filter(resolved_at=None).select_related("device").order_by("received_at")[:PAGE])
    tasks = _tasks(SET_ASIDE, {row.ref for row in held})
    seekers = _tasks(MISSING, {gap.matter for gap in gaps})
    total = Quarantined.objects.filter(resolved_at=None).count()
    numbers = sum(gap.last - gap.first + 1 for gap in gaps)
    return render(
        request,
        PLACE + "undecided.html",
        {
            "gaps": [_missing(gap, seekers.get(gap.matter), given) for gap in gaps],
            "held": [_held(row, tasks.get(row.ref), given) for row in held],
            "total": total,
            "numbers": numbers,
            "wrong": next(iter(given.values()), None),
            "shown": len(held),
        },
        status=status,
    )


def _missing(gap: Gap, task: Task | None, given: dict[str, ReasonForm]) -> dict[str, object]:
    owner, due = _seen_to(task)
    return {
        "row": gap, "count": gap.last - gap.first + 1, "owner": owner, "due": due,
        "form": given.get(f"gap-{gap.pk}") or ReasonForm(auto_id=f"gap{gap.pk}_%s"),
    }


def _held(row: Quarantined, task: Task | None, given: dict[str, ReasonForm]) -> dict[str, object]:
    token = token_of(row.ref)
    owner, due = _seen_to(task)
    return {
        "row": row, "token": token, "type": TYPES.get(row.type, T(row.type or "?", row.type or "?")), "owner": owner,
        "due": due, "cause": cause(row.code), "explained": explained(row.code),
        "form": given.get(token) or ReasonForm(auto_id=f"q{row.pk}_%s"),
    }


def _tasks(kind: str, about: Iterable[str]) -> dict[str, Task]:
    """The tasks of these matters, by what they are about; one query."""
    rows = queries.live().filter(kind=kind, about__in=list(about))
    return {task.about: task for task in rows}


def _seen_to(task: Task | None) -> tuple[Owner | None, Due | None]:
    """Who has it and by when; nobody before a response stands."""
    return (owner_of(task.owner), Due(task.due_at)) if task else (None, None)


def _row(row: Device, names: dict[str, str]) -> Row:
    missing: int = getattr(row, "missing", 0)
    state = Cell(T("已停用", "revoked"), tone="quiet") if row.revoked_at else Cell(T("在用", "in use"))
    return Row(
        (
            Cell(row.label),
            names.get(row.account_ref, ""),
            state,
            row.last_seen_at or T("还没有", "never"),
            row.last_sequence,
            Cell(missing, tone="bad" if missing else ""),
        ),
        href=reverse("device", args=[token_of(row.ref)]),
        tone="quiet" if row.revoked_at else "",
    )


def _names(found: Sequence[Device]) -> dict[str, str]:
    return dict(Account.objects.filter(ref__in={row.account_ref for row in found}).values_list("ref", "name"))


def _chips(request: HttpRequest, asked: str) -> tuple[Chip, ...]:
    running = Device.objects.filter(revoked_at=None).count()
    total = Device.objects.count()
    return (
        Chip(T("全部", "all"), with_query(request, state=None), on=not asked, count=total),
        Chip(T("在用", "in use"), with_query(request, state="running"), on=asked == "running", count=running),
        Chip(
            T("已停用", "revoked"), with_query(request, state="revoked"), on=asked == "revoked", count=total - running
        ),
    )


def _answer() -> T:
    running = Device.objects.filter(revoked_at=None).count()
    return T(f"{running:,} 台设备在用。", f"{running:,} devices in use." if running != 1 else "1 device in use.")

