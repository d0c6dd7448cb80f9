"""Registers the package with Django."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "firebreak.engine.plans"
    label = "plans"
