"""Registers the package with Django."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "firebreak.surfaces.common"
    label = "common"

    def ready(self) -> None:
        from firebreak.surfaces.common import checks  # noqa: F401  registers itself
