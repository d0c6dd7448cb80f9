"""What one may do with the area tree."""

from firebreak.kernel.permissions import declare

AREAS_READ = declare("areas.read", "查看区域和楼栋", "See areas and buildings")
AREAS_WRITE = declare("areas.write", "增加和修改区域、楼栋", "Add and change areas and buildings")
