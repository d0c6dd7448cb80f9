"""Registers the package with Django, and its section with the plan packs."""

from importlib import import_module

from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "firebreak.command.activation"
    label = "activation"

    def ready(self) -> None:
        import_module(f"{self.name}.plan")  # enters its section of plan packs
