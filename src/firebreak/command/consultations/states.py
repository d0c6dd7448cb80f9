"""Words for where a consultation stands, where its items come from and what was decided."""

from firebreak.kernel.text import T

STANDING_WORDS = {
    "called": T("已召集", "called"), "open": T("进行中", "in session"), "closed": T("已散会", "ended"),
}
ORIGIN_WORDS = {
    "carried": T("上次未议", "left over"), "book": T("账不平", "books off"), "overdue": T("逾期", "late"),
    "proposal": T("待批", "waiting for a second person"), "raised": T("提交", "raised"),
}
RESOLUTION_WORDS = {
    "order": T("下令", "order"), "measure": T("调整措施", "measure changed"), "note": T("已议,不办", "noted"),
    "carried": T("转下次", "to the next"),
}
