"""Rights over units, posts and members."""

from firebreak.kernel.permissions import declare

READ_UNITS = declare("units.read", "查看组织与岗位", "See units and posts")
WRITE_UNITS = declare("units.write", "调整组织、岗位和人员", "Change units, posts and people")
CHECK_BADGES = declare("badges.check", "验证工作证", "Check badges at a gate")
