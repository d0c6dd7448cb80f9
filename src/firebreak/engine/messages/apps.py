"""Registers the package with Django."""

from importlib import import_module

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "firebreak.engine.messages"
    label = "outbox"

    def ready(self) -> None:
        from firebreak.engine.messages import ledger

        ledger.register()
        import_module(f"{self.name}.plan")  # enters its section of plan packs
