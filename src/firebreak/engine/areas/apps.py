"""Registers the package with Django."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "firebreak.engine.areas"
    label = "areas"
