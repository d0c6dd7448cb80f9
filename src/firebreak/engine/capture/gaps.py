"""Missing numbers of a device: noticed when a later number comes, ended when they come after all."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from firebreak.engine import bulk
from firebreak.engine.capture.models import Gap
from firebreak.engine.journal.acting import current_act

Range = tuple[int, int]


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


def keep(device: int, last: int, numbers: Sequence[int], at: datetime) -> list[Range]:
    """Open and fill the gaps of a device whose row is locked; answers what is missing now. One query when none is."""
    act = current_act()
    opened = bulk.fetch(
        "SELECT id, first, last FROM capture_gap WHERE device_id = %s AND filled_at IS NULL AND lost_at IS NULL"
        " ORDER BY first", [device],
    )
    late = [number for number in numbers if number <= last]
    left: list[Range] = []
    fresh = holes(last, [number for number in numbers if number > last])
    ended = []
    for key, first, end in opened:
        came = [number for number in late if first <= number <= end]
        if not came:
            left.append((first, end))
            continue
        ended.append(key)
        fresh += without((first, end), came)
    if ended:
        Gap.objects.filter(id__in=ended).update(filled_at=at, end_act=act)
    if fresh:
        Gap.objects.bulk_create(Gap(device_id=device, first=a, last=b, noticed_at=at, act=act) for a, b in fresh)
    return sorted(left + fresh)
