"""Sends what is due: claim in one transaction, talk to the outside in none, settle in another.

A worker killed in between leaves a lease that runs out; the message is then sent again under the same token.
"""

from datetime import datetime

from firebreak.engine.messages import actions
from firebreak.engine.messages.channels import Channels, Fate, Outcome, channels
from firebreak.engine.messages.models import Message
from firebreak.kernel.actor import SystemActor

POST = SystemActor("post", frozenset())


def send_due(now: datetime, limit: int = 200, ways: Channels = channels) -> int:
    """Send due messages; how many left. Opens no act when nothing is due."""
    if not actions.due_now(now).exists():
        return 0
    claimed = actions.claim(limit=limit, by=POST, at=now)
    if not claimed:
        return 0
    found = ways()
    names = dict(Message.objects.filter(ref__in=claimed).values_list("ref", "channel"))
    outcomes: dict[str, Outcome] = {}
    for message in actions.outgoing(claimed):
        way = found.get(names[message.token])
        outcomes[message.token] = Outcome(Fate.RETRY, "channel not configured") if way is None else way.send(message)
    return actions.settle(outcomes=outcomes, by=POST, at=now)[Fate.SENT]
