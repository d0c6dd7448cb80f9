"""What the calendar says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

DAYS_BACKWARDS = RefusalKind(
    "days-backwards",
    T("最后一天早于第一天。没有登记。", "The last day is before the first. Nothing was entered."),
)
TOO_MANY_DAYS = RefusalKind(
    "too-many-days",
    T("一次最多登记 {most} 天。没有登记;请分次登记。",
      "At most {most} days are entered at once. Nothing was entered; enter them in parts."),
)
DAYS_UNNAMED = RefusalKind(
    "days-unnamed",
    T("请写明名称和依据的通知。没有登记。", "Give a name and the announcement it rests on. Nothing was entered."),
)
