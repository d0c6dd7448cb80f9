"""`firebreak doctor`: what is wrong with this installation, with the mend for each."""

import platform
import sys

import click

from firebreak.commands import open_ledger, say, say_both
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

_WHERE = T(
    "Python {python} · 数据文件夹 {path} · 数据库 {database}",
    "Python {python} · data folder {path} · database {database}",
)
_WELL = T("没有发现问题。", "Nothing is wrong.")
_FOUND = T("{grave} 处不改好不能启动,{light} 处该尽快处理。", "{grave} must be mended before a start, {light} soon.")


@click.command("doctor")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def command(host: str, port: int) -> None:
    """Examine machine, folder, database and contents. Exits 1 when something keeps the program from starting."""
    open_ledger()
    from django.conf import settings
    from django.db import connection

    from firebreak.upkeep.folder_checks import network_findings
    from firebreak.upkeep.starting import installation_findings

    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    say(_WHERE.filled(python=platform.python_version(), path=data_folder(), database=database))
    network = network_findings(host, port, encrypted=bool(settings.TLS))
    findings = [*installation_findings(), *network]
    for finding in findings:
        mark = "✗" if finding.grave else "!"
        say_both(
            T(f"{mark} {finding.text.zh} → {finding.mend.zh}", f"  {finding.text.en} → {finding.mend.en}"),
            error=finding.grave,
        )
    grave = sum(finding.grave for finding in findings)
    if not findings:
        say(_WELL)
        return
    say(_FOUND.filled(grave=grave, light=len(findings) - grave))
    if grave:
        sys.exit(1)
