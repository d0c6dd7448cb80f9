"""Words of the register that several pages share."""

from firebreak.kernel.text import T

KINDS: dict[str, T] = {"lives": T("居住", "lives"), "works": T("工作", "works"), "passing": T("暂留", "passing")}
SEXES: dict[int, T] = {0: T("未知", "unknown"), 1: T("男", "male"), 2: T("女", "female"), 9: T("未说明", "not stated")}
FIELDS: dict[str, T] = {
    "name": T("姓名", "name"), "number": T("证件号", "papers"), "phone": T("电话", "phone"),
    "needs": T("特殊需求", "needs"),
}
PAGES: dict[str, T] = {
    "person": T("个人页", "person's page"), "household": T("户页", "household page"), "find": T("查找", "search"),
    "unmask": T("看全", "shown in full"), "roster": T("名册", "roster"),
    "missing": T("未采名单", "list of the missing"),
}
