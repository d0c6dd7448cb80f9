"""District time of the drill: 5 to 9 June 2022, written the way the story tells it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def june(day: int, clock: str) -> datetime:
    """`june(5, "14:02")`: that moment of June 2022 in district time; `24:00` is the next midnight."""
    hours, _, minutes = clock.partition(":")
    return datetime(2022, 6, day, tzinfo=ZONE) + timedelta(hours=int(hours), minutes=int(minutes))


FOUNDED = june(5, "09:00")
BEGIN = june(5, "14:00")
END = june(9, "24:00")
