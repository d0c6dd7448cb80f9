"""Pages of accounts: the list, one account with its grants, invitation slips on paper."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access import accounts, actions, entry
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.refusals import LINE_WRONG
from firebreak.engine.access.rights import READ_ACCOUNTS, WRITE_ACCOUNTS, WRITE_GRANTS
from firebreak.engine.access.roles import ROLES
from firebreak.engine.areas.models import Area
from firebreak.engine.units.models import Member, Post, Unit
from firebreak.engine.units.queries import member_called, members_by_phone
from firebreak.engine.units.refusals import NOT_ON_THE_ROSTER
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common.entry_forms import blame
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.proof import for_many
from firebreak.surfaces.common.shapes import Cell, Column, KeyPage, Listing, Row
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import comma
from firebreak.surfaces.console.accounts.forms import GrantForm, ManyAccountsForm, NewAccountForm, ReasonForm, TieForm

PLACE = "firebreak/accounts/"
SLIPS_AT_ONCE = 200
SLIPS_A_PAGE = 10
_PHONE = re.compile(r"\+?[\d-]{7,20}")
STATES = {"running": T("有效", "running"), "coming": T("未开始", "to come"), "over": T("已结束", "over")}


@dataclass(frozen=True, slots=True)
class Slip:
    """One invitation slip as printed."""

    name: str
    username: str
    code: str
    qr: str
    until: datetime


@needs(READ_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """Every account, fifty a page; filter by the beginning of user name or name."""
    who, text = actor(request), request.GET.get("name", "").strip()[:60]
    rows, more = accounts.list_accounts(clock.now(), text=text, after=request.GET.get("after", "")[:60])
    may_write = who.may(WRITE_ACCOUNTS)
    return render(request, PLACE + "list.html", {
        "rows": rows, "name": text, "may_write": may_write, "listing": _listing(rows, more),
        "uninvited": [row for row in rows if row.active and not row.entered] if may_write else [],
    })


@needs(WRITE_ACCOUNTS, post=WRITE_ACCOUNTS)
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account; a role and a slip come next."""
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            ref = actions.create_account(
                username=said["username"], name=said["name"], by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"bad-username": "username", "name-taken": "username", "no-name": "name"})
        else:
            return redirect("account-page", token_of(ref))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PLACE + "new.html", {"form": form}, status=status)


@needs(WRITE_ACCOUNTS, post=WRITE_ACCOUNTS)
def many_accounts(request: HttpRequest) -> HttpResponse:
    """Open many accounts from a pasted list; all of them or, when one line is wrong, none."""
    form = ManyAccountsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = _people(form.cleaned_data["lines"])
            refs = actions.create_accounts(rows=rows, by=actor(request), at=clock.now())
        except Refusal as refusal:
            blame(form, refusal, {"line-wrong": "lines"})
        else:
            tell(request, T(f"已开设 {len(refs)} 个账号。", f"Accounts opened: {len(refs)}."))
            return redirect("accounts")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PLACE + "many.html", {"form": form}, status=status)


@needs(READ_ACCOUNTS)
def account_page(request: HttpRequest, token: str) -> HttpResponse:
    """One account."""
    return _page(request, token)


@needs(post=WRITE_ACCOUNTS)
def tie_account(request: HttpRequest, token: str) -> HttpResponse:
    """Say who of the roster the account belongs to; an empty field says: nobody."""
    form = TieForm(request.POST)
    try:
        asked = form.cleaned_data["member"] if form.is_valid() else ""
        member = member_called(asked).ref if asked else ""
        actions.tie_account(account=_ref(token), member_ref=member, by=actor(request), at=clock.now())
    except Refusal as refusal:
        if refusal.code in ("not-found", "not-permitted"):
            raise
        blame(form, refusal, dict.fromkeys(("not-on-the-roster", "several-on-the-roster", "member-has-account"), "member"))
        return _page(request, token, tie_form=form)
    tell(request, T("已记下;此人岗位上的指令和任务归这个账号。", "Noted: what this person's posts owe is theirs here."))
    return redirect("account-page", token)


@needs(post=WRITE_GRANTS)
def grant_role(request: HttpRequest, token: str) -> HttpResponse:
    """Give a role."""
    form = GrantForm(request.POST)
    if not form.is_valid():
        return _page(request, token, grant_form=form)
    said = form.cleaned_data
    try:
        actions.grant_role(
            account=_ref(token), role=said["role"], area_code=said["area"].strip(), unit_path=said["unit"].strip(),
            ends_at=said["ends_at"], by=actor(request), at=clock.now(),
        )
    except Refusal as refusal:
        blame(form, refusal, {"ends-before-it-begins": "ends_at", "no-such-role": "role", "not-found": "area"})
        return _page(request, token, grant_form=form)
    tell(request, T("已授权,立即生效。", "The role is given and counts at once."))
    return redirect("account-page", token)


@needs(post=WRITE_GRANTS)
def end_grant(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Take a role back."""
    def perform(reason: str, who: AccountActor) -> T:
        actions.end_grant(
            account=_ref(token), grant=make_ref("grant", number), reason=reason, by=who, at=clock.now(),
        )
        return T("已收回,立即生效。", "The role is taken back, at once.")

    return _with_reason(request, token, perform)


@needs(post=WRITE_ACCOUNTS)
def disable_account(request: HttpRequest, token: str) -> HttpResponse:
    """Close the account."""
    def perform(reason: str, who: AccountActor) -> T:
        actions.disable_account(account=_ref(token), reason=reason, by=who, at=clock.now())
        return T("账号已停用,登录已全部退出。", "The account is disabled and signed out everywhere.")

    return _with_reason(request, token, perform)


@needs(post=WRITE_ACCOUNTS)
def enable_account(request: HttpRequest, token: str) -> HttpResponse:
    """Open the account again."""
    def perform(reason: str, who: AccountActor) -> T:
        actions.enable_account(account=_ref(token), reason=reason, by=who, at=clock.now())
        return T("账号已启用。", "The account is open again.")

    return _with_reason(request, token, perform)


@needs(post=WRITE_ACCOUNTS)
def reset_account(request: HttpRequest, token: str) -> HttpResponse:
    """Take password and second factor away; a new slip lets the owner begin again."""
    def perform(reason: str, who: AccountActor) -> T:
        entry.start_reset(account=_ref(token), reason=reason, by=who, at=clock.now())
        return T("已重置。请打一张新的邀请条交给本人。", "Reset. Print a new slip and hand it to its owner.")

    return _with_reason(request, token, perform)


@needs(post=WRITE_ACCOUNTS)
def unlock_account(request: HttpRequest, token: str) -> HttpResponse:
    """Forget failed attempts, so that the owner may try again at once."""
    view = accounts.account(_ref(token), clock.now())
    actions.lift_lockout(username=view.username, by=actor(request), at=clock.now())
    tell(request, T("已解锁。", "Unlocked."))
    return redirect("account-page", token)


@needs(post=WRITE_ACCOUNTS, proof=for_many)
def slips(request: HttpRequest) -> HttpResponse:
    """Invitation slips for the chosen accounts, ten a page. Shown once: a reload makes new ones."""
    refs = [_ref(token) for token in request.POST.getlist("account")][:SLIPS_AT_ONCE]
    if not refs:
        raise NOT_FOUND.because()
    now = clock.now()
    codes = entry.invite(accounts=refs, by=actor(request), at=now)
    made = [_slip(request, view, codes[view.ref]) for view in accounts.by_refs(list(codes), now)]
    pages = [made[start:start + SLIPS_A_PAGE] for start in range(0, len(made), SLIPS_A_PAGE)]
    return render(request, PLACE + "slips.html", {"pages": pages, "days": settings.INVITATION_DAYS})


def _people(lines: str) -> list[tuple[str, str, str]]:
    """User name, name and member of the roster of each line. Errors: refuses `line-wrong` for a phone nobody has."""
    said: list[tuple[int, str, str, str]] = []
    for number, line in enumerate(lines.replace(",", " ").splitlines(), start=1):
        username, _, rest = " ".join(line.split()).partition(" ")
        name, _, last = rest.rpartition(" ")
        phone = last if name and _PHONE.fullmatch(last) else ""
        if username:
            said.append((number, username, name if phone else rest, phone))
    known = members_by_phone(phone for *_, phone in said if phone)
    for number, _, _, phone in said:
        if phone and phone not in known:
            raise LINE_WRONG.because(number=number, why=NOT_ON_THE_ROSTER.because(text=phone).text)
    return [(username, name, known.get(phone, "")) for _, username, name, phone in said]


def _slip(request: HttpRequest, view: accounts.AccountView, code: str) -> Slip:
    """The QR carries address and code, never the user name: a photo of it alone opens nothing."""
    address = request.build_absolute_uri(f"{reverse('first-password')}?code={code}")
    picture = segno.make(address, micro=False, error="m").svg_data_uri(scale=3, border=2)
    return Slip(view.name, view.username, code, picture, view.slip_until or clock.now())


def _ref(token: str) -> Ref:
    return make_ref("account", token)


def _with_reason(request: HttpRequest, token: str, perform: Callable[[str, AccountActor], T]) -> HttpResponse:
    form = ReasonForm(request.POST)
    try:
        told = perform(request.POST.get("reason", ""), actor(request))
    except Refusal as refusal:
        if refusal.code in ("not-found", "not-permitted"):
            raise
        blame(form, refusal, {"no-reason": "reason"})
        return _page(request, token, reason_form=form)
    tell(request, told)
    return redirect("account-page", token)


def _page(
    request: HttpRequest, token: str, *, grant_form: Form | None = None, reason_form: Form | None = None,
    tie_form: Form | None = None,
) -> HttpResponse:
    who, view = actor(request), accounts.account(_ref(token), clock.now())
    wrong = grant_form or reason_form or tie_form
    may_grant, itself = who.may(WRITE_GRANTS), who.ref == view.ref
    places = Area.objects.exclude(level=Area.Level.BUILDING).order_by("code")[:500] if may_grant else ()
    units = Unit.objects.filter(dissolved_at=None).order_by("path")[:200] if may_grant else ()
    reason_said = reason_form.data.get("reason", "") if reason_form else ""
    return render(request, PLACE + "account.html", {
        "account": view, "token": token, "may_grant": may_grant and not itself, "itself": itself,
        "may_write": who.may(WRITE_ACCOUNTS) and not itself, "roles": ROLES, "areas": places, "units": units,
        "grants": [(row, STATES[row.state], row.ref.removeprefix("grant:")) for row in view.grants],
        "member": Member.objects.filter(ref=view.member_ref).first() if view.member_ref else None,
        "posts": [
            T(post.name_zh, post.name_en) for post in Post.objects.filter(holder__ref=view.member_ref, closed_at=None)
        ] if view.member_ref else [],
        "tie_form": tie_form or TieForm(), "grant_form": grant_form or GrantForm(),
        "wrong_form": wrong, "reason_said": reason_said,
    }, status=422 if wrong is not None else 200)


def _listing(rows: list[accounts.AccountView], more: str) -> Listing:
    lines = tuple(
        Row((
            Cell(row.name, small=row.username), comma([str(role.name) for role in row.roles]) or None,
            _state(row), row.seen_at,
        ), href=reverse("account-page", args=[token_of(row.ref)]), tone="" if row.active else "quiet")
        for row in rows
    )
    columns = tuple(Column(title) for title in (
        T("姓名", "Name"), T("岗位", "Roles"), T("状态", "State"), T("最近使用", "Last seen"),
    ))
    href = f"{reverse('accounts')}?after={more}" if more else ""
    empty = T("没有这样的账号。", "There is no such account.")
    return Listing(T("账号", "Accounts"), columns, lines, page=KeyPage(len(rows), next_href=href), empty=empty)


def _state(row: accounts.AccountView) -> T:
    if not row.active:
        return T("已停用", "disabled")
    if row.entered:
        return T("可登录", "can sign in")
    return T("已发邀请条", "slip printed") if row.slip_until else T("待发邀请条", "needs a slip")
