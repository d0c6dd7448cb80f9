"""Registers the package with Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "firebreak.engine.messages"
    label = "outbox"
