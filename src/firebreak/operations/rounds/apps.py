"""Registers the package with Django."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "firebreak.operations.rounds"
    label = "rounds"
