"""Words for the states of a message."""

from firebreak.engine.messages.models import Message
from firebreak.kernel.text import T

STATUS_WORDS = {
    Message.Status.QUEUED.value: T("待发", "waiting"),
    Message.Status.SENDING.value: T("正在发", "being sent"),
    Message.Status.SENT.value: T("已发出", "sent"),
    Message.Status.DELIVERED.value: T("已告知", "told"),
    Message.Status.FAILED.value: T("未送达", "not delivered"),
    Message.Status.UNKNOWN.value: T("结果不明,将重发", "fate unknown, sent again"),
    Message.Status.WITHDRAWN.value: T("已撤回", "withdrawn"),
}
