"""The gate: no page without a declared right. A view that declares nothing answers nobody.

    @open_to_all                                   anybody may GET
    @open_to_all(post=True)                        anybody may GET and POST (sign-in, the sync door)
    @signed_in                                     any account may GET;  `post=True` opens POST as well
    @needs("rounds.read")                          GET for who holds the right anywhere
    @needs("rounds.read", post="rounds.close")     and POST with another right
    @needs(post="rounds.close")                    POST alone
    @needs("rounds.print", proof=for_many)         and the person proves anew who they are (`proof`)

A method that is not declared answers 405. The gate asks whether the right is held *anywhere*; the view or the
action then asks for the place. `background=True` marks a fragment that refreshes itself and therefore says
nothing about whether the person is still there. `actor(request)` is who acts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from firebreak.engine.access.actors import AccountActor, actor_of
from firebreak.engine.access.models import Account
from firebreak.kernel.refusals import NOT_PERMITTED, Refusal
from firebreak.surfaces.common import proof, refusing, standing
from firebreak.surfaces.common.proof import Asks

V = TypeVar("V", bound=Callable[..., Any])

ANY = "*"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view asks for, per method: a permission key, `ANY` for no particular right, None for 405."""

    get: str | None
    post: str | None
    anonymous: bool = False
    halfway: bool = False
    background: bool = False
    proof: Asks | None = None

    def wanted(self, method: str) -> str | None:
        """The right asked for by this method."""
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method)

    @property
    def methods(self) -> list[str]:
        """The methods the view answers."""
        return [name for name in ("GET", "HEAD", "POST") if self.wanted(name)]


@overload
def open_to_all(view: V) -> V: ...
@overload
def open_to_all(*, post: bool = False) -> Callable[[V], V]: ...
def open_to_all(view: Any = None, *, post: bool = False) -> Any:
    """The view answers anybody."""
    return _declared(view, Declaration(ANY, ANY if post else None, anonymous=True))


@overload
def signed_in(view: V) -> V: ...
@overload
def signed_in(*, post: bool = False, halfway: bool = False, background: bool = False) -> Callable[[V], V]: ...
def signed_in(view: Any = None, *, post: bool = False, halfway: bool = False, background: bool = False) -> Any:
    """The view answers every account; `halfway` also before the second factor."""
    return _declared(view, Declaration(ANY, ANY if post else None, halfway=halfway, background=background))


def needs(
    permission: str | None = None, *, post: str | None = None, background: bool = False, proof: Asks | None = None
) -> Callable[[V], V]:
    """GET needs `permission`, POST needs `post`; what is left out is not answered. `proof` asks once more who it is."""
    declaration = Declaration(permission, post, background=background, proof=proof)
    return lambda view: _mark(view, declaration)


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    """What a view declared; None when it declared nothing."""
    found = getattr(view, "firebreak_gate", None)
    return found if isinstance(found, Declaration) else None


def actor(request: HttpRequest) -> AccountActor:
    """Who acts in this request. One query at the first call. Errors: refuses `not-permitted` for nobody."""
    known = getattr(request, "firebreak_actor", None)
    if isinstance(known, AccountActor):
        return known
    if not isinstance(request.user, Account):
        raise NOT_PERMITTED.because()
    found = actor_of(request.user)
    request.firebreak_actor = found  # type: ignore[attr-defined]  # one actor per request, whoever asks
    return found


class GateMiddleware:
    """Deny by default; also turns a refusal into its page and keeps personal pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the request through; anything else is the answer."""
        declaration = declaration_of(view)
        if declaration is None:
            return refusing.refused(request, NOT_PERMITTED.because(), 403)
        method = proof.method_of(request) if declaration.proof else request.method or ""
        right = declaration.wanted(method)
        if declaration.anonymous:
            return None if right else refusing.not_this_way(request, declaration.methods)
        if not request.user.is_authenticated:
            return standing.ask_to_sign_in(request)
        who = actor(request)
        if (detour := standing.detour(request, who, declaration.halfway, declaration.background)) is not None:
            return detour
        if right is None:
            return refusing.not_this_way(request, declaration.methods)
        if right != ANY and not who.may(right):
            return refusing.refused(request, NOT_PERMITTED.because(permission=right), 403)
        return proof.detour(request, who, declaration.proof) if declaration.proof else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is an answer, not an error."""
        return refusing.answer(request, exception) if isinstance(exception, Refusal) else None


def _declared(view: Any, declaration: Declaration) -> Any:
    return _mark(view, declaration) if view is not None else lambda later: _mark(later, declaration)


def _mark(view: V, declaration: Declaration) -> V:
    view.firebreak_gate = declaration  # type: ignore[attr-defined]  # read back by `declaration_of`
    return view
