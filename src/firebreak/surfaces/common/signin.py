"""Sign in, sign out, home, language. Says the same to a wrong password and to an unknown name."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from firebreak.engine.access import signing_in
from firebreak.engine.access.actors import AccountActor, actor_of
from firebreak.engine.access.models import Account
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T
from firebreak.surfaces.common import proof, standing
from firebreak.surfaces.common.entry_forms import LOCKED, SignInForm
from firebreak.surfaces.common.gate import actor, open_to_all, signed_in
from firebreak.surfaces.common.language import COOKIE

NO_ENTRY = RefusalKind(
    "no-entry",
    T(
        "用户名或密码不对,或账号未启用。八次不对会锁 15 分钟;忘了密码请系统管理员重打邀请条。",
        "User name or password is wrong, or the account is not open. Eight wrong tries lock it for 15 minutes; "
        "a forgotten password needs a new slip from the system administrator.",
    ),
)
HOMES = {
    "commander": "/hq", "deputy_commander": "/hq", "duty_officer": "/hq", "task_force_leader": "/orders",
    "testing_leader": "/rounds", "community_leader": "/rounds", "site_lead": "/sample", "sampler": "/sample",
    "grid_worker": "/rounds", "register_clerk": "/find", "auditor": "/journal", "system_admin": "/accounts",
    "security_admin": "/accounts", "wall": "/wall", "specimen_driver": "/handover", "laboratory_clerk": "/results",
}


@open_to_all(post=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. A success gives a new session id and returns to where the person wanted to go."""
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, 422 if form.is_bound else 200)
    found = authenticate(request, **form.cleaned_data)
    if not isinstance(found, Account):
        form.add_error(None, str(NO_ENTRY.text))
        return _page(request, form, 403)
    open_session(request, found, "password")
    return redirect(_wanted(request))


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, str]) -> HttpResponse:
    """What the lock-out answers, to a known and an unknown name alike; a page that asked once more stays."""
    if proof.is_answer(request):
        response.status_code = 429
        return response
    form = SignInForm(request.POST)
    form.add_error(None, str(LOCKED.text))
    return _page(request, form, 429)


def open_session(request: HttpRequest, account: Account, way: str) -> None:
    """A new session for this account; whatever the browser carried before is forgotten."""
    logout(request)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    who = actor_of(account)
    request.session.set_expiry(int(standing.rule_of(who).absolute.total_seconds()))
    request.session.save()
    signing_in.sign_in(
        account=Ref(account.ref), session_key=request.session.session_key or "", way=way,
        address=request.META.get("REMOTE_ADDR", ""), browser=request.headers.get("User-Agent", ""),
        by=who, at=clock.now(),
    )


@signed_in(post=True, halfway=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; a GET only asks."""
    if request.method != "POST":
        return render(request, "firebreak/access/sign_out.html")
    who = actor(request)
    row = standing.sign_in_of(request)
    if row is not None:
        signing_in.end_sign_in(account=who.ref, sign_in=row.pk, by=who, at=clock.now())
    logout(request)
    return redirect("sign-in")


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """To the first page of the person's work."""
    return redirect(home_of(actor(request)))


def home_of(who: AccountActor) -> str:
    """The address where this person's work begins; their own account when no page of their role exists."""
    for role in who.roles:
        address = HOMES.get(role.key, "")
        try:
            resolve(address)
        except Resolver404:
            continue
        return address
    return "/account"


@open_to_all(post=True)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English and come back to the same page."""
    if request.method != "POST":
        return redirect("/")
    response = redirect(_wanted(request))
    if (chosen := request.POST.get("language")) in ("zh", "en"):
        year = 365 * 86400
        response.set_cookie(COOKIE, chosen, max_age=year, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


def _wanted(request: HttpRequest) -> str:
    """Where to go next: `next` when it is a path of this site, else home."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else "/"


def _page(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "firebreak/access/sign_in.html", {"form": form, "next": wanted}, status=status)
