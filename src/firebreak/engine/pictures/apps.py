"""Registers the package with Django."""

from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "firebreak.engine.pictures"
    label = "pictures"
