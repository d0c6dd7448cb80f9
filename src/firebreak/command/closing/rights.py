"""Rights over the end of a response."""

from firebreak.kernel.permissions import declare

READ_CLOSING = declare("closing.read", "查看降级、解除和删除证明", "See levels, closing and erasure certificates")
PROPOSE_CLOSING = declare("closing.propose", "提请降级、解除响应", "Propose a level or the closing of a response")
APPROVE_CLOSING = declare("closing.approve", "批准降级、解除响应", "Approve a level or the closing of a response")
