"""Rights over news briefs."""

from firebreak.kernel.permissions import declare

WRITE_BRIEFS = declare("briefs.write", "写、改新闻简报", "Write and edit news briefs")
APPROVE_BRIEFS = declare("briefs.approve", "批准新闻简报", "Approve news briefs")
