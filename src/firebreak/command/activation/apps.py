"""Registers the package with Django."""

from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "firebreak.command.activation"
    label = "activation"

    def ready(self) -> None:
        from firebreak.command.activation import actions, activating, asking, ledger, queries
        from firebreak.engine.approvals import kinds
        from firebreak.engine.plans.queries import register_followed

        ledger.register()
        register_followed(queries.followed_plan)
        kinds.register(actions.KIND, activating.activate, activating.stand_down, asking.stop_asking)
