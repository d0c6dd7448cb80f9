"""What weather says no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNKNOWN_MEASURE = RefusalKind(
    "unknown-measure", T("没有这种天气要素。没有登记。", "There is no such measure. Nothing was entered.")
)
NO_SOURCE = RefusalKind("no-source", T("请写明数据来源。没有登记。", "Write where the value comes from. Nothing was entered."))
NOT_YET = RefusalKind(
    "observed-later",
    T("观测时间还没有到。没有登记;预报请写成发布时的实况。",
      "That moment has not come. Nothing was entered; enter what is observed, not what is forecast."),
)
IMPOSSIBLE = RefusalKind(
    "impossible-weather",
    T("{measure}不可能是 {value}:应在 {low} 到 {high} 之间。没有登记。",
      "{measure} cannot be {value}: it lies between {low} and {high}. Nothing was entered."),
)
NO_LINES = RefusalKind("no-lines", T("一行也没有。没有登记。", "There is no line. Nothing was entered."))
TOO_MANY_LINES = RefusalKind(
    "too-many-lines",
    T("有 {n} 行,一次最多 {most} 行。没有登记;请分次导入。",
      "There are {n} lines; at most {most} come in at once. Nothing was entered; import them in parts."),
)
LINE_UNREADABLE = RefusalKind(
    "weather-line-unreadable",
    T("看不懂“{line}”。每行写:日期 时间 要素 数值,如 2022-06-08 11:00 气温 33.4。",
      "Cannot read '{line}'. Write date, time, measure and value, such as 2022-06-08 11:00 temperature 33.4."),
)
