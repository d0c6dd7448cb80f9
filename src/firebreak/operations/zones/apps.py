"""Registers the package with Django."""

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    name = "firebreak.operations.zones"
    label = "zones"

    def ready(self) -> None:
        from firebreak.engine.approvals import kinds
        from firebreak.operations.zones import actions, ledger

        kinds.register("zone", actions.execute_zone, give_up=actions.give_up_zone)
        kinds.register("zone-release", actions.execute_release)
        ledger.register()
