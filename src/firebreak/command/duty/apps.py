"""Registers the package with Django."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "firebreak.command.duty"
    label = "duty"
