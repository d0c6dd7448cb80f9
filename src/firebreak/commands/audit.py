"""`firebreak audit`: do the books balance, now or at any moment past?"""

import json
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from firebreak.commands import bar, open_ledger, say
from firebreak.kernel import clock
from firebreak.kernel.place import data_folder
from firebreak.kernel.text import T

if TYPE_CHECKING:
    from firebreak.upkeep.auditing import Audit

_COLUMNS = (
    T("账本", "ledger"),
    T("应", "owed"),
    T("完", "done"),
    T("豁免", "excused"),
    T("未完", "open"),
    T("逾期", "overdue"),
    T("无责任人", "no owner"),
    T("差额", "difference"),
)
_BALANCED = T("账平 · 截至 {as_of}", "Balanced · as of {as_of}")
_UNBALANCED = T("账不平 · 截至 {as_of}", "Not balanced · as of {as_of}")
_NO_LEDGERS = T("还没有账本:没有启动过响应。", "No ledger yet: no response was ever activated.")
_BAD_MOMENT = T("看不懂这个时间:{text}。例:2022-06-07T08:00", "Not a moment: {text}. Example: 2022-06-07T08:00")


@click.command("audit")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--as-of", metavar="MOMENT", help="A moment past, district time unless it names an offset.")
def command(as_json: bool, as_of: str | None) -> None:
    """Add up every ledger and check the seals. Exits 1 when something does not fit, and names the rows."""
    open_ledger()
    from django.conf import settings

    from firebreak.upkeep.auditing import audit
    from firebreak.upkeep.starting import ready_ledger

    try:
        moment = clock.parse_moment(as_of, ZoneInfo(settings.TIME_ZONE)) if as_of else clock.now()
    except ValueError:
        say(_BAD_MOMENT.filled(text=as_of), error=True)
        sys.exit(2)
    ready_ledger()
    with bar(T("核对封存", "Checking seals")) as progress:
        found = audit(moment, data_folder(), progress)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        _table(found)
    for fault in found.verdict.faults:
        say(fault, error=True)
    if not found.sound:
        sys.exit(1)


def _table(found: "Audit") -> None:
    console = Console(highlight=False)
    if not found.balances:
        say(_NO_LEDGERS)
    table = Table(*(str(column) for column in _COLUMNS))
    for balance in found.balances:
        figures = (balance.owed, balance.done, balance.excused, balance.open)
        checks = (balance.overdue, balance.unowned, balance.difference)
        table.add_row(str(balance.title), *(f"{number:,}" for number in (*figures, *checks)))
    if found.balances:
        console.print(table)
    for balance in found.balances:
        for row in balance.rows:
            say(T(f"{balance.name} · {row.about} · {row.text.zh}", f"{balance.name} · {row.about} · {row.text.en}"))
    say((_BALANCED if found.balanced else _UNBALANCED).filled(as_of=clock.iso(found.as_of)))
