"""People who may be entered twice: side by side, decided by somebody, with the merges that can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.reading import note_read
from firebreak.engine.journal.acting import keyed
from firebreak.engine.registry import merging, persons
from firebreak.engine.registry.models import PersonPair
from firebreak.engine.registry.persons import PersonView
from firebreak.engine.registry.rights import REGISTRY_MERGE
from firebreak.kernel import clock
from firebreak.kernel.refs import Ref, make_ref, token_of
from firebreak.kernel.text import T
from firebreak.operations.rounds import duplicates as actions
from firebreak.surfaces.common.gate import actor, needs
from firebreak.surfaces.common.toasts import tell
from firebreak.surfaces.common.words import Words
from firebreak.surfaces.console.people.reasons import reason_for
from firebreak.surfaces.console.people.wording import KINDS, NEEDS, SEXES

PAGE = 10
LAST = 20
WHY: dict[str, T] = {
    "same_name": T("同名", "same name"), "same_sound": T("同音", "names sound alike"),
    "near_sound": T("名字读音相近", "names sound nearly alike"), "same_phone": T("同一电话", "same phone"),
    "same_birth": T("同日出生", "same birthday"), "near_birth": T("生日只差一处", "birthdays differ in one place"),
    "same_door": T("同一门牌", "same door"), "same_building": T("同一栋", "same building"),
    "other_sex": T("性别不同", "different sex"), "other_birth": T("生日不同", "different birthdays"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two entries as this reader may see it."""

    ref: Ref
    token: str
    view: PersonView
    sex: Words
    stays: list[T]
    needs: list[T]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pair that waits: both sides, and what is alike."""

    token: str
    sides: tuple[Side, Side]
    why: list[T]
    key: str


@dataclass(frozen=True, slots=True)
class Done:
    """A merge that stands: who goes on, who was folded, by the pair that undoes it."""

    token: str
    kept: Side
    folded: str
    at: object
    reason: str


@needs(REGISTRY_MERGE, post=REGISTRY_MERGE)
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pairs that wait, the likeliest first; a POST searches the register anew."""
    who = actor(request)
    if request.method == "POST":
        n = merging.look_for_duplicates(by=who, at=clock.now())
        tell(request, T(f"查过了,新增 {n} 对。", f"Searched; {n} new pairs."), tone="good")
        return redirect("duplicates")
    waiting = merging.pairs_waiting(who)
    pairs = list(waiting.order_by("-score", "id")[:PAGE])
    merges = list(merging.merges_standing(who)[:LAST])
    views = _views(who, [key for pair in pairs for key in (pair.first_id, pair.second_id)]
                   + [key for merge in merges for key in (merge.kept_id, merge.folded_id)])
    return render(request, "firebreak/people/duplicates.html", {
        "count": waiting.count(),
        "apart": PersonPair.objects.filter(status=PersonPair.Status.APART).count(),
        "pairs": [
            Drawn(
                token_of(pair.ref), (_side(views[pair.first_id]), _side(views[pair.second_id])),
                [WHY[one] for one in pair.why], uuid4().hex,
            )
            for pair in pairs
        ],
        "merges": [
            Done(
                token_of(merge.pair.ref), _side(views[merge.kept_id]), views[merge.folded_id].shown.name,
                merge.happened_at, merge.pair.reason,
            )
            for merge in merges
        ],
    })


@needs(post=REGISTRY_MERGE)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """One human being (`keep` says which entry goes on), two people, or a merge taken back."""
    pair, by, at = make_ref("pair", token), actor(request), clock.now()
    reason, what = request.POST.get("reason", "")[:200], request.POST.get("keep", "")
    with keyed(f"{by.ref}:{request.POST.get('key', '') or uuid4().hex}"):
        if what == "apart":
            merging.keep_apart(pair=pair, reason=reason, by=by, at=at)
            tell(request, T("记下了:不是同一人,不再提示。", "Remembered: two people, never proposed again."), tone="good")
        elif what == "undo":
            actions.undo_merge(pair=pair, reason=reason, by=by, at=at)
            tell(request, T("已撤销合并,两条都恢复原样。", "Undone; both entries stand as before."), tone="good")
        else:
            actions.merge_people(pair=pair, keep=make_ref("person", what), reason=reason, by=by, at=at)
            tell(request, T("已合并,以后只算一人;可以撤销。", "Merged; counted once from now on. It can be undone."), tone="good")
    return redirect(reverse("duplicates"))


def _views(who: AccountActor, people: Iterable[int]) -> dict[int, PersonView]:
    """The entries masked for this reader, and one read in the journal."""
    views = persons.show_several(people, who)
    if views:
        fields = sorted({field for view in views.values() for field in view.fields})
        note_read(
            about="register:people", page="duplicates", fields=fields, people=len(views), reason=reason_for(who), by=who,
            at=clock.now(), mentions=[view.ref for view in views.values()],
        )
    return views


def _side(view: PersonView) -> Side:
    stays = [
        T(f"{KINDS[stay.kind].zh}:{stay.building_name.zh} {stay.door}".strip(),
          f"{KINDS[stay.kind].en}: {stay.building_name.en} {stay.door}".strip())
        for stay in view.stays
    ]
    needs = [NEEDS.get(key, T(key, key)) for key in view.needs or ()]
    return Side(view.ref, token_of(view.ref), view, SEXES[view.sex], stays, needs)
