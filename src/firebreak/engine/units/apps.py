"""Registers the package with Django."""

from importlib import import_module

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "firebreak.engine.units"
    label = "units"

    def ready(self) -> None:
        from firebreak.engine.units import ledger

        ledger.register()
        import_module(f"{self.name}.plan")  # enters its section of plan packs
