"""Registers the package with Django."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "firebreak.command.closing"
    label = "closing"

    def ready(self) -> None:
        from firebreak.command.closing import actions, ledger
        from firebreak.engine.approvals import kinds

        ledger.register()
        kinds.register(actions.LEVEL, actions.set_level)
        kinds.register(actions.CLOSING, actions.close)
