"""Merging people entered twice, with what follows in rounds: who is folded away owes nothing in a round that runs."""

from collections.abc import Sequence
from datetime import datetime

from firebreak.engine.journal.acting import action, record
from firebreak.engine.registry import merging
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref
from firebreak.operations.rounds import visiting
from firebreak.operations.rounds.events import EntryDecided
from firebreak.operations.rounds.models import Entry, Round
from firebreak.operations.rounds.rights import DECIDE_ROUND
from firebreak.operations.rounds.states import OPEN, State

REASON = "merged"
JUDGE = SystemActor("merging", frozenset({DECIDE_ROUND}))


@action
def merge_people(*, pair: Ref, keep: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """As `registry.merge_people`; in every open round the folded entry ends as a duplicate.

    Who: whoever may merge there.   Refuses: as `registry.merge_people`.   Journals: PeopleMerged, EntryDecided.
    Promises: a swab of the folded entry stays a fact.
    """
    folded = merging.merge_people(pair=pair, keep=keep, reason=reason, by=by, at=at)
    _settle(folded, OPEN, State.DUPLICATE, at)
    return folded


@action
def undo_merge(*, pair: Ref, reason: str, by: Actor, at: datetime) -> Ref:
    """As `registry.undo_merge`; in every open round the entry that ended by it is owed again.

    Who: whoever may merge there.   Refuses: as `registry.undo_merge`.   Journals: PeopleUnmerged, EntryDecided.
    """
    unfolded = merging.undo_merge(pair=pair, reason=reason, by=by, at=at)
    _settle(unfolded, (State.DUPLICATE,), State.TO_DO, at)
    return unfolded


def _settle(person: Ref, now: Sequence[str], then: str, at: datetime) -> None:
    entries = Entry.objects.filter(round__status=Round.Status.OPEN, person__ref=person, state__in=now)
    for row in Round.objects.filter(id__in=entries.values("round_id")).order_by("id"):
        decided = visiting.Decided(visiting.key_of(person), at, JUDGE, state=then, reason=REASON)
        visiting.decide(row, [decided], JUDGE, at)
        if decided.refusal is not None:
            raise decided.refusal
        record(EntryDecided(decided.person, then, REASON), about=row.ref)
