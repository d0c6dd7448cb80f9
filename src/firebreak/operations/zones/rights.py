"""Rights over zones."""

from firebreak.kernel.permissions import declare

READ_ZONES = declare("zones.read", "查看分区", "See zones")
PROPOSE_ZONE = declare("zones.propose", "提出划定或解除分区", "Propose or release a zone")
APPROVE_ZONE = declare("zones.approve", "批准分区", "Approve a zone")
