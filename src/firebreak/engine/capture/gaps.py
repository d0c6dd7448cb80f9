"""Missing numbers of a device: noticed when a later number comes, owned until they come after all or are given up."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.capture import owners
from firebreak.engine.capture.models import Device, Gap
from firebreak.engine.journal.acting import current_act
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import new_ref

Range = tuple[int, int]
_CAME = "已收到 arrived after all"


def holes(last: int, numbers: Iterable[int]) -> list[Range]:
    """The ranges skipped when these numbers come after `last`."""
    skipped, expected = [], last + 1
    for number in sorted(numbers):
        if number > expected:
            skipped.append((expected, number - 1))
        expected = max(expected, number + 1)
    return skipped


def without(gap: Range, numbers: Iterable[int]) -> list[Range]:
    """What is left of a range when these numbers of it have come."""
    left, begin = [], gap[0]
    for number in sorted(numbers):
        if number > begin:
            left.append((begin, number - 1))
        begin = number + 1
    if begin <= gap[1]:
        left.append((begin, gap[1]))
    return left


def keep(device: Device, numbers: Sequence[int], by: Actor, at: datetime) -> list[Range]:
    """Open and fill the gaps of a locked device, whose last number is still the one before this batch.

    Answers what is missing now. One query when nothing is missing. All that is missing together is one matter with
    one task: it opens with the first gap, and ends when none is left.
    """
    act = current_act()
    opened = bulk.fetch(
        "SELECT id, first, last, matter FROM capture_gap WHERE device_id = %s AND filled_at IS NULL AND lost_at IS NULL"
        " ORDER BY first", [device.pk],
    )
    late = [number for number in numbers if number <= device.last_sequence]
    left: list[Range] = []
    fresh = holes(device.last_sequence, [number for number in numbers if number > device.last_sequence])
    ended = []
    for key, first, end, _ in opened:
        came = [number for number in late if first <= number <= end]
        if not came:
            left.append((first, end))
            continue
        ended.append(key)
        fresh += without((first, end), came)
    matter = opened[0][3] if opened else new_ref("missing") if fresh else ""
    if ended:
        Gap.objects.filter(id__in=ended).update(filled_at=at, end_act=act)
    if fresh:
        Gap.objects.bulk_create(
            Gap(device=device, first=a, last=b, noticed_at=at, matter=matter, act=act) for a, b in fresh
        )
    if fresh and not opened:
        owners.give_owners([owners.Matter(owners.MISSING, matter, device.label)], by=by, at=at)
    if ended and not left and not fresh:
        owners.settled(owners.MISSING, [matter], _CAME, by=by, at=at)
    return sorted(left + fresh)
