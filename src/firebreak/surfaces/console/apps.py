"""Registers the package with Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "firebreak.surfaces.console"
    label = "console"
