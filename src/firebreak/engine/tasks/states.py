"""Words for the states and ends of a task."""

from firebreak.engine.tasks.models import Task
from firebreak.kernel.text import T

STATUS_WORDS = {
    Task.Status.OPEN.value: T("待接", "not yet taken on"),
    Task.Status.ACCEPTED.value: T("已接单", "taken on"),
    Task.Status.ENDED.value: T("已办结", "ended"),
}
OUTCOME_WORDS = {
    Task.Outcome.DONE.value: T("办结", "done"),
    Task.Outcome.REFUSED.value: T("退单", "refused"),
    Task.Outcome.CANCELLED.value: T("取消", "cancelled"),
    Task.Outcome.HANDED_OVER.value: T("移交", "handed over"),
}
