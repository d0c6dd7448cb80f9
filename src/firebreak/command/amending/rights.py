"""Rights over amendments."""

from firebreak.kernel.permissions import declare

PROPOSE_AMENDMENT = declare("plans.amend", "提请修订预案", "Propose an amendment of the plan")
APPROVE_AMENDMENT = declare("plans.approve", "批准修订预案", "Approve an amendment of the plan")
