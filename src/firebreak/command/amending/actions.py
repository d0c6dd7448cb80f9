"""Writes of amending: asking for it with the dry run beside it, and following the other plan."""

from datetime import datetime, timedelta

from firebreak.command.activation.models import PlanChange, Response
from firebreak.command.amending.dryrun import DryRun, dry_run
from firebreak.command.amending.events import PlanAmended
from firebreak.command.amending.refusals import ENDED, ORPHANS, OTHER_DISEASE, PAPER_MISSING, SAME_PLAN
from firebreak.command.amending.rights import APPROVE_AMENDMENT, PROPOSE_AMENDMENT
from firebreak.engine.approvals import actions as approvals
from firebreak.engine.approvals.models import Proposal
from firebreak.engine.journal.acting import action, current_act, record
from firebreak.engine.plans.models import AdoptedPlan
from firebreak.engine.plans.queries import adopted, adopted_plan
from firebreak.kernel.actor import Actor
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import NOT_FOUND
from firebreak.kernel.text import T

KIND = "amendment"
LIFE = timedelta(hours=12)
_TITLE = T("预案由第 {before} 版改为第 {after} 版", "Plan from edition {before} to {after}")


@action
def propose_amendment(
    *, response: Ref, plan: Ref, document_number: str, reason: str, by: Actor, at: datetime
) -> Ref:
    """Ask a second person to let the response follow another adopted plan; what it changes stands beside it.

    Who: commander, deputy.
    Refuses: amendment-paper-missing, same-plan, other-disease, amendment-orphans, response-ended, not-found,
    already-pending.   Journals: ProposalMade.   Promises: nothing open loses the rule it stands on.
    """
    row = _active(response)
    by.require(PROPOSE_AMENDMENT, area=row.area.path)
    if not (document_number.strip() and reason.strip()):
        raise PAPER_MISSING.because()
    wanted = adopted_plan(plan)
    run = check(row, wanted, at)
    return approvals.propose(
        kind=KIND, about=row.ref, title=_TITLE.filled(before=row.plan.edition, after=wanted.edition),
        effect={"values": len(run.differences), "judged_anew": len(run.changed)},
        payload={"plan": plan, "document_number": document_number.strip()[:60], "reason": reason.strip()[:400]},
        permission=APPROVE_AMENDMENT, area_path=row.area.path, expires_at=at + LIFE, by=by, at=at,
    )


def amend(proposal: Proposal, by: Actor, at: datetime) -> Ref:
    """What the approval of an amendment does. Refuses: as the proposal, by what is open now."""
    row = _active(Ref(proposal.about))
    before, after = row.plan, adopted_plan(proposal.payload["plan"])
    run = check(row, after, at)
    PlanChange.objects.create(
        response=row, before=before, after=after, document_number=proposal.payload["document_number"],
        reason=proposal.payload["reason"], proposed_by=proposal.proposed_by, approved_by=by.ref, happened_at=at,
        act=current_act(),
    )
    row.plan = after
    row.save(update_fields=["plan"])
    record(
        PlanAmended(
            before.ref, after.ref, after.edition, proposal.payload["document_number"], len(run.differences),
            len(run.changed),
        ),
        about=row.ref,
    )
    return Ref(row.ref)


def check(response: Response, plan: AdoptedPlan, at: datetime) -> DryRun:
    """The dry run of an amendment. Errors: refuses `same-plan`, `other-disease`, `amendment-orphans`."""
    if response.plan.pk == plan.pk:
        raise SAME_PLAN.because()
    old, new = adopted(response.plan.ref).meta, adopted(plan.ref).meta
    if old.agent_code.value != new.agent_code.value:
        raise OTHER_DISEASE.because(
            other=T(new.disease_zh, new.disease_en), disease=T(old.disease_zh, old.disease_en)
        )
    run = dry_run(response, plan, at)
    if run.orphans:
        raise ORPHANS.because(what=T("、".join(one.zh for one in run.orphans), ", ".join(one.en for one in run.orphans)))
    return run


def _active(ref: Ref) -> Response:
    row = (
        Response.objects.select_for_update(of=("self",)).select_related("area", "plan", "signal").filter(ref=ref).first()
    )
    if row is None:
        raise NOT_FOUND.because()
    if row.status != Response.Status.ACTIVE:
        raise ENDED.because()
    return row
