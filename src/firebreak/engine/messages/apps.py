"""Registers the package with Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "firebreak.engine.messages"
    label = "outbox"

    def ready(self) -> None:
        from firebreak.engine.messages import ledger

        ledger.register()
