"""Registers the package with Django, its events with capture, its books with the ledgers."""

from django.apps import AppConfig


class LaboratoryConfig(AppConfig):
    name = "firebreak.operations.laboratory"
    label = "laboratory"

    def ready(self) -> None:
        from firebreak.engine.approvals import kinds
        from firebreak.operations.laboratory import actions, capturing, ledger, plan  # noqa: F401  plan enters its section

        capturing.register_types()
        ledger.register()
        kinds.register(actions.KEYED, actions.count_keyed)
