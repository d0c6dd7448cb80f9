"""Registers the package with Django, and its section with the plan packs."""

from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "firebreak.engine.registry"
    label = "registry"

    def ready(self) -> None:
        import_module(f"{self.name}.plan")  # enters its section of plan packs
