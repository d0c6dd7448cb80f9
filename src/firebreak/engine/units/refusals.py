"""What units say no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNLED_UNITS = RefusalKind(
    "unit-without-leader-post",
    T(
        "有 {n} 个单位没有且仅有一个牵头岗位:{units}。没有任何改动,请先补齐预案。",
        "{n} units do not have exactly one leader post: {units}. Nothing was changed; complete the plan first.",
    ),
)
WOULD_BE_UNLED = RefusalKind(
    "unit-would-be-unled",
    T("这是“{unit}”的牵头岗位,不能空着。没有改动;请先指定副手,或直接换成别人。",
      "This post leads '{unit}' and cannot stand empty. Nothing was changed; name a deputy first, or let somebody else"
      " hold it."),
)
HOLDER_IS_NO_DEPUTY = RefusalKind(
    "holder-is-no-deputy",
    T("责任人不能当自己的副手。没有改动,请另选一人。",
      "The holder cannot be their own deputy. Nothing was changed; choose somebody else."),
)
UNKNOWN_UNIT = RefusalKind(
    "unknown-unit",
    T("没有“{unit}”这个单位。没有任何改动。", "There is no unit '{unit}'. Nothing was changed."),
)
POST_CLOSED = RefusalKind(
    "post-closed",
    T("这个岗位已撤销。没有改动,请选别的岗位。", "This post is closed. Nothing was changed; choose another."),
)
ALREADY_HOLDER = RefusalKind(
    "already-holder",
    T("这个人已经是该岗位的责任人。没有改动。", "This person already holds the post. Nothing was changed."),
)
REASON_MISSING = RefusalKind(
    "reason-missing",
    T("请写明原因。没有改动。", "Write the reason. Nothing was changed."),
)
UNKNOWN_AREAS = RefusalKind(
    "unknown-areas",
    T(
        "区划里没有这些编码:{codes}。没有任何改动,请先导入区划。",
        "The area tree has no such codes: {codes}. Nothing was changed; import the areas first.",
    ),
)
NOT_ON_THE_ROSTER = RefusalKind(
    "not-on-the-roster",
    T("花名册上没有“{text}”。没有改动。请写花名册上的姓名或手机号,或先导入花名册。",
      "Nobody on the roster is '{text}'. Nothing was changed. Write the name or phone of the roster, or import it first."),
)
SEVERAL_ON_THE_ROSTER = RefusalKind(
    "several-on-the-roster",
    T("花名册上有 {n} 个人叫“{text}”。没有改动。请改写手机号。",
      "{n} people on the roster are called '{text}'. Nothing was changed. Write the phone number instead."),
)
NOBODY_SERVES = RefusalKind(
    "nobody-serves", T("这个单位现在没有人在岗。没有制证。", "Nobody serves at this unit now. No badge was issued."),
)
BADGE_TIME = RefusalKind(
    "badge-time",
    T("有效期要从现在起不超过 {days} 天。没有制证。",
      "A badge is good from now for at most {days} days. No badge was issued."),
)
