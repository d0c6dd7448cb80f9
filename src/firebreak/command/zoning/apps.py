"""Registers the package with Django."""

from django.apps import AppConfig


class ZoningConfig(AppConfig):
    name = "firebreak.command.zoning"
    label = "zoning"

    def ready(self) -> None:
        from firebreak.command.zoning import actions
        from firebreak.engine.approvals import kinds
        from firebreak.operations.zones.actions import give_up_zone

        kinds.register(actions.ZONE, actions.put_in_force, give_up=give_up_zone)
        kinds.register(actions.RELEASE, actions.release)
