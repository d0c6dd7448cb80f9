"""Registers the package with Django."""

from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "firebreak.surfaces.wall"
    label = "wall"
