"""Why capture says no: to a whole batch (raised), or to one event of it (answered, and the event is set aside)."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

UNREADABLE = RefusalKind(
    "envelope-unreadable",
    T("没有看懂这一批记录({why}),什么都没有收下。记录还在手机上,请更新程序后再传。",
      "This batch could not be read ({why}); nothing was taken. The events are still on the phone: update and resend."),
)
TOO_MANY = RefusalKind(
    "too-many-events",
    T("一批最多 {most} 条,这一批有 {n} 条,什么都没有收下。请分批再传。",
      "A batch holds at most {most} events, this one {n}; nothing was taken. Send it in parts."),
)
UNKNOWN_DEVICE = RefusalKind(
    "unknown-device",
    T("没有登记过这台设备,什么都没有收下。记录还在手机上,请找采样点长登记设备。",
      "This device is not enrolled; nothing was taken. The events are still on it: ask the site lead to enrol it."),
)
DEVICE_REVOKED = RefusalKind(
    "device-revoked",
    T("这台设备已停用,什么都没有收下。记录还在手机上,请交给采样点长。",
      "This device was revoked; nothing was taken. The events are still on it: hand it to the site lead."),
)
UNKNOWN_ACCOUNT = RefusalKind(
    "unknown-account",
    T("没有这个账号,没有登记设备。请核对。", "There is no such account; no device was enrolled. Check it."),
)
ACCOUNT_WITHOUT_SENDING = RefusalKind(
    "account-may-not-send",
    T("{name} 现在没有能上传记录的岗位,没有登记设备。请安全管理员先授岗位(例如采样员),再登记。",
      "{name} holds no role that reports by phone; no device was enrolled. Have the security administrator give one "
      "first, such as sampler."),
)
MALFORMED = RefusalKind(
    "malformed-event",
    T("这条记录缺项或格式不对({where}),已原样留存,由专人处理。",
      "This event is incomplete or misshapen ({where}). It is kept whole and somebody will settle it."),
)
UNKNOWN_TYPE = RefusalKind(
    "unknown-type",
    T("服务器还不认识“{type}”这种记录,已原样留存,由专人处理。",
      "The server does not know events of type '{type}' yet. It is kept whole and somebody will settle it."),
)
OTHER_BYTES = RefusalKind(
    "other-bytes",
    T("同一编号的记录先前已收到,内容不同。两份都已留存,由专人处理。",
      "An event with this id was received before with other content. Both are kept; somebody will settle it."),
)
NUMBER_USED = RefusalKind(
    "number-used",
    T("设备的第 {sequence} 号已经是另一条记录。这一条已留存,由专人处理。",
      "The device's number {sequence} already belongs to another event. This one is kept; somebody will settle it."),
)
NO_RIGHT = RefusalKind(
    "author-not-permitted",
    T("记录人在当时当地没有这项权限。记录已留存,由专人处理。",
      "Whoever made this event did not hold the right there and then. It is kept; somebody will settle it."),
)
REASON_MISSING = RefusalKind(
    "reason-missing",
    T("请写明理由。没有改动。", "Give a reason. Nothing was changed."),
)
ALREADY_SETTLED = RefusalKind(
    "already-settled",
    T("这一条已经处理过,没有改动。请刷新查看。", "This was settled already; nothing was changed. Refresh to see."),
)
NEEDS_NAME = RefusalKind(
    "needs-a-named-person",
    T("宣告丢失须由具名的人作出,不能由程序作出。",
      "Only a named person may declare events lost, never the program."),
)
OUTBOX_UNREADABLE = RefusalKind(
    "outbox-unreadable",
    T("这不是手机导出的待上传文件,一条也没有收。请在手机上重新导出。",
      "This is no file of a phone's outbox; nothing was taken. Export it again on the phone."),
)
OUTBOX_OF_OTHERS = RefusalKind(
    "outbox-not-of-device",
    T("文件不是“{device}”写的,或被改过,一条也没有收。请选对设备再导入。",
      "The file was not written by '{device}', or was changed; nothing was taken. Choose the right device."),
)
