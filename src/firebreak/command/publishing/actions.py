"""Writes of publishing: asked for with its content, published by a second person, withdrawn by one."""

from datetime import datetime, timedelta

from firebreak.command.activation.models import Response
from firebreak.command.publishing import queries
from firebreak.command.publishing.content import content_of, hidden_in
from firebreak.command.publishing.events import PublicationWithdrawn, Published
from firebreak.command.publishing.models import Publication, Withdrawal
from firebreak.command.publishing.refusals import ENDED, NOT_OUT, PAPER_MISSING, WHY_MISSING
from firebreak.command.publishing.rights import APPROVE_PUBLICATION, PROPOSE_PUBLICATION
from firebreak.command.reports.rules import check_balanced
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.ledgers.registry import balance_all
from firebreak.kernel.actor import Actor
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref, new_ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

KIND = "publication"
LIFE = timedelta(hours=2)
_TITLE = T("对外公布({number})", "Publish ({number})")


@action
def propose_publication(*, response: Ref, document_number: str, by: Actor, at: datetime) -> Ref:
    """Ask a second person to publish the counts of this moment.

    Who: commander, deputy, duty officer.
    Refuses: publication-paper-missing, ledger-unbalanced, response-ended, not-found, already-pending.
    Journals: ProposalMade.   Promises: what the second person reads is what is published, to the letter.
    """
    row = _active(response)
    by.require(PROPOSE_PUBLICATION, area=row.area.path)
    if not document_number.strip():
        raise PAPER_MISSING.because()
    check_balanced(balance_all(Cutoff(at)))
    content = content_of(row, at)
    return approvals.propose(
        kind=KIND, about=row.ref, title=_TITLE.filled(number=document_number.strip()),
        effect={"zones_named": len(content["zones"]), "counts_hidden": hidden_in(content)},
        payload={"content": content, "document_number": document_number.strip()[:60], "cutoff_at": at.isoformat()},
        permission=APPROVE_PUBLICATION, area_path=row.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def publish(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of a publication does. Refuses: response-ended."""
    row = _active(Ref(proposal.about))
    said = proposal.payload
    made = Publication.objects.create(
        ref=new_ref("publication"), response=row, cutoff_at=datetime.fromisoformat(said["cutoff_at"]),
        content=said["content"], document_number=said["document_number"], proposed_by=proposal.proposed_by,
        approved_by=by.ref, published_at=at, act=current_act(),
    )
    record(Published(made.cutoff_at, made.document_number, hidden_in(made.content)), about=made.ref)
    return Ref(made.ref)


@action
def withdraw_publication(*, reason: str, by: Actor, at: datetime) -> Ref:
    """Take back what is published: the public reads at once that it was withdrawn, and why. One person is enough.

    Who: whoever may propose publications there.   Refuses: nothing-published, reason-missing.
    Journals: PublicationWithdrawn.   Promises: what was published stays in the records.
    """
    row = queries.current()
    if row is None or hasattr(row, "withdrawal"):
        raise NOT_OUT.because()
    by.require(PROPOSE_PUBLICATION, area=row.response.area.path)
    if not reason.strip():
        raise WHY_MISSING.because()
    Withdrawal.objects.create(publication=row, reason=reason.strip()[:200], by=by.ref, happened_at=at, act=current_act())
    record(PublicationWithdrawn(reason.strip()[:200]), about=row.ref)
    return Ref(row.ref)


def _active(ref: Ref) -> Response:
    row = Response.objects.select_related("area", "plan").filter(ref=ref).first()
    if row is None:
        raise NOT_FOUND.because()
    if row.status != Response.Status.ACTIVE:
        raise ENDED.because()
    return row
