"""Registers the package with Django."""

from django.apps import AppConfig


class PositivesConfig(AppConfig):
    name = "firebreak.command.positives"
    label = "positives"

    def ready(self) -> None:
        from firebreak.command.positives import ledger, plan  # noqa: F401  plan enters its section

        ledger.register()
