"""What the program does by itself, one round of it: react, call consultations, give owners, climb, send, expire, erase, seal.

Every part asks "older than", so a worker that stood still catches up; each may run in several workers at once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from firebreak.command.closing.actions import erase_due
from firebreak.command.consultations.actions import call_due
from firebreak.command.headquarters.actions import return_unanswered
from firebreak.command.headquarters.leaders import look_unled
from firebreak.command.musters.actions import replace_silent
from firebreak.command.reactions.reading import react
from firebreak.command.releasing.actions import CUSTODY, look_due, time_to_look
from firebreak.command.zoning.cadence import look_cadence, look_pools
from firebreak.engine.approvals.actions import expire_due
from firebreak.engine.capture.owners import own_unowned
from firebreak.engine.journal import seals
from firebreak.engine.ledgers.checks import CHECK_BOOKS, check_books, latest_check
from firebreak.engine.messages.sending import send_due
from firebreak.engine.tasks.watch import escalate_due
from firebreak.kernel.actor import SystemActor
from firebreak.operations.laboratory.watch import look_custody

SEAL_EVERY = timedelta(minutes=1)
CHECK_EVERY = timedelta(minutes=1)
BOOKKEEPER = SystemActor("bookkeeper", frozenset({CHECK_BOOKS}))

_log = structlog.get_logger("firebreak.work")


def tick(now: datetime) -> dict[str, int]:
    """Do everything due at `now`; how much of each. A part that fails is logged and does not stop the others."""
    return {name: _part(name, part, now) for name, part in PARTS.items()}


def seal_due(now: datetime) -> int:
    """Seal once a minute while there is something to seal; 1 when it did."""
    newest = seals.latest()
    if newest is not None and now - newest.sealed_at < SEAL_EVERY:
        return 0
    if not seals.unsealed_acts():
        return 0
    seals.seal(now)
    return 1


def check_due(now: datetime) -> int:
    """Add up the books once a minute; 1 when it did. Pages show this answer."""
    last = latest_check()
    if last is not None and now - last.at < CHECK_EVERY:
        return 0
    check_books(by=BOOKKEEPER, at=now)
    return 1


def custody_due(now: datetime) -> int:
    """Once a minute see that somebody answers for every tube without a result; how many tasks began or ended."""
    return look_custody(now) if time_to_look(CUSTODY, now, within=CHECK_EVERY) else 0


PARTS: Mapping[str, Callable[[datetime], int]] = {
    "reacted": react,
    "called": call_due,
    "owned": own_unowned,
    "led": look_unled,
    "escalated": escalate_due,
    "returned": return_unanswered,
    "replaced": replace_silent,
    "expired": expire_due,
    "erased": erase_due,
    "ends": look_due,
    "cadence": look_cadence,
    "pools": look_pools,
    "custody": custody_due,
    "sent": send_due,
    "checked": check_due,
    "sealed": seal_due,
}


def _part(name: str, part: Callable[[datetime], int], now: datetime) -> int:
    try:
        return part(now)
    except Exception:
        _log.exception("work failed", part=name)
        return 0
