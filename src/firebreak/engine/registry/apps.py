"""Registers the package with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "firebreak.engine.registry"
    label = "registry"

    def ready(self) -> None:
        from firebreak.engine.registry.importing import area_lists, people

        area_lists.register()
        people.register()
