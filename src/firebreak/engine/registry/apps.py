"""Registers the package with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "firebreak.engine.registry"
    label = "registry"
