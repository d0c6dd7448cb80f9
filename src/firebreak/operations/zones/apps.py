"""Registers the package with Django."""

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    name = "firebreak.operations.zones"
    label = "zones"

    def ready(self) -> None:
        from firebreak.operations.zones import ledger

        ledger.register()
