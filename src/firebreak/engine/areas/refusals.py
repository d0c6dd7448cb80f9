"""Why an area is not taken."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNKNOWN_PARENT = RefusalKind(
    "unknown-parent-area",
    T("上级区域“{parent}”不存在,{code} 没有登记。请先导入上级,或改正编号。",
      "There is no area '{parent}' above {code}, which was not added. Add the upper area first, or correct its code."),
)
WRONG_LEVEL = RefusalKind(
    "wrong-area-level",
    T("{code} 是{level},不能放在{parent_level}下面,没有登记。请核对级别和上级。",
      "{code} is a {level} and cannot stand under a {parent_level}; it was not added."
      " Check the level and what is above."),
)
OTHER_PARENT = RefusalKind(
    "area-has-other-parent",
    T("{code} 已在“{parent}”下登记,没有移动。请换一个编号,或先停用原来的。",
      "{code} already stands under '{parent}' and was not moved. Use another code, or end the old one first."),
)
CODE_UNREADABLE = RefusalKind(
    "area-code-unreadable",
    T("编号“{code}”只能用字母、数字和 - _ .,最多 40 个,没有登记。请改正。",
      "The code '{code}' may hold letters, digits and - _ . only, at most 40; it was not added. Correct it."),
)
NO_GRID = RefusalKind(
    "outside-every-grid",
    T("楼栋 {code} 不在任何网格内,没有登记。请填写网格编号,或核对经纬度。",
      "Building {code} lies outside every grid and was not added. Name its grid, or check its coordinates."),
)
AREA_IN_USE = RefusalKind(
    "area-in-use",
    T("{code} 下面还有 {count} 个区域,没有停用。请先停用它们。",
      "{code} still has {count} areas below it and was not ended. End those first."),
)
UPPER_ENDED = RefusalKind(
    "upper-area-ended",
    T("{code} 的上级 {parent} 已停用,没有恢复。请先恢复上级。",
      "{parent} above {code} has ended, so {code} was not reopened. Reopen {parent} first."),
)
