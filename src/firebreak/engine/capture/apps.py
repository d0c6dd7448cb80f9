"""Registers the package with Django, and its book with the ledgers."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "firebreak.engine.capture"
    label = "capture"

    def ready(self) -> None:
        from firebreak.engine.capture import ledger

        ledger.register()
