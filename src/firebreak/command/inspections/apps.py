"""Registers the package with Django."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "firebreak.command.inspections"
    label = "inspections"

    def ready(self) -> None:
        from firebreak.command.inspections import ledger

        ledger.register()
