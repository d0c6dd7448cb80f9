"""The band over every page of a drill while somebody plays a part: who, since when, and the two ways to end it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from firebreak.command.drill.rights import PLAY_DRILL
from firebreak.command.drill.takeover import TakeOver
from firebreak.engine.access.actors import AccountActor
from firebreak.engine.access.roles import BY_KEY
from firebreak.kernel.text import T


@dataclass(frozen=True, slots=True)
class TakenBand:
    """A part somebody plays: its role, since which ledger moment, whether this reader may end it."""

    role: T
    since: datetime
    may: bool


def band_for(who: AccountActor | None) -> TakenBand | None:
    """The band for a reader; None outside a drill and while nobody has taken a part. No query."""
    taken = TakeOver(Path(settings.DATA)).current() if settings.FIREBREAK_DRILL and who is not None else None
    if taken is None or who is None:
        return None
    return TakenBand(BY_KEY[taken.role].name, taken.since, may_end(who, taken.role))


def may_end(who: AccountActor, role: str) -> bool:
    """Whoever plays the part that was taken, and whoever may set the pace."""
    return who.may(PLAY_DRILL) or any(held.key == role for held in who.roles)
