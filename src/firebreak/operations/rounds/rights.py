"""Rights over rounds."""

from firebreak.kernel.permissions import declare

READ_ROUND = declare("rounds.read", "查看轮次", "See rounds")
OPEN_ROUND = declare("rounds.open", "开轮次", "Open a round")
RECORD_ROUND = declare("rounds.record", "登记采样与走访", "Record samples and visits")
DECIDE_ROUND = declare("rounds.decide", "决定豁免等去向", "Decide who is excused")
CLOSE_ROUND = declare("rounds.close", "关闭轮次", "Close a round")
PRINT_ROUND = declare("rounds.print", "打印名单", "Print rosters")
