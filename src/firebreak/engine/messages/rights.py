"""Rights over messages."""

from firebreak.kernel.permissions import declare

READ_MESSAGES = declare("messages.read", "查看已发通知", "See messages")
SEND_MESSAGES = declare("messages.send", "发送通知、登记电话通知", "Send messages and record calls made")
