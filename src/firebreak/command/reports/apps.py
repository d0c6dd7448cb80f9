"""Registers the package with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "firebreak.command.reports"
    label = "reports"
