"""The cut-off a page was asked for: a moment and, where a sealed head is named, the journal position behind it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest

from firebreak.engine.journal.models import Seal
from firebreak.kernel import clock
from firebreak.kernel.cutoff import LIVE, Cutoff
from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNREADABLE_MOMENT = RefusalKind(
    "unreadable-moment",
    T(
        "看不懂这个时间:{given}。没有改动。请写成 2022-06-06 24:00。",
        "This time cannot be read: {given}. Nothing was changed. Write it as 2022-06-06 24:00.",
    ),
)
UNKNOWN_HEAD = RefusalKind(
    "unknown-head",
    T(
        "本机日志里没有这个封存值:{given}。请核对纸面,或运行 firebreak verify。",
        "The journal here has no such head: {given}. Check the paper, or run firebreak verify.",
    ),
)


def read_moment(text: str) -> datetime:
    """A moment typed by a person in district time. Errors: refuses `unreadable-moment`."""
    try:
        return clock.parse_moment(text, ZoneInfo(settings.TIME_ZONE))
    except ValueError as wrong:
        raise UNREADABLE_MOMENT.because(given=text[:40]) from wrong


def asked_cutoff(request: HttpRequest) -> Cutoff:
    """`?at=` and `?head=` as a cut-off; now and everything known without them. At most one query."""
    at = read_moment(request.GET["at"]) if request.GET.get("at") else clock.now()
    head = request.GET.get("head", "")
    if not head:
        return Cutoff(at, LIVE)
    seal = Seal.objects.filter(head=head).first()
    if seal is None:
        raise UNKNOWN_HEAD.because(given=head[:16])
    return Cutoff(at, seal.position)
