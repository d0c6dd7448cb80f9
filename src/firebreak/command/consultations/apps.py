"""Registers the package with Django."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "firebreak.command.consultations"
    label = "consultations"

    def ready(self) -> None:
        from firebreak.command.consultations import ledger

        ledger.register()
