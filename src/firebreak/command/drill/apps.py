"""Registers the package with Django; in a drill's data folder ledger time comes from the drill's clock."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class DrillConfig(AppConfig):
    name = "firebreak.command.drill"
    label = "drill"

    def ready(self) -> None:
        from firebreak.command.drill.clockfile import ClockFile
        from firebreak.kernel import clock

        ledger_clock = ClockFile(Path(settings.DATA))
        if settings.FIREBREAK_DRILL and ledger_clock.path.exists():
            clock.use(ledger_clock.read)
