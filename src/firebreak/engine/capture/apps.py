"""Registers the package with Django."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "firebreak.engine.capture"
    label = "capture"
