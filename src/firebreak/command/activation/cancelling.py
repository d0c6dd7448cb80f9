"""What happens when that falls away which opened a response: everything it opened is cancelled, with the reason.

Operations are below and are called directly; nothing is deleted, nobody is left with a task.
"""

from datetime import datetime

from firebreak.command.activation.events import ResponseCancelled
from firebreak.command.activation.models import Response
from firebreak.command.headquarters.actions import cancel_all
from firebreak.engine.journal.acting import current_act, record
from firebreak.engine.messages import actions as messages
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.messages.plan import MessagesSection
from firebreak.engine.plans.queries import adopted
from firebreak.engine.tasks.actions import end_tasks
from firebreak.engine.tasks.queries import of_response
from firebreak.engine.units.actions import dissolve_units
from firebreak.engine.units.models import Member
from firebreak.kernel.actor import Actor, SystemActor
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T
from firebreak.operations.rounds.actions import cancel_round
from firebreak.operations.rounds.models import Round
from firebreak.operations.zones.actions import cancel_zones

# The consequences of one decision: whoever may decide it need not hold the right to each of them.
INSIDE = SystemActor("activation", frozenset({"units.write", "zones.propose", "rounds.close"}))


def cancel_response(response: Response, reason: str, by: Actor, at: datetime) -> None:
    """End a response and all it opened, inside a running act."""
    ref = Ref(response.ref)
    serving = list(Member.objects.filter(
        services__post__unit__response_ref=ref, services__ends_at=None
    ).distinct().order_by("id"))
    orders = cancel_all(response=ref, reason=reason, by=by, at=at)
    running = Round.objects.filter(response_ref=ref, status=Round.Status.OPEN).order_by("id")
    for round_ref in list(running.values_list("ref", flat=True)):
        cancel_round(round=Ref(round_ref), reason=reason, by=INSIDE, at=at)
    cancel_zones(response=ref, reason=reason, by=INSIDE, at=at)
    tasks = end_tasks(
        ids=list(of_response(ref).values_list("id", flat=True)), outcome="cancelled", reason=reason, by=by, at=at
    )
    ended = dissolve_units(response=ref, reason=reason, by=INSIDE, at=at)
    messages.withdraw(about=[ref], reason=reason, by=by, at=at)
    response.status, response.ended_at, response.end_reason = Response.Status.CANCELLED, at, reason[:200]
    response.end_act = current_act()
    response.save(update_fields=["status", "ended_at", "end_reason", "end_act"])
    _tell(response, serving, reason, by, at)
    record(ResponseCancelled(reason=reason, orders=orders, tasks=tasks, told=len(serving), **ended), about=ref)


def _tell(response: Response, serving: list[Member], reason: str, by: Actor, at: datetime) -> None:
    pack = adopted(response.plan.ref)
    words = pack.text(pack.section(MessagesSection).template("stand_down").text)
    text = words.filled(title=T(response.name_zh, response.name_en), reason=reason)
    to = [Recipient.of(member) for member in serving]
    messages.queue(to=to, template="stand_down", text=text, about=response.ref, by=by, at=at)
