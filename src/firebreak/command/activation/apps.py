"""Registers the package with Django."""

from django.apps import AppConfig


class ActivationConfig(AppConfig):
    name = "firebreak.command.activation"
    label = "activation"
