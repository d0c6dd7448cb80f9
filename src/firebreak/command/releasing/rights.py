"""Rights over the evidence for an end."""

from firebreak.kernel.permissions import declare

ATTEST = declare("releasing.attest", "登记解除依据", "State a fact about the end of a zone or response")
