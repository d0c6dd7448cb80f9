"""Rights over capture."""

from firebreak.kernel.permissions import declare

SEND = declare("capture.send", "用登记过的设备上传记录", "Send records from an enrolled device")
ENROL = declare("capture.enrol", "登记、停用设备", "Enrol and revoke devices")
RESOLVE = declare("capture.resolve", "处理未入账记录,宣告丢失", "Settle events set aside, declare events lost")
