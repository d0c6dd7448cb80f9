"""Registers the package with Django."""

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "firebreak.surfaces.field"
    label = "field"
