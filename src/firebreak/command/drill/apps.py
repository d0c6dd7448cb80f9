"""Registers the package with Django."""

from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "firebreak.command.drill"
    label = "drill"
