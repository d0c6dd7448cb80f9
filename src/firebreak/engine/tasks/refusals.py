"""What tasks say no to."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

TASK_ENDED = RefusalKind(
    "task-ended",
    T("这项任务已办结。没有改动,请刷新查看。", "This task has ended. Nothing was changed; refresh to see."),
)
TASK_NOT_ENDED = RefusalKind(
    "task-not-ended",
    T(
        "有 {n} 项任务还没有办结,不能重开。没有改动。",
        "{n} tasks have not ended and cannot be reopened. Nothing was changed.",
    ),
)
ALREADY_ACCEPTED = RefusalKind(
    "already-accepted",
    T("这项任务已有人接单。没有改动。", "This task has been taken on already. Nothing was changed."),
)
ENDS_ELSEWHERE = RefusalKind(
    "ends-elsewhere",
    T(
        "这项任务随它的事情办结(指令、楼栋、待查记录),不能单独勾掉。没有改动,请在那里办理。",
        "This task ends with its matter (an order, a building, a report set aside), not by a tick. Nothing was "
        "changed; settle it there.",
    ),
)
POST_CLOSED = RefusalKind(
    "post-closed",
    T(
        "这个岗位已撤销,不能接任务。没有改动,请选别的岗位。",
        "That post is closed and cannot own a task. Nothing was changed; choose another.",
    ),
)
REASON_MISSING = RefusalKind("reason-missing", T("请写明原因。没有改动。", "Write the reason. Nothing was changed."))
DUPLICATE_TASK = RefusalKind(
    "duplicate-task",
    T("这件事已有任务({about})。没有改动。", "This matter has its task already ({about}). Nothing was changed."),
)
NOT_YOURS = RefusalKind(
    "not-your-task",
    T(
        "这项任务归“{post}”负责。没有改动;需要时请指派给您的岗位。",
        "This task belongs to '{post}'. Nothing was changed; have it assigned to your post.",
    ),
)
