"""When a message is tried again, and when it is given up. Pure."""

from datetime import timedelta

from firebreak.engine.messages.channels import Fate
from firebreak.engine.messages.models import Message

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
MOST_TRIES = 12


def pause_after(tries: int) -> timedelta:
    """15 s, 30 s, 1 min … at most 15 min: twelve tries take about two hours."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * int(2 ** max(0, tries - 1)))


def next_status(fate: Fate, tries: int) -> str:
    """The state after an attempt. What stays unclear or unreached after the last try has failed: somebody calls."""
    if fate is Fate.SENT:
        return Message.Status.SENT
    if fate is Fate.FAILED or tries >= MOST_TRIES:
        return Message.Status.FAILED
    return Message.Status.UNKNOWN if fate is Fate.UNKNOWN else Message.Status.QUEUED
