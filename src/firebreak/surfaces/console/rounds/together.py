"""Writing one thing down for several people: those ticked in a list, or everybody behind a door."""

from functools import cached_property
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.journal.acting import keyed
from firebreak.engine.tasks.rights import ASSIGN_TASKS
from firebreak.engine.units.queries import open_posts
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from firebreak.operations.rounds import together as actions
from firebreak.operations.rounds.rights import RECORD_ROUND
from firebreak.surfaces.common.toasts import offer_undo, tell
from firebreak.surfaces.console.people_at_work import post_words
from firebreak.surfaces.console.rounds.forms import AttemptForm, ExcuseForm, said
from firebreak.surfaces.console.rounds.persons import undo_address
from firebreak.surfaces.console.rounds.scenes import Scene

FORM = "together"
"""Id of the form on the page; the boxes of the list belong to it."""


class AssignForm(forms.Form):
    """Another post, and why."""

    post = forms.ChoiceField(label=said("派给", "Give to"))
    why = forms.CharField(label=said("理由", "Why"), max_length=200)

    def __init__(self, data: object = None, *, posts: list[tuple[str, T]], prefix: str = "assign") -> None:
        super().__init__(data, prefix=prefix)  # type: ignore[arg-type]  # a QueryDict or nothing
        self.fields["post"].choices = [("", T("请选择", "choose")), *posts]  # type: ignore[attr-defined]


class Together:
    """The forms a reader may use here, filled with what they sent; `picked` are the tokens ticked."""

    def __init__(self, scene: Scene, data: QueryDict | None = None) -> None:
        self.scene, self.data = scene, data
        self.picked = frozenset(data.getlist("picked")) if data is not None else frozenset()
        self.key = uuid4().hex
        self.attempt = AttemptForm(self._sent("attempt"), prefix="attempt")
        self.excuse = ExcuseForm(self._sent("excuse"), terms=scene.terms)

    @cached_property
    def assign(self) -> AssignForm | None:
        """Another post for the buildings; None where the reader may assign to none. One query."""
        posts = _posts(self.scene.row.response_ref, self.scene.who)
        return AssignForm(self._sent("assign"), posts=posts) if posts else None

    @property
    def failed(self) -> forms.Form | None:
        """The form that was sent and is not right."""
        form = self._form() if self.data is not None else None
        return form if form is not None and form.errors else None

    def write(self, request: HttpRequest, place: str = "") -> bool:
        """Write what was sent down; False when it could not be, and the form says why. `place`: where undoing leads."""
        assert self.data is not None  # only called with what was sent
        people = [make_ref("person", token) for token in self.data.getlist("picked")]
        form = self._form()
        if form is None or not form.is_valid():
            return False
        try:
            with keyed(f"{self.scene.who.ref}:{self.data.get('key', '') or self.key}"):
                self._write(request, people, form, place)
        except Refusal as refusal:
            if refusal.code in ("not-found", "not-permitted"):
                raise
            form.add_error(None, str(refusal.text))
            return False
        return True

    def _write(self, request: HttpRequest, people: list[Ref], form: forms.Form, place: str) -> None:
        row, by, at, meant = Ref(self.scene.row.ref), self.scene.who, clock.now(), form.cleaned_data
        if form is self.attempt:
            first = actions.record_visit(
                round=row, people=people, way=meant["way"], result=meant["result"], revisit_at=meant["revisit_at"],
                by=by, at=at,
            )
            words = T(f"已给 {len(people)} 人记下。", f"Written down for {len(people)}.")
            offer_undo(request, words, undo_address(self.scene, f"visit|{place}|{first}"))
        elif form is self.excuse:
            n = actions.excuse_people(round=row, people=people, reason=meant["reason"], note=meant["note"], by=by, at=at)
            tell(request, T(f"已豁免 {n} 人。", f"{n} excused."), tone="good")
        else:
            n = actions.assign_people(
                round=row, people=people, owner=Ref(meant["post"]), reason=meant["why"], by=by, at=at
            )
            tell(request, T(f"{n} 栋已转派,时限不变。", f"{n} buildings given on; the deadline stands."), tone="good")

    def _form(self) -> forms.Form | None:
        assert self.data is not None  # only asked of what was sent
        meant = _meant(self.data)
        return self.assign if meant == "assign" else self.excuse if meant == "excuse" else self.attempt

    def _sent(self, name: str) -> QueryDict | None:
        return self.data if self.data is not None and _meant(self.data) == name else None


def _meant(data: QueryDict) -> str:
    """Which form was sent: its button says so; the buttons of attempts say their result."""
    said = data.get("do", "")
    return said if said in ("excuse", "assign") else "attempt"


def together_of(request: HttpRequest, scene: Scene) -> Together | None:
    """The forms, where the reader may record in this round; None else. One query."""
    if not scene.is_open or not any(scene.may(RECORD_ROUND, root) for root in scene.roots):
        return None
    return Together(scene, request.POST if request.method == "POST" else None)


def _posts(response: str, who: AccountActor) -> list[tuple[str, T]]:
    """The posts somebody holds, of units over which the reader may assign. One query."""
    held = open_posts(response).filter(holder__isnull=False).select_related("unit").order_by("unit__path", "id")
    return [
        (post.ref, post_words(post)) for post in held if who.may(ASSIGN_TASKS, unit=post.unit.path)
    ]
