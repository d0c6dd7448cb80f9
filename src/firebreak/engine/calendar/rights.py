"""Rights over the calendar."""

from firebreak.kernel.permissions import declare

READ_CALENDAR = declare("calendar.read", "查看日历", "See the calendar")
KEEP_CALENDAR = declare("calendar.keep", "登记假日", "Enter holidays")
