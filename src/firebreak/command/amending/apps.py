"""Registers the package with Django."""

from django.apps import AppConfig


class AmendingConfig(AppConfig):
    name = "firebreak.command.amending"
    label = "amending"

    def ready(self) -> None:
        from firebreak.command.amending import actions
        from firebreak.engine.approvals import kinds

        kinds.register(actions.KIND, actions.amend)
