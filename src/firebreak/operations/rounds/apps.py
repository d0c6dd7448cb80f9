"""Registers the package with Django, its events with capture, its book with the ledgers."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "firebreak.operations.rounds"
    label = "rounds"

    def ready(self) -> None:
        from firebreak.operations.rounds import capturing, figures, ledger

        capturing.register_types()
        ledger.register()
        figures.register()
