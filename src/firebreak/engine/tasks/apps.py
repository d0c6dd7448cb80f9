"""Registers the package with Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "firebreak.engine.tasks"
    label = "tasks"

    def ready(self) -> None:
        from firebreak.engine.tasks import ledger

        ledger.register()
