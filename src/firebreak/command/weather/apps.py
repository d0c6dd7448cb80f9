"""Registers the package with Django."""

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    name = "firebreak.command.weather"
    label = "weather"
