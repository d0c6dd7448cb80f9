"""Registers the package with Django."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "firebreak.engine.ledgers"
    label = "ledgers"
