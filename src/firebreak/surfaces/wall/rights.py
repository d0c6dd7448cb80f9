"""Rights over this surface."""

from firebreak.kernel.permissions import declare

READ_WALL = declare("wall.read", "查看大屏", "See the wall")
