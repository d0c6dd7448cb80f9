"""Asking once more who is there, before what touches many people's data: the password, and the code where one is due.

The page stands at the address that was asked for and carries what was typed, so nothing is lost and the person goes
on where they were; a button that htmx presses leads back to its page, which asks as well. An exercise's role holder
has no password to ask for and passes, in an exercise's folder only.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from firebreak.engine.access import reading, second_factor, signing_in
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.models import Account, SignIn
from firebreak.engine.access.refusals import WRONG_PASSWORD
from firebreak.engine.access.roles import PROOF_LASTS
from firebreak.kernel import clock
from firebreak.kernel.refusals import Refusal
from firebreak.surfaces.common import standing
from firebreak.surfaces.common.entry_forms import LOCKED, ProofForm, blame

Asks = Callable[[AccountActor, SignIn], bool]
UNMASKED_AT_MOST = 10


def for_many(who: AccountActor, row: SignIn) -> bool:
    """The page always shows or changes many people's data."""
    return True


def after_many(who: AccountActor, row: SignIn) -> bool:
    """One at a time, and many by now: so many fields were opened since the last proof. One query."""
    return reading.unmasked_since(who.ref, row.proved_at or row.begun_at) >= UNMASKED_AT_MOST


def detour(request: HttpRequest, who: AccountActor, asks: Asks) -> HttpResponse | None:
    """The page that asks, or where to go on; None lets the request through."""
    account = request.user
    assert isinstance(account, Account)
    if passes(account):
        return _back(request)
    row = standing.sign_in_of(request)
    assert row is not None, "the gate judged the session before it asked"
    answered = is_answer(request)
    if not answered and (signing_in.proved(row) or not asks(who, row)):
        return None
    if request.headers.get("HX-Request") == "true":
        came_from = request.headers.get("HX-Current-URL", "")
        return HttpResponse(status=401, headers={"HX-Redirect": came_from if _here(request, came_from) else "/"})
    form = ProofForm(request.POST if answered else None, coded=standing.asks_second_factor(who))
    if not form.is_valid() or not _proves(request, form, account, row, who):
        return _page(request, form)
    request.session.cycle_key()
    signing_in.move_sign_in(row, request.session.session_key or "")
    return _back(request)


def is_answer(request: HttpRequest) -> bool:
    """Whether this request brings the proof that was asked for."""
    return request.method == "POST" and "proof_password" in request.POST


def method_of(request: HttpRequest) -> str:
    """The method a proof is for: the form that brings it is always a POST."""
    return "GET" if is_answer(request) and request.POST.get("proof_for") == "GET" else request.method or ""


def passes(account: Account) -> bool:
    """An exercise's role holder: nothing to ask for, and nobody real to protect."""
    return bool(settings.FIREBREAK_DRILL) and not account.has_usable_password()


def _proves(request: HttpRequest, form: ProofForm, account: Account, row: SignIn, who: AccountActor) -> bool:
    """Check password and code; a wrong try counts towards the lock-out like one at the door."""
    said = form.cleaned_data
    try:
        found = authenticate(request, username=account.username, password=said["proof_password"])
    except PermissionDenied:  # the try that locks
        found = None
    if found != account:
        locked = getattr(request, "axes_locked_out", False)
        blame(form, (LOCKED if locked else WRONG_PASSWORD).because(), {"wrong-password": "proof_password"})
        return False
    try:
        code = said["proof_code"] if form.coded else None
        second_factor.prove_again(account=account, sign_in=row.pk, code=code, by=who, at=clock.now())
    except Refusal as refusal:
        blame(form, refusal, {"wrong-code": "proof_code"})
        return False
    return True


def _back(request: HttpRequest) -> HttpResponse | None:
    """After the proof: a page is opened, a form goes on to its view with what it carried."""
    return redirect(request.get_full_path()) if is_answer(request) and method_of(request) == "GET" else None


def _page(request: HttpRequest, form: ProofForm) -> HttpResponse:
    """The question, at the address that was asked for, with everything that was typed there."""
    kept = [
        (name, value) for name, values in request.POST.lists() if not name.startswith(("proof_", "csrf"))
        for value in values
    ]
    back = request.POST.get("proof_back", "") if is_answer(request) else request.headers.get("Referer", "")
    return render(request, "firebreak/access/proof.html", {
        "form": form, "kept": kept, "address": request.get_full_path(), "back": back if _here(request, back) else "",
        "proof_for": "POST" if request.method == "POST" and method_of(request) == "POST" else "GET",
        "minutes": int(PROOF_LASTS.total_seconds() // 60),
    }, status=422 if form.errors else 403)


def _here(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
