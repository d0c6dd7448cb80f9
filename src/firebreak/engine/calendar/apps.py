"""Registers the package with Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "firebreak.engine.calendar"
    label = "calendar"

    def ready(self) -> None:
        from firebreak.engine.calendar import rights  # noqa: F401  its rights are known before anybody holds them
