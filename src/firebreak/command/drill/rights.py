"""What one may do with an exercise that is being played."""

from firebreak.kernel.permissions import declare

PLAY_DRILL = declare("drill.play", "调节演练的快慢", "Set the pace of the drill")
