"""Rights over inspections."""

from firebreak.kernel.permissions import declare

READ_INSPECTIONS = declare("inspections.read", "查看督导和问题", "See inspections and findings")
DRAW_INSPECTION = declare("inspections.draw", "抽取督导对象", "Draw what is inspected")
CHECK = declare("inspections.check", "现场督导、复查、销号", "Look on the spot, look again, close findings")
