"""Tells those whom the plan lets confirm an activation that one waits for them, while it does. Decides nothing."""

from datetime import datetime

from firebreak.command.activation.plan import ActivationSection
from firebreak.command.headquarters.queries import local
from firebreak.engine.access.models import Account
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.messages.actions import Recipient, queue_each, withdraw
from firebreak.engine.messages.plan import MessagesSection
from firebreak.engine.plans.packs import Pack
from firebreak.engine.units.models import Member
from firebreak.engine.units.plan import UnitsSection
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.text import T


def ask_to_confirm(pack: Pack, proposal: Ref, title: T, until: datetime, by: Actor, at: datetime) -> int:
    """One letter to everybody the roster names for a confirming post, but not to whoever proposed; how many.

    Before activation no post exists yet, so the roster says who will hold it. Two queries.
    """
    duties = pack.section(ActivationSection).who.duties
    posts = [post.key for post in pack.section(UnitsSection).posts if post.duty in duties]
    own = Account.objects.filter(ref=by.ref).exclude(member_ref="").values("member_ref")
    people = Member.objects.filter(roster_post__in=posts, roster_role="holder").exclude(ref__in=own).order_by("id")
    words = pack.text(pack.section(MessagesSection).template("confirm").text)
    letters = [
        (
            Recipient.of(member),
            words.filled(name=member.name, title=title, deadline=local(until)),
        )
        for member in people
    ]
    return queue_each(to=letters, template="confirm", about=proposal, by=by, at=at)


def stop_asking(proposal: Proposal, by: Actor, at: datetime) -> None:
    """Take back the letters that have not left about a proposal that ended with nothing done."""
    withdraw(about=[proposal.ref], reason=proposal.reason, by=by, at=at)
