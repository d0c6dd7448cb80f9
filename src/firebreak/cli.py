"""The `firebreak` command. Each subcommand is thin: it reads arguments, calls an action or a query, prints.

Commands of a storey register themselves from `firebreak.commands`; Django's own maintenance commands
(`migrate`, `makemigrations`, `check`, …) are passed through.
"""

import importlib
import os
import pkgutil
import sys

import click

from firebreak.kernel.refusals import Refusal

MAINTENANCE = ("makemigrations", "migrate", "check", "collectstatic", "shell", "showmigrations", "sqlmigrate")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="firebreak")
def firebreak() -> None:
    """Outbreak command for a district. 无漏:一户不漏,一人不漏。"""


def main() -> None:
    """Entrance of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firebreak.settings")
    if len(sys.argv) > 1 and sys.argv[1] in MAINTENANCE:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["firebreak", *sys.argv[1:]])
        return
    from firebreak import commands

    commands.choose_language()
    for module in pkgutil.iter_modules(commands.__path__):
        loaded = importlib.import_module(f"firebreak.commands.{module.name}")
        firebreak.add_command(loaded.command)
    try:
        firebreak()
    except Refusal as refusal:
        commands.say_both(refusal.text, error=True)
        sys.exit(1)
