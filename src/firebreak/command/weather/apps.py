"""Registers the package with Django."""

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    name = "firebreak.command.weather"
    label = "weather"

    def ready(self) -> None:
        from firebreak.command.weather import rights  # noqa: F401  its rights are known before anybody holds them
