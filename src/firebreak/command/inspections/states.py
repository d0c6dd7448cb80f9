"""Words for what is drawn, what was seen and where a finding stands."""

from firebreak.kernel.text import T

DRAWN_WORDS = {
    "site": T("采样点", "sampling site"), "post": T("岗位", "post"), "building": T("楼栋", "building"),
    "household": T("户门", "door"), "tube": T("采样管", "tube"),
}
LOOK_WORDS = {"fine": T("符合", "as it should be"), "faulty": T("有问题", "faulty"), "excused": T("没看成", "not seen")}
STEP_WORDS = {
    "corrected": T("已报整改", "reported corrected"), "again": T("复查不符,再次交办", "looked at again: not so"),
    "closed": T("复查符合,销号", "looked at again: closed"), "withdrawn": T("撤回", "withdrawn"),
}
STANDING_WORDS = {
    "correcting": T("整改中", "being corrected"), "recheck": T("待复查", "to be looked at again"),
    "closed": T("已销号", "closed"), "withdrawn": T("已撤回", "withdrawn"), "fallen": T("随响应结束", "fell with the response"),
}
