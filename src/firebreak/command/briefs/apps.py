"""Registers the package with Django."""

from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "firebreak.command.briefs"
    label = "briefs"

    def ready(self) -> None:
        from firebreak.command.briefs import actions
        from firebreak.engine.approvals import kinds

        kinds.register(actions.KIND, actions.publish_brief)
