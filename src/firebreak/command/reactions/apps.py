"""Registers the package with Django."""

from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    name = "firebreak.command.reactions"
    label = "reactions"
