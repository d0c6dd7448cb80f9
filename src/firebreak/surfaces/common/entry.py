"""Pages of one's own entry: slip to password, second factor, password change, my sessions."""

from collections.abc import Mapping
from dataclasses import dataclass

import segno
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from firebreak.engine.access import accounts, entry, second_factor, signing_in
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.roles import PROOF_LASTS
from firebreak.kernel import clock
from firebreak.kernel.actor import SystemActor
from firebreak.kernel.refusals import NOT_FOUND, Refusal
from firebreak.kernel.text import T
from firebreak.surfaces.common import proof, standing
from firebreak.surfaces.common.entry_forms import ChangePasswordForm, CodeForm, FirstPasswordForm, blame
from firebreak.surfaces.common.gate import actor, open_to_all, signed_in
from firebreak.surfaces.common.signin import open_session
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import moment_text

PAGES = "firebreak/access/"
# Order matters: a browser also names those it claims to be like.
PROGRAMS = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
SLIP_HOLDER = SystemActor("slip", frozenset())


@dataclass(frozen=True, slots=True)
class MySession:
    """One session in my own list; `here` is the one that asks."""

    pk: int
    address: str
    browser: str
    began: T
    seen: T
    here: bool


@open_to_all(post=True)
def first_password(request: HttpRequest) -> HttpResponse:
    """Turn an invitation slip into a password, then sign in with it."""
    form = FirstPasswordForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            entry.set_first_password(
                username=said["username"], code=said["code"], password=said["password"], again=said["again"],
                by=SLIP_HOLDER, at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"weak-password": "password", "passwords-differ": "again"})
        else:
            tell(request, T("密码已设好。请登录。", "Your password is set. Sign in."))
            return redirect("sign-in")
    return _page(request, "first_password.html", form)


@signed_in(post=True, halfway=True)
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Ask for the code; show the QR of the secret first where no phone is enrolled yet."""
    account, row = _account(request), _own_sign_in(request)
    device = second_factor.device_of(account)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.confirm_by_code(
                account=account, sign_in=row.pk, code=form.cleaned_data["code"], by=actor(request), at=clock.now(),
            )
        except Refusal as refusal:
            blame(form, refusal, {"wrong-code": "code"})
        else:
            request.session.cycle_key()
            signing_in.move_sign_in(row, request.session.session_key or "")
            return redirect("home")
    shown: dict[str, object] = {}
    if device is None:
        draft = second_factor.draft_of(account)
        picture = segno.make(draft.config_url, micro=False).svg_data_uri(scale=4)
        shown = {"qr": picture, "secret": second_factor.typed(draft)}
    return _page(request, "second_factor.html", form, shown)


@signed_in
def own_account(request: HttpRequest) -> HttpResponse:
    """My roles and my sessions."""
    who, now = actor(request), clock.real_now()
    rule = standing.rule_of(who)
    sessions = [
        MySession(
            row.pk, row.address, program_named(row.browser), moment_text(row.begun_at, now),
            moment_text(row.seen_at, now), row.session_key == request.session.session_key,
        )
        for row in signing_in.alive(who.account_id) if not standing.expired(row, rule)
    ]
    grants = [grant for grant in accounts.account(who.ref, clock.now()).grants if grant.state == "running"]
    return render(request, PAGES + "own_account.html", {
        "account": _account(request), "grants": grants, "sessions": sessions, "rule": rule,
        "idle_minutes": int(rule.idle.total_seconds() // 60) if rule.idle else 0,
        "longest_hours": int(rule.absolute.total_seconds() // 3600), "confirms": standing.asks_second_factor(who),
        "proof_minutes": int(PROOF_LASTS.total_seconds() // 60), "passes": proof.passes(_account(request)),
    })


@signed_in(post=True)
def change_password(request: HttpRequest) -> HttpResponse:
    """Change my password; other sessions end and this one begins anew."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who, said = actor(request), form.cleaned_data
        try:
            entry.change_password(
                account=who.ref, present=said["present"], password=said["password"], again=said["again"],
                by=who, at=clock.now(),
            )
        except Refusal as refusal:
            fields = {"wrong-password": "present", "weak-password": "password", "passwords-differ": "again"}
            blame(form, refusal, fields)
        else:
            open_session(request, Account.objects.get(ref=who.ref), "password")
            tell(request, T("密码已改,其他登录已全部退出。", "Password changed; all other sessions are signed out."))
            return redirect("account")
    return _page(request, "change_password.html", form)


@signed_in(post=True)
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of my sessions; a GET leads to the list."""
    if request.method == "POST":
        who = actor(request)
        signing_in.end_sign_in(account=who.ref, sign_in=number, by=who, at=clock.now())
        tell(request, T("那次登录已退出。", "That session is signed out."))
    return redirect("account")


def program_named(browser: str) -> str:
    """Browser and system by the names people know, from what the browser says of itself."""
    program = next((name for mark, name in PROGRAMS if mark in browser), "")
    system = next((name for mark, name in SYSTEMS if mark in browser), "")
    return " · ".join(part for part in (program, system) if part)


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise NOT_FOUND.because()
    return request.user


def _own_sign_in(request: HttpRequest) -> SignIn:
    row = standing.sign_in_of(request)
    if row is None:
        raise NOT_FOUND.because()
    return row


def _page(
    request: HttpRequest, template: str, form: Form, shown: Mapping[str, object] | None = None
) -> HttpResponse:
    """The page of a form: 422 when it came back with something to correct."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, PAGES + template, {"form": form, **(shown or {})}, status=status)
