"""Rights over the duty desk."""

from firebreak.kernel.permissions import declare

READ_DUTY = declare("duty.read", "查看值班日志和交接单", "See the duty log and hand-over sheets")
KEEP_DUTY = declare("duty.keep", "记值班日志、交班、接班", "Keep the duty log, hand the desk over and take it")
