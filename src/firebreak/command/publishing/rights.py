"""Rights over what the public reads."""

from firebreak.kernel.permissions import declare

PROPOSE_PUBLICATION = declare("public.propose", "提请对外公布、撤回公布", "Propose what is published; withdraw it")
APPROVE_PUBLICATION = declare("public.approve", "批准对外公布", "Approve what is published")
