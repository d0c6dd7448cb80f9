"""Registers the package with Django."""

from django.apps import AppConfig


class HeadquartersConfig(AppConfig):
    name = "firebreak.command.headquarters"
    label = "headquarters"

    def ready(self) -> None:
        from firebreak.command.headquarters import ledger

        ledger.register()
