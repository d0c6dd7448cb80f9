"""Words of the register that several pages share."""

from firebreak.kernel.text import T

KINDS: dict[str, T] = {"lives": T("居住", "lives"), "works": T("工作", "works"), "passing": T("暂留", "passing")}
SEXES: dict[int, T] = {0: T("未知", "unknown"), 1: T("男", "male"), 2: T("女", "female"), 9: T("未说明", "not stated")}
FIELDS: dict[str, T] = {
    "name": T("姓名", "name"), "number": T("证件号", "papers"), "phone": T("电话", "phone"),
    "needs": T("特殊需求", "needs"),
}
NEEDS: dict[str, T] = {
    "dialysis": T("透析", "on dialysis"), "pregnant": T("孕产妇", "pregnant"), "alone_old": T("独居老人", "old, alone"),
    "minor": T("未成年", "minor"), "disabled": T("残疾", "disabled"), "infant": T("婴儿", "infant"),
    "limited_mobility": T("行动不便", "cannot walk far"), "psychiatric": T("精神障碍", "psychiatric care"),
    "chronic": T("慢性病", "chronic illness"), "no_phone": T("没有手机", "no phone"),
    "isolated": T("隔离中", "in isolation"),
}
PAGES: dict[str, T] = {
    "person": T("个人页", "person's page"), "household": T("户页", "household page"), "find": T("查找", "search"),
    "unmask": T("看全", "shown in full"), "roster": T("名册", "roster"),
    "missing": T("未采名单", "list of the missing"), "tube": T("采样管页", "tube page"), "pool": T("阳性混管页", "positive pool"),
    "round-doors": T("轮次的门牌页", "doors of a round"), "round-person": T("轮次的个人页", "person in a round"),
    "call-tree": T("电话树", "call tree"), "import-returned": T("导入退回的行", "rows returned by an import"),
    "duplicates": T("疑似重复登记", "entries that may be one person"),
}
TOLD = {"alert": T("划定", "set"), "update": T("更新", "update"), "all_clear": T("解除", "all clear")}
"""What an alert about a zone says, by its kind."""
