"""Words for the states of a proposal."""

from firebreak.engine.approvals.models import Proposal
from firebreak.kernel.text import T

STATUS_WORDS = {
    Proposal.Status.PENDING.value: T("待批", "waiting"),
    Proposal.Status.SOLE.value: T("一人先行,待第二人确认", "done on one word, second person due"),
    Proposal.Status.APPROVED.value: T("已批准", "approved"),
    Proposal.Status.REFUSED.value: T("不同意", "refused"),
    Proposal.Status.WITHDRAWN.value: T("已撤回", "withdrawn"),
    Proposal.Status.EXPIRED.value: T("已过期", "expired"),
}
