"""Rights over proposals. What a proposal needs to be approved is named by its domain."""

from firebreak.kernel.permissions import declare

READ_APPROVALS = declare("approvals.read", "查看待批事项", "See what waits for a second person")
DECIDE_APPROVALS = declare(
    "approvals.decide", "批准、退回、撤回待批事项", "Approve, refuse or withdraw what waits for a second person"
)
