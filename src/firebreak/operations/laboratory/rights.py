"""Rights over specimens and results."""

from firebreak.kernel.permissions import declare

READ_SPECIMENS = declare("specimens.read", "查看标本在谁手里", "See who holds which specimen")
CARRY_SPECIMENS = declare("specimens.carry", "打包、交接标本", "Pack and hand over specimens")
DECLARE_MISSING = declare("specimens.missing", "认定标本缺失", "Declare a specimen missing")
PLANT_CONTROLS = declare("specimens.controls", "投放盲样,查看盲样", "Plant blind controls and see them")
ISSUE_LABELS = declare("specimens.labels", "印采样管和袋的标签", "Print labels for tubes and bags")
WRITE_LABORATORIES = declare("laboratories.write", "登记检测机构", "Enter laboratories")
TAKE_RESULTS = declare("results.take", "接收检测结果", "Take in results")
CONFIRM_RESULTS = declare("results.confirm", "复核手工录入的阳性", "Confirm positives typed by hand")
READ_RESULTS = declare("results.read", "查看检测结果", "See results")
