"""Rights over proposals. What a proposal needs to be approved is named by its domain."""

from firebreak.kernel.permissions import declare

READ_APPROVALS = declare("approvals.read", "查看待批事项", "See what waits for a second person")
