"""Rights over this surface."""

from firebreak.kernel.permissions import declare

READ_HQ = declare("hq.read", "查看指挥部页面", "See the headquarters page")
