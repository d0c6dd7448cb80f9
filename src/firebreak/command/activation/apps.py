"""Registers the package with Django."""

from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "firebreak.command.activation"
    label = "activation"

    def ready(self) -> None:
        from firebreak.command.activation import actions, activating, asking, ledger
        from firebreak.engine.approvals import kinds

        ledger.register()
        kinds.register(actions.KIND, activating.activate, activating.stand_down, asking.stop_asking)
