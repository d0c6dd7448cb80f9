"""Why this person may look just now: the live task that brought them here, else the role they hold."""

from firebreak.engine.access.actors import AccountActor
from firebreak.engine.tasks.models import Task


def reason_for(who: AccountActor) -> str:
    """`task:…` of the person's oldest live task, else `role:…`. One query for members of a response."""
    if who.member_ref:
        live = Task.objects.filter(owner__holder__ref=who.member_ref).exclude(status=Task.Status.ENDED)
        if (ref := live.order_by("due_at").values_list("ref", flat=True).first()) is not None:
            return str(ref)
    return f"role:{who.roles[0].key}" if who.roles else "role:"
