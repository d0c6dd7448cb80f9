"""A swab that was written on paper and is keyed back at a desk: the same path as a phone's scan, one at a time."""

from datetime import datetime

from firebreak.engine.journal.acting import action, record
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref, new_event_id
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.operations.rounds import scanning, tubes, visiting
from firebreak.operations.rounds.events import SwabKeyedBack
from firebreak.operations.rounds.models import Round, SiteDuty


@action
def key_back_swab(*, round: Ref, person: Ref, tube: str, taken_at: datetime, by: Actor, at: datetime) -> str:
    """Write down a swab from a paper list; answers the id of the scan, by which it can be taken back.

    A tube nobody has opened yet is opened at the site that serves the person's building.

    Who: whoever may record over the tube's site or the person's building.
    Refuses: not-found, round-not-open, not-on-list, tube-taken, tube-sealed, tube-void, tube-of-another-round.
    Journals: SwabKeyedBack.   Promises: counted once, however often it is keyed with the same client key.
    """
    row = Round.objects.filter(ref=round).first()
    if row is None:
        raise NOT_FOUND.because()
    moment = min(taken_at, at)
    _open_when_new(row, person, tube, by, moment)
    swab = scanning.Swab(new_event_id(at.timestamp()), tube, visiting.key_of(person), moment, by)
    scanning.take_swabs(row, [swab], by, at)
    if swab.refusal is not None:
        raise swab.refusal
    record(SwabKeyedBack(person, tube, at > taken_at), about=row.ref)
    return str(swab.event)


def _open_when_new(row: Round, person: Ref, tube: str, by: Actor, at: datetime) -> None:
    """Take the tube into use where the person is served, unless it is in use already."""
    if tube in tubes.lock_tubes([tube]):
        return
    duty = SiteDuty.objects.filter(round=row, building__entry__round=row, building__entry__person__ref=person)
    site = duty.values_list("site__code", flat=True).first()
    if site is None:
        raise NOT_FOUND.because()
    refusal = tubes.open_tubes(row, [tubes.Opening(tube, site, by, at)])[0]
    if refusal is not None:
        raise refusal
