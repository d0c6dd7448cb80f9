"""One human being entered twice: proposed by likeness, decided by a person, taken back exactly.

Nothing is copied: the folded entry keeps what it says and is expected nowhere; where only it was expected, the kept
one is expected instead. So undoing puts every row back, and erasing reaches both.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from firebreak.engine.access import scope
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.registry.actions import step_down
from firebreak.engine.registry.events import PairDecided, PairsFound, PeopleMerged, PeopleUnmerged
from firebreak.engine.registry.likeness import alike
from firebreak.engine.registry.models import FoldedStay, NeedFlag, PersonMerge, PersonPair, Presence, PresenceChange
from firebreak.engine.registry.refusals import MERGED_ALREADY, NOT_MERGED, PAIR_DECIDED
from firebreak.engine.registry.rights import REGISTRY_MERGE
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_refs
from firebreak.kernel.refusals import NOT_FOUND

M = TypeVar("M", bound=Model)
LIVES = Presence.Kind.LIVES


@action
def look_for_duplicates(*, by: Actor, at: datetime) -> int:
    """Propose every pair of the register that may be one human being; how many are new.

    Who: whoever may merge.   Journals: PairsFound.
    Promises: nothing is merged; a pair that somebody has decided about is not proposed again.
    """
    by.require(REGISTRY_MERGE)
    found = list(alike())
    refs = new_refs("pair", len(found))
    PersonPair.objects.bulk_create(
        [
            PersonPair(
                ref=ref, first_id=one.first, second_id=one.second, score=one.score, why=list(one.why), found_at=at
            )
            for ref, one in zip(refs, found, strict=True)
        ],
        batch_size=500,
    )
    record(PairsFound(len(found)), about="register:people")
    return len(found)


@action
def keep_apart(*, pair: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """They are two people: remembered, never proposed again.

    Who: whoever may merge there.   Refuses: not-found, pair-decided.   Journals: PairDecided.
    """
    row = _pair(pair, by)
    _decide(row, PersonPair.Status.APART, reason, by, at)
    record(PairDecided(row.first.ref, row.second.ref, "apart"), about=row.ref)
    return Ref(row.ref)


@action
def merge_people(*, pair: Ref, keep: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """They are one human being: `keep` goes on, the other is folded into it; answers the ref of the folded one.

    Who: whoever may merge there.   Refuses: not-found, pair-decided, merged-already.   Journals: PeopleMerged.
    Promises: expected once; what both said stays readable; undoing puts every presence and need back.
    """
    row = _pair(pair, by)
    if keep not in (row.first.ref, row.second.ref):
        raise NOT_FOUND.because()
    kept, folded = (row.first, row.second) if keep == row.first.ref else (row.second, row.first)
    both = (kept.pk, folded.pk)
    standing = PersonMerge.objects.filter(undone_at=None)
    if standing.filter(Q(folded_id__in=both) | Q(kept_id=folded.pk)).exists():
        raise MERGED_ALREADY.because()
    known = set(NeedFlag.objects.filter(person=kept).values_list("key", flat=True))
    added = sorted(set(NeedFlag.objects.filter(person=folded).values_list("key", flat=True)) - known)
    NeedFlag.objects.bulk_create([NeedFlag(person=kept, key=key) for key in added])
    merge = PersonMerge.objects.create(
        pair=row, kept=kept, folded=folded, needs_added=added, by=by.ref, happened_at=at, act=current_act()
    )
    taken = _fold(merge, at)
    _decide(row, PersonPair.Status.MERGED, reason, by, at)
    record(PeopleMerged(kept.ref, folded.ref, taken), about=kept.ref)
    return Ref(folded.ref)


@action
def undo_merge(*, pair: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """They were two after all: both stand as before, and the pair is remembered as apart; answers the unfolded ref.

    Who: whoever may merge there.   Refuses: not-found, not-merged.   Journals: PeopleUnmerged.
    Promises: every presence and need is back as it was; what changed on the kept one since stays.
    """
    row = _found(pair)
    merge = PersonMerge.objects.select_for_update().filter(pair=row, undone_at=None).first()
    if merge is None:
        raise NOT_MERGED.because()
    by.require(REGISTRY_MERGE, area=_paths([merge.folded_id, merge.kept_id])[0])
    _unfold(merge, at)
    NeedFlag.objects.filter(person_id=merge.kept_id, key__in=merge.needs_added).delete()
    merge.undone_by, merge.undone_at = by.ref, at
    merge.save(update_fields=["undone_by", "undone_at"])
    _decide(row, PersonPair.Status.APART, reason, by, at)
    record(PeopleUnmerged(merge.kept.ref, merge.folded.ref), about=merge.kept.ref)
    return Ref(merge.folded.ref)


def pairs_waiting(by: Actor) -> QuerySet[PersonPair]:
    """Pairs nobody has decided about, of whom this person may decide about both entries."""
    rows = PersonPair.objects.filter(status=PersonPair.Status.WAITING)
    return _there(_there(rows, "first", by), "second", by)


def merges_standing(by: Actor) -> QuerySet[PersonMerge]:
    """Merges this person may take back, the latest first."""
    rows = PersonMerge.objects.filter(undone_at=None).select_related("pair").order_by("-id")
    return _there(rows, "kept", by)


def _there(rows: QuerySet[M], side: str, by: Actor) -> QuerySet[M]:
    if "/" in by.areas(REGISTRY_MERGE):
        return rows
    stays = Presence.objects.filter(person=OuterRef(side))
    return rows.filter(Exists(scope.within(stays, by, REGISTRY_MERGE, field="building__path")))


def _fold(merge: PersonMerge, at: datetime) -> int:
    """End the presences of the folded entry; the kept one takes those nobody of both had. How many it takes."""
    own = list(Presence.objects.filter(person_id=merge.kept_id))
    held, lives = {(stay.building_id, stay.kind) for stay in own}, any(stay.kind == LIVES for stay in own)
    going = list(Presence.objects.select_for_update().filter(person_id=merge.folded_id).order_by("id"))
    taken = [
        stay for stay in going if (stay.building_id, stay.kind) not in held and not (stay.kind == LIVES and lives)
    ]
    FoldedStay.objects.bulk_create([
        FoldedStay(
            merge=merge, building_id=stay.building_id, kind=stay.kind, door=stay.door, begins_on=stay.begins_on,
            ends_on=stay.ends_on, taken=stay in taken,
        )
        for stay in going
    ])
    step_down(going, "merged", at)
    _step_in(merge.kept_id, taken, "merged", at)
    return len(taken)


def _unfold(merge: PersonMerge, at: datetime) -> None:
    stays = list(merge.stays.order_by("id"))
    taken = {(stay.building_id, stay.kind) for stay in stays if stay.taken}
    back = [
        stay for stay in Presence.objects.filter(person_id=merge.kept_id) if (stay.building_id, stay.kind) in taken
    ]
    step_down(back, "unmerged", at)
    _step_in(merge.folded_id, stays, "unmerged", at)
    merge.stays.all().delete()


def _step_in(person: int, stays: Sequence[Presence | FoldedStay], reason: str, at: datetime) -> None:
    """A person is expected where these say, from now until their last day."""
    act = current_act()
    Presence.objects.bulk_create([
        Presence(
            person_id=person, building_id=stay.building_id, kind=stay.kind, door=stay.door, begins_on=stay.begins_on,
            ends_on=stay.ends_on,
        )
        for stay in stays
    ])
    steps = [(stay, 1, at) for stay in stays]
    steps += [(stay, -1, _after(stay.ends_on)) for stay in stays if stay.ends_on and _after(stay.ends_on) > at]
    PresenceChange.objects.bulk_create([
        PresenceChange(
            person_id=person, building_id=stay.building_id, kind=stay.kind, change=change, reason=reason,
            happened_at=moment, act=act,
        )
        for stay, change, moment in steps
    ])


def _after(day: date) -> datetime:
    """The midnight of the district with which a last day is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone())


def _pair(ref: Ref, by: Actor) -> PersonPair:
    row = _found(ref)
    if row.status != PersonPair.Status.WAITING:
        raise PAIR_DECIDED.because()
    for path in _paths([row.first_id, row.second_id]):
        by.require(REGISTRY_MERGE, area=path)
    return row


def _found(ref: Ref) -> PersonPair:
    row = PersonPair.objects.select_for_update(of=("self",)).select_related("first", "second").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    return row


def _paths(people: Iterable[int]) -> list[str]:
    """Where these are expected; the whole when nowhere."""
    rows = Presence.objects.filter(person_id__in=list(people)).values_list("building__path", flat=True)
    return sorted(set(rows)) or ["/"]


def _decide(row: PersonPair, status: str, reason: str, by: Actor, at: datetime) -> None:
    row.status, row.reason, row.decided_by, row.decided_at = status, reason.strip()[:200], by.ref, at
    row.save(update_fields=["status", "reason", "decided_by", "decided_at"])
