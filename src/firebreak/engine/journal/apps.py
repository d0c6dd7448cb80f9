"""Registers the package with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "firebreak.engine.journal"
    label = "journal"
