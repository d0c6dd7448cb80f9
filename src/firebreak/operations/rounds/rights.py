"""Rights over testing rounds."""

from firebreak.kernel.permissions import declare

READ_ROUNDS = declare("rounds.read", "查看轮次和采样进度", "See rounds and their coverage")
OPEN_ROUND = declare("rounds.open", "开启轮次,登记采样点", "Open rounds and enter sampling sites")
RECORD_ROUND = declare("rounds.record", "采样、入户登记", "Scan samples and record visits")
DECIDE_ROUND = declare("rounds.decide", "决定豁免、迁出、死亡、拒检结案", "Decide who is excused, moved, dead or refuses")
CLOSE_ROUND = declare("rounds.close", "关闭轮次", "Close a round")
PRINT_ROUND = declare("rounds.print", "打印名册和漏采名单", "Print rosters and lists of the missing")
