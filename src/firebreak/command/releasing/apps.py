"""Registers the package with Django."""

from django.apps import AppConfig


class ReleasingConfig(AppConfig):
    name = "firebreak.command.releasing"
    label = "releasing"
