"""Rights over weather."""

from firebreak.kernel.permissions import declare

READ_WEATHER = declare("weather.read", "查看天气", "See the weather")
NOTE_WEATHER = declare("weather.note", "登记天气", "Enter the weather")
