"""Rights over accounts, grants and the record of who looked at whom."""

from firebreak.kernel.permissions import declare

READ_ACCOUNTS = declare("accounts.read", "查看账号", "See accounts")
WRITE_ACCOUNTS = declare("accounts.write", "开停账号,发邀请条", "Open and disable accounts, print invitation slips")
WRITE_GRANTS = declare("grants.write", "授予、收回岗位权限", "Give and take back roles")
READ_LOOKS = declare("looks.read", "查看谁看过某人的资料", "See who looked at a person's data")
