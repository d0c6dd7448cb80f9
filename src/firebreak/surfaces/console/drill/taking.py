"""Taking a part in the story, giving it back, and undoing all that was done meanwhile."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firebreak.command.drill.rights import PLAY_DRILL
from firebreak.command.drill.takeover import PARTS, TakeOver
from firebreak.engine.access.actors import actor_of
from firebreak.engine.access.drill_accounts import drill_account
from firebreak.engine.access.roles import BY_KEY
from firebreak.kernel import clock
from firebreak.kernel.refusals import NOT_FOUND, NOT_PERMITTED
from firebreak.kernel.text import T
from firebreak.surfaces.common.gate import actor, needs, signed_in
from firebreak.surfaces.common.signin import home_of, open_session
from firebreak.surfaces.common.taken import may_end
from firebreak.surfaces.common.toasts import tell


@needs(post=PLAY_DRILL)
def take(request: HttpRequest) -> HttpResponse:
    """The story stops, and this browser is whoever it asks to be."""
    takeover, role = _takeover(), request.POST.get("role", "")
    if role not in PARTS:
        raise NOT_FOUND.because()
    takeover.take(role)
    return _enter(request, role, T("故事停住了,您现在是{role}。", "The story waits; you are the {role} now."))


@signed_in(post=True)
def give_back(request: HttpRequest) -> HttpResponse:
    """What was done stays; the story goes on. A GET changes nothing."""
    if request.method != "POST":
        return redirect("home")
    takeover = _theirs(request)
    takeover.give_back()
    tell(request, T("已交还。故事接着您做的往下演。", "Given back. The story goes on from what you did."), tone="good")
    return redirect("home")


@signed_in(post=True)
def undo(request: HttpRequest) -> HttpResponse:
    """The ledger is what it was; the session that asked went with it, so another is opened. A GET changes nothing."""
    if request.method != "POST":
        return redirect("home")
    takeover = _theirs(request)
    taken = takeover.current()
    takeover.undo()
    return _enter(
        request, taken.role if taken else PARTS[0], T("已撤回。账本和接手前一样。", "Undone. The ledger is what it was before."),
    )


def _theirs(request: HttpRequest) -> TakeOver:
    takeover = _takeover()
    taken = takeover.current()
    if taken is not None and not may_end(actor(request), taken.role):
        raise NOT_PERMITTED.because(permission=PLAY_DRILL)
    return takeover


def _takeover() -> TakeOver:
    if not settings.FIREBREAK_DRILL:
        raise NOT_FOUND.because()
    return TakeOver(Path(settings.DATA))


def _enter(request: HttpRequest, role: str, words: T) -> HttpResponse:
    account = drill_account(role, clock.now())
    open_session(request, account, "drill")
    tell(request, words.filled(role=BY_KEY[role].name), tone="good")
    return redirect(home_of(actor_of(account)))
