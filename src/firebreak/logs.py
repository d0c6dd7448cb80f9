"""Where log lines go: one file in the data folder, and warnings on the terminal as well.

Lines are JSON with UTC times; they carry refs and codes, never names.
"""

import logging
import sys
from pathlib import Path

import structlog


def configure(data: Path) -> None:
    """Write to `<data folder>/log/firebreak.log` once the folder exists; until then only warnings are shown."""
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel(logging.WARNING)
    handlers: list[logging.Handler] = [shown]
    if data.exists():
        (data / "log").mkdir(exist_ok=True, mode=0o700)
        handlers.append(logging.FileHandler(data / "log" / "firebreak.log", encoding="utf-8", delay=True))
    own = logging.getLogger("firebreak")
    own.handlers, own.propagate = handlers, False
    own.setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
