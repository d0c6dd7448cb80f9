"""Registers the package with Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "firebreak.command.publishing"
    label = "publishing"

    def ready(self) -> None:
        from firebreak.command.publishing import actions
        from firebreak.engine.approvals import kinds

        kinds.register(actions.KIND, actions.publish)
