"""Registers the package with Django."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "firebreak.engine.units"
    label = "units"

    def ready(self) -> None:
        from firebreak.engine.units import importing, ledger

        ledger.register()
        importing.register()
