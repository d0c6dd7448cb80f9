"""Why access says no."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NAME_TAKEN = RefusalKind(
    "name-taken", T("用户名“{username}”已有人用。请换一个。", "The user name '{username}' is taken. Choose another."),
)
BAD_USERNAME = RefusalKind(
    "bad-username",
    T(
        "用户名要 2 到 60 个字,只用字母、数字、汉字、点、横线。",
        "A user name has 2 to 60 letters, digits, Chinese characters, dots or dashes.",
    ),
)
NO_NAME = RefusalKind("no-name", T("请填姓名。", "Give the person's name."))
LINE_WRONG = RefusalKind(
    "line-wrong", T("第 {number} 行:{why} 一个账号也没有开。", "Line {number}: {why} No account was opened."),
)
MEMBER_HAS_ACCOUNT = RefusalKind(
    "member-has-account",
    T(
        "花名册上的这个人已有账号“{username}”。没有改动。一个人只用一个账号。",
        "This person of the roster has the account '{username}' already. Nothing was changed. One person, one account.",
    ),
)
NO_SUCH_ROLE = RefusalKind("no-such-role", T("没有“{role}”这个岗位。", "There is no role '{role}'."))
ROLES_APART = RefusalKind(
    "roles-apart",
    T(
        "系统、安全、审计三个管理岗必须分开:此人已任“{held}”,不能再任“{asked}”。",
        "System, security and audit administration stay apart: this person is {held} and cannot also be {asked}.",
    ),
)
NOT_TO_YOURSELF = RefusalKind(
    "not-to-yourself", T(
        "不能给自己授权或停用自己。请另一位管理员来办。",
        "Nobody grants to or disables themselves. Ask another administrator.",
    ),
)
ENDS_BEFORE = RefusalKind(
    "ends-before-it-begins", T("结束时间要晚于开始时间。", "The end must be later than the beginning."),
)
GRANT_IS_OVER = RefusalKind("grant-is-over", T("这项授权已经结束。", "This grant has already ended."))
ACCOUNT_DISABLED = RefusalKind(
    "account-disabled", T("这个账号已停用。先启用,再办此事。", "This account is disabled. Enable it first."),
)
SLIP_NOT_VALID = RefusalKind(
    "slip-not-valid",
    T(
        "用户名和邀请码对不上,或邀请条已用过、已过期。核对后再试;不行就请系统管理员重打一张。",
        "User name and code do not fit, or the slip was used or has expired. Check them; otherwise ask for a new slip.",
    ),
)
WEAK_PASSWORD = RefusalKind("weak-password", T("密码不够好:{why_zh}", "The password is not good enough: {why_en}"))
PASSWORDS_DIFFER = RefusalKind("passwords-differ", T("两次输入的密码不一样。", "The two passwords differ."))
WRONG_PASSWORD = RefusalKind("wrong-password", T(
    "现在的密码不对。没有改动。",
    "The present password is not right. Nothing was changed.",
))
WRONG_CODE = RefusalKind(
    "wrong-code",
    T(
        "验证码不对或已用过。等手机上出现下一个六位数再填。",
        "The code is wrong or was used. Wait for the next six digits on the phone.",
    ),
)
NO_REASON = RefusalKind("no-reason", T("请写明理由(至少 4 个字)。", "Give a reason (at least 4 characters)."))
NO_SUCH_FIELD = RefusalKind("no-such-field", T("没有这一项可看。", "There is no such field to show."))
