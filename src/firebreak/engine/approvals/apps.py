"""Registers the package with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "firebreak.engine.approvals"
    label = "approvals"
