"""Registers the package with Django, and lets every package enter its section of plan packs from its `plan`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlansConfig(AppConfig):
    name = "firebreak.engine.plans"
    label = "plans"

    def ready(self) -> None:
        autodiscover_modules("plan")
