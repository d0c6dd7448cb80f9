"""Registers the package with Django."""

from django.apps import AppConfig


class MustersConfig(AppConfig):
    name = "firebreak.command.musters"
    label = "musters"

    def ready(self) -> None:
        from firebreak.command.musters import ledger

        ledger.register()
