"""Registers the package with Django."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "firebreak.command.recognition"
    label = "recognition"
