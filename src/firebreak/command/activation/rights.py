"""Rights over signals and activation."""

from firebreak.kernel.permissions import declare

READ_ACTIVATION = declare("activation.read", "查看预警与启动", "See signals and activation")
TAKE_SIGNALS = declare("signals.take", "登记预警", "Take signals")
JUDGE_SIGNALS = declare("signals.judge", "核定或排除预警", "Confirm or overturn signals")
PROPOSE_ACTIVATION = declare("activation.propose", "提请启动预案", "Propose activation")
APPROVE_ACTIVATION = declare("activation.approve", "批准启动预案", "Approve activation")
